using Microsoft.Data.Sqlite;

namespace Cep.RulesService.Alerts;

/// <summary>Removes alerts that have been kept long enough, once an hour.</summary>
internal sealed class AlertRetention(AlertStore store, ServiceOptions options, TimeProvider time, ILogger<AlertRetention> log) : BackgroundService
{
    // Few enough that the engine does not wait long for its turn to write.
    private const int Batch = 500;
    private static readonly TimeSpan Pause = TimeSpan.FromHours(1);

    /// <summary>Removes what has been kept long enough now.</summary>
    /// <returns>How many alerts.</returns>
    public int RemoveOld(CancellationToken cancel)
    {
        var before = time.GetUtcNow() - options.Alerts.RetainFor;
        var removed = 0;
        while (!cancel.IsCancellationRequested)
        {
            var batch = store.Remove(before, Batch);
            removed += batch;
            if (batch < Batch)
                break;
        }
        return removed;
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            try
            {
                if (RemoveOld(stoppingToken) is > 0 and var count)
                    log.LogInformation("{Count} alerts older than {Age} were removed", count, options.Alerts.RetainFor);
            }
            catch (SqliteException e)
            {
                log.LogError(e, "Old alerts cannot be removed, and it is tried again in {Pause}", Pause);
            }
            await Task.Delay(Pause, time, stoppingToken).ConfigureAwait(false);
        }
    }
}
