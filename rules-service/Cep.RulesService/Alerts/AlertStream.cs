using System.Globalization;
using System.Text.Json;

namespace Cep.RulesService.Alerts;

/// <summary><c>/alerts/stream</c>: alerts as they are told, as server-sent events. An event's id is the alert's place; who gives the last one that it has seen gets those after it.</summary>
internal sealed class AlertStream(AlertStore store, IHostApplicationLifetime lifetime, TimeProvider time)
{
    /// <summary>From one sign of life to the next, while there are no alerts.</summary>
    public static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    private const int Batch = 100;

    /// <summary>Writes until the client is gone or the service stops.</summary>
    /// <param name="response">Where to.</param>
    /// <param name="after">The place after which to begin.</param>
    /// <param name="filter">Which alerts.</param>
    /// <param name="gone">Ends when the client is gone.</param>
    public async Task WriteAsync(HttpResponse response, long after, AlertFilter filter, CancellationToken gone)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(gone, lifetime.ApplicationStopping);
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-store";
        // What lies between must not wait for more to send on.
        response.Headers["X-Accel-Buffering"] = "no";
        try
        {
            await response.WriteAsync("retry: 2000\n\n", ended.Token).ConfigureAwait(false);
            while (true)
            {
                var told = store.Told.Next;
                after = await WriteNewAsync(response, after, filter, ended.Token).ConfigureAwait(false);
                await WaitAsync(told, response, ended.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The client asks again, from where it was.
        }
    }

    /// <returns>The place of the last alert that there was.</returns>
    private async Task<long> WriteNewAsync(HttpResponse response, long after, AlertFilter filter, CancellationToken cancel)
    {
        while (true)
        {
            var alerts = store.After(after, Batch);
            foreach (var alert in alerts.Where(a => (filter.Rule ?? a.Rule) == a.Rule && (filter.Severity ?? a.Severity) == a.Severity))
            {
                var data = JsonSerializer.Serialize(alert, AlertJson.Options);
                await response.WriteAsync(string.Create(CultureInfo.InvariantCulture, $"id: {alert.Place}\nevent: alert\ndata: {data}\n\n"), cancel).ConfigureAwait(false);
            }
            await response.Body.FlushAsync(cancel).ConfigureAwait(false);
            if (alerts.Count == 0)
                return after;
            after = alerts[^1].Place;
        }
    }

    private async Task WaitAsync(Task told, HttpResponse response, CancellationToken cancel)
    {
        try
        {
            await told.WaitAsync(Heartbeat, time, cancel).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            await response.WriteAsync(": \n\n", cancel).ConfigureAwait(false);
        }
    }
}
