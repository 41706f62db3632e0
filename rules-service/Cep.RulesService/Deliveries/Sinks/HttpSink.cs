using System.Net;
using System.Net.Http.Headers;
using Cep.RulesService.Alerts;

namespace Cep.RulesService.Deliveries.Sinks;

/// <summary>Posts each alert to an address; 2xx is taken, 410 is never again, anything else is tried later.</summary>
internal abstract class HttpSink : DeliverySink
{
    private readonly HttpClient _http;
    private readonly TimeProvider _time;

    /// <param name="name">The sink's name.</param>
    /// <param name="options">How it is configured.</param>
    /// <param name="guard">Decides what may be connected to.</param>
    /// <param name="time">Tells how long an answer takes.</param>
    protected HttpSink(string name, SinkOptions options, AddressGuard guard, TimeProvider time)
        : base(name, options)
    {
        _time = time;
        _http = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = guard.ConnectAsync,
            // A proxy or a redirection would lead past the guard.
            UseProxy = false,
            AllowAutoRedirect = false,
            UseCookies = false,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        })
        { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <inheritdoc/>
    public override int Lanes => 8;

    /// <inheritdoc/>
    public override int BatchMax => 16;

    /// <inheritdoc/>
    public override async Task<IReadOnlyList<DeliveryOutcome?>> DeliverAsync(IReadOnlyList<Alert> alerts, CancellationToken cancel)
    {
        var outcomes = new DeliveryOutcome?[alerts.Count];
        try
        {
            for (var i = 0; i < alerts.Count; i++)
            {
                outcomes[i] = await SendAsync(alerts[i], cancel).ConfigureAwait(false);
                // What was answered so far is kept now, not after the timeouts of all the others.
                if (outcomes[i]!.Error is not null)
                    break;
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // What was answered counts.
        }
        return outcomes;
    }

    /// <inheritdoc/>
    public override void Dispose() => _http.Dispose();

    /// <summary>The request that tells of an alert.</summary>
    protected abstract HttpRequestMessage RequestOf(Alert alert);

    private async Task<DeliveryOutcome> SendAsync(Alert alert, CancellationToken cancel)
    {
        using var timeout = new CancellationTokenSource(Options.Timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, timeout.Token);
        try
        {
            using var request = RequestOf(alert);
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token).ConfigureAwait(false);
            return OutcomeOf(response);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return new DeliveryOutcome($"There was no answer within {Options.Timeout}.");
        }
        catch (HttpRequestException e)
        {
            return new DeliveryOutcome(e.InnerException is IOException and not HttpIOException ? e.InnerException.Message : $"The request failed: {e.Message.TrimEnd('.')}.");
        }
    }

    private DeliveryOutcome OutcomeOf(HttpResponseMessage response) => response.StatusCode switch
    {
        _ when response.IsSuccessStatusCode => DeliveryOutcome.Delivered,
        HttpStatusCode.Gone => new DeliveryOutcome("It was answered with 410: alerts are not wanted there any more.", IsFinal: true),
        HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable => new DeliveryOutcome($"It was answered with {(int)response.StatusCode}.", RetryAfter: PauseOf(response.Headers.RetryAfter)),
        >= HttpStatusCode.Ambiguous and < HttpStatusCode.BadRequest => new DeliveryOutcome($"It was answered with {(int)response.StatusCode}, and redirections are not followed."),
        _ => new DeliveryOutcome($"It was answered with {(int)response.StatusCode}."),
    };

    private TimeSpan? PauseOf(RetryConditionHeaderValue? header) => header?.Delta ?? (header?.Date is { } date && date > _time.GetUtcNow() ? date - _time.GetUtcNow() : null);
}
