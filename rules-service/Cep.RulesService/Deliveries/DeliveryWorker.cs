using Cep.RulesService.Alerts;
using Cep.RulesService.Deliveries.Sinks;
using Microsoft.Data.Sqlite;

namespace Cep.RulesService.Deliveries;

/// <summary>Delivers what is due, each sink apart from the others, at least once: what became of a batch is kept after it.</summary>
internal sealed class DeliveryWorker(
    DeliveryStore deliveries, AlertStore alerts, DeliverySinks sinks, DeliveryMetrics metrics, TimeProvider time, ILogger<DeliveryWorker> log) : BackgroundService
{
    private const int Batch = 64;
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(5);

    /// <summary>Delivers what is due to a sink now, up to a batch.</summary>
    /// <returns>How many deliveries were tried.</returns>
    public async Task<int> DeliverDueAsync(DeliverySink sink, CancellationToken cancel)
    {
        var due = deliveries.Due(sink.Name, Batch);
        if (due.Count == 0)
            return 0;
        var byId = alerts.Find(due.Select(d => d.Alert).ToList()).ToDictionary(a => a.Id);
        due = due.Where(d => byId.ContainsKey(d.Alert)).ToList();
        var outcomes = await OutcomesAsync(sink, due.Select(d => byId[d.Alert]).ToList(), cancel).ConfigureAwait(false);
        var now = time.GetUtcNow();
        var tried = due.Zip(outcomes).Where(p => p.Second is not null).Select(p => p.First.After(p.Second!, sink.Options, now)).ToList();
        deliveries.Keep(tried);
        metrics.Tried(sink.Name, tried);
        foreach (var dead in tried.Where(d => d.State == DeliveryState.Dead))
            log.LogWarning("Alert {Alert} is not delivered to {Sink} any more, after {Attempts} attempts: {Reason}", dead.Alert, dead.Sink, dead.Attempts, dead.LastError);
        return tried.Count;
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (deliveries.GiveUpUnconfigured() is > 0 and var count)
            log.LogWarning("{Count} deliveries to sinks that are not configured any more were given up", count);
        await Task.WhenAll(sinks.All.Select(sink => Task.Run(() => RunAsync(sink, stoppingToken), stoppingToken))).ConfigureAwait(false);
    }

    private async Task RunAsync(DeliverySink sink, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            var added = deliveries.Added.Next;
            try
            {
                if (await DeliverDueAsync(sink, stopping).ConfigureAwait(false) > 0)
                    continue;
                var pause = deliveries.NextDue(sink.Name) is { } due ? due - time.GetUtcNow() : Timeout.InfiniteTimeSpan;
                if (pause > TimeSpan.Zero || pause == Timeout.InfiniteTimeSpan)
                    await added.WaitAsync(pause, time, stopping).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                // Something is due.
            }
            catch (SqliteException e)
            {
                log.LogError(e, "What is to be delivered to {Sink} cannot be read or kept, and is tried again in {Pause}", sink.Name, PauseAfterFailure);
                await Task.Delay(PauseAfterFailure, time, stopping).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Whatever goes wrong in a sink is an outcome: one alert that it cannot write holds back no other sink, nor the service.</summary>
    private async Task<IReadOnlyList<DeliveryOutcome?>> OutcomesAsync(DeliverySink sink, IReadOnlyList<Alert> batch, CancellationToken cancel)
    {
        try
        {
            return await sink.DeliverAsync(batch, cancel).ConfigureAwait(false);
        }
        catch (Exception e) when (!cancel.IsCancellationRequested)
        {
            log.LogError(e, "The sink {Sink} failed", sink.Name);
            return Enumerable.Repeat(new DeliveryOutcome("The sink failed; the log says why."), batch.Count).ToList();
        }
    }
}
