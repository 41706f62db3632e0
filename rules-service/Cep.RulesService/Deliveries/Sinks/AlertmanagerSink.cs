using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Cep.RulesService.Alerts;

namespace Cep.RulesService.Deliveries.Sinks;

/// <summary>An Alertmanager, by version 2 of its interface. Alerts of one rule and key have the same labels, and are one to it.</summary>
internal sealed class AlertmanagerSink(string name, SinkOptions options, AddressGuard guard, TimeProvider time, string? publicUrl) : HttpSink(name, options, guard, time)
{
    /// <inheritdoc/>
    protected override HttpRequestMessage RequestOf(Alert alert)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(new[] { Alert(alert, publicUrl) }, AlertJson.Options);
        var request = new HttpRequestMessage(HttpMethod.Post, $"{Options.Url!.TrimEnd('/')}/api/v2/alerts") { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        if (!string.IsNullOrEmpty(Options.Secret))
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Options.Secret);
        return request;
    }

    private static JsonObject Alert(Alert alert, string? publicUrl)
    {
        var json = new JsonObject
        {
            ["labels"] = Labels(alert),
            ["annotations"] = Annotations(alert),
            ["startsAt"] = alert.DetectedAt,
        };
        if (publicUrl is not null)
            json["generatorURL"] = $"{publicUrl.TrimEnd('/')}/api/v1/alerts/{alert.Id}";
        return json;
    }

    private static JsonObject Labels(Alert alert)
    {
        var labels = new JsonObject { ["alertname"] = alert.Rule, ["severity"] = alert.Severity };
        if (alert.About.Tags.Count > 0)
            labels["tags"] = string.Join(',', alert.About.Tags);
        var key = alert.Key.AsArray();
        for (var i = 0; i < key.Count; i++)
        {
            var label = LabelOf(i < alert.About.KeyFields.Count ? alert.About.KeyFields[i] : $"key{i + 1}");
            labels[labels.ContainsKey(label) ? $"key_{label}" : label] = TextOf(key[i]);
        }
        return labels;
    }

    private static JsonObject Annotations(Alert alert)
    {
        var annotations = new JsonObject { ["id"] = alert.Id };
        foreach (var (name, text) in ((string, string?)[])[("title", alert.About.Title), ("owner", alert.About.Owner), ("runbook", alert.About.Runbook)])
        {
            if (text is not null)
                annotations[name] = text;
        }
        foreach (var (measure, value) in alert.Content["measures"]?.AsObject() ?? [])
            annotations[annotations.ContainsKey(measure) ? $"measure_{measure}" : measure] = TextOf(value);
        return annotations;
    }

    /// <summary>Letters, digits and underscores, and no digit first: all that a label may be called.</summary>
    private static string LabelOf(string field)
    {
        var label = new StringBuilder(field.Length + 1);
        foreach (var c in field)
            label.Append(char.IsAsciiLetterOrDigit(c) ? c : '_');
        return char.IsAsciiDigit(label[0]) ? $"_{label}" : label.ToString();
    }

    private static string TextOf(JsonNode? value) => value is JsonValue text && text.TryGetValue<string>(out var s) ? s : value?.ToJsonString(AlertJson.Options) ?? "";
}
