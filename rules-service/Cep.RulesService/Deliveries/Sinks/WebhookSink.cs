using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using Cep.RulesService.Alerts;

namespace Cep.RulesService.Deliveries.Sinks;

/// <summary>A webhook by the Standard Webhooks specification. The alert's id is the request's, also when it is sent again: a receiver that remembers ids takes each alert once.</summary>
internal sealed class WebhookSink(string name, SinkOptions options, AddressGuard guard, TimeProvider time) : HttpSink(name, options, guard, time)
{
    private readonly WebhookSignature _signature = new(options.Secret!);
    private readonly TimeProvider _clock = time;

    /// <inheritdoc/>
    protected override HttpRequestMessage RequestOf(Alert alert)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(new { type = "cep.alert", timestamp = alert.ToldAt, data = alert }, AlertJson.Options);
        var seconds = _clock.GetUtcNow().ToUnixTimeSeconds();
        var request = new HttpRequestMessage(HttpMethod.Post, Options.Url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("cep-rules-service", null));
        request.Headers.Add("webhook-id", alert.Id);
        request.Headers.Add("webhook-timestamp", seconds.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add("webhook-signature", _signature.Sign(alert.Id, seconds, body));
        return request;
    }
}
