using Cep.RulesService.Alerts;
using Cep.RulesService.Deliveries.Sinks;

namespace Cep.RulesService.Deliveries;

/// <summary>Delivers what is due, each sink apart from the others and in lanes of its own, at least once: what became of a batch is kept after it.</summary>
internal sealed class DeliveryWorker(
    DeliveryStore deliveries, AlertStore alerts, DeliverySinks sinks, DeliveryMetrics metrics, TimeProvider time, ILogger<DeliveryWorker> log) : BackgroundService
{
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(5);

    /// <summary>Delivers a lane's share of what is due to a sink.</summary>
    /// <param name="claims">The sink's.</param>
    /// <param name="now">The time at which it is due.</param>
    /// <param name="cancel">Ends it early; what was answered is kept.</param>
    /// <returns>How many deliveries were tried.</returns>
    public async Task<int> DeliverDueAsync(DeliveryClaims claims, DateTimeOffset now, CancellationToken cancel)
    {
        var share = claims.Claim(now);
        if (share.Count == 0)
            return 0;
        try
        {
            var byId = alerts.Find(share.Select(d => d.Alert).ToList()).ToDictionary(a => a.Id);
            var outcomes = await OutcomesAsync(claims.Sink, share.Select(d => byId[d.Alert]).ToList(), cancel).ConfigureAwait(false);
            var tried = share.Zip(outcomes).Where(p => p.Second is not null).Select(p => p.First.After(p.Second!, claims.Sink.Options, time.GetUtcNow())).ToList();
            deliveries.Keep(tried);
            Tell(claims.Sink, tried);
            return tried.Count;
        }
        finally
        {
            claims.Release(share);
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (deliveries.GiveUpUnconfigured() is > 0 and var count)
            log.LogWarning("{Count} deliveries to sinks that are not configured any more were given up", count);
        var lanes = sinks.All.Select(sink => new DeliveryClaims(deliveries, sink)).SelectMany(claims => Enumerable.Repeat(claims, claims.Sink.Lanes));
        await Task.WhenAll(lanes.Select(claims => Task.Run(() => RunAsync(claims, stoppingToken), stoppingToken))).ConfigureAwait(false);
    }

    private async Task RunAsync(DeliveryClaims claims, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            var added = deliveries.Added.Next;
            var now = time.GetUtcNow();
            try
            {
                if (await DeliverDueAsync(claims, now, stopping).ConfigureAwait(false) > 0)
                    continue;
                var pause = deliveries.NextDue(claims.Sink.Name, now) - time.GetUtcNow();
                if (pause is null || pause > TimeSpan.Zero)
                    await added.WaitAsync(pause ?? Timeout.InfiniteTimeSpan, time, stopping).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                // Something is due.
            }
            catch (Exception e) when (!stopping.IsCancellationRequested)
            {
                log.LogError(e, "What is to be delivered to {Sink} cannot be read or kept, and is tried again in {Pause}", claims.Sink.Name, PauseAfterFailure);
                await Task.Delay(PauseAfterFailure, time, stopping).ConfigureAwait(false);
            }
        }
    }

    private void Tell(DeliverySink sink, IReadOnlyList<Delivery> tried)
    {
        metrics.Tried(sink.Name, tried);
        foreach (var dead in tried.Where(d => d.State == DeliveryState.Dead))
            log.LogWarning("Alert {Alert} is not delivered to {Sink} any more, after {Attempts} attempts: {Reason}", dead.Alert, dead.Sink, dead.Attempts, dead.LastError);
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
