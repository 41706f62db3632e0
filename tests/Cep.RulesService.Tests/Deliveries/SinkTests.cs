using System.Text.Json.Nodes;
using Cep.RulesService.Deliveries;
using Cep.RulesService.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace Cep.RulesService.Tests.Deliveries;

public sealed class SinkTests
{
    [Fact]
    public async Task Alertmanager_gets_rule_and_key_as_labels_and_the_rest_as_annotations()
    {
        await using var receiver = await AlertReceiver.StartAsync(StatusCodes.Status200OK);
        using var steps = new DeliverySteps((alerts, _) =>
        {
            (alerts.AllowedHosts, alerts.PublicUrl) = (["127.0.0.1"], "https://rules.example.org/");
            alerts.Sinks["am"] = new SinkOptions { Type = "alertmanager", Url = $"{receiver.Url}/", Secret = "token" };
        });
        steps.Tell(DeliverySteps.Alert("a", "critical", "small_then_large", "fraud", "card"));
        await steps.DeliverAsync();
        var request = Assert.Single(receiver.Received);
        Assert.Equal(("/api/v2/alerts", "Bearer token"), (request.Path, request.Headers["authorization"]));
        var expected = JsonNode.Parse("""
            [{
                "labels": { "alertname": "small_then_large", "severity": "critical", "tags": "fraud,card", "card_id": "c1" },
                "annotations": { "id": "a", "title": "Small, then large", "runbook": "https://wiki.example.org/cards", "amount": "500.5", "shop": "Käse & Co" },
                "startsAt": "2026-01-01T00:00:00+00:00",
                "generatorURL": "https://rules.example.org/api/v1/alerts/a"
            }]
            """);
        Assert.True(JsonNode.DeepEquals(expected, request.Json), request.Body);
        Assert.Equal(DeliveryState.Delivered, Assert.Single(steps.Store.Of("a")).State);
    }

    [Fact]
    public async Task File_has_a_line_for_each_alert_also_after_one_that_was_cut_off()
    {
        var path = "";
        using var steps = new DeliverySteps((alerts, folder) => alerts.Sinks["file"] = new SinkOptions { Type = "file", Path = path = Path.Combine(folder, "more", "alerts.jsonl") });
        steps.Tell(DeliverySteps.Alert("a"), DeliverySteps.Alert("b"));
        await steps.DeliverAsync();
        File.AppendAllText(path, """{"place":3,"id""");
        steps.Tell(DeliverySteps.Alert("c"));
        await steps.DeliverAsync();

        var lines = await File.ReadAllLinesAsync(path);
        Assert.Equal(4, lines.Length);
        Assert.Equal(["a", "b", "c"], lines.Where((_, i) => i != 2).Select(l => (string?)JsonNode.Parse(l)!["id"]));
        Assert.Contains("Käse & Co", lines[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task File_that_cannot_be_written_is_tried_again()
    {
        var path = "";
        using var steps = new DeliverySteps((alerts, folder) => alerts.Sinks["file"] = new SinkOptions { Type = "file", Path = path = Path.Combine(folder, "alerts.jsonl") });
        Directory.CreateDirectory(path);
        steps.Tell(DeliverySteps.Alert("a"));
        await steps.DeliverAsync();
        Assert.StartsWith("The file cannot be written: ", Assert.Single(steps.Store.Of("a")).LastError, StringComparison.Ordinal);
        Directory.Delete(path);
        steps.Clock.Advance(1000);
        Assert.Equal(1, await steps.DeliverAsync());
        Assert.Single(await File.ReadAllLinesAsync(path));
    }

    [Theory]
    [InlineData("", "", "", "a,b,c,d")]
    [InlineData("high,critical", "", "", "a,b")]
    [InlineData("", "fraud", "", "a,c")]
    [InlineData("", "fraud,ops", "", "a,c,d")]
    [InlineData("", "", "two_large", "b,c")]
    [InlineData("high", "", "two_large", "b")]
    [InlineData("critical", "fraud", "two_large", "")]
    public async Task Alert_goes_where_all_that_is_given_applies(string severities, string tags, string rules, string taken)
    {
        using var steps = new DeliverySteps((alerts, _) => alerts.Sinks["log"] = new SinkOptions { Type = "console", Severities = Parts(severities), Tags = Parts(tags), Rules = Parts(rules) });
        steps.Tell(
            DeliverySteps.Alert("a", "critical", "small_then_large", "fraud"), DeliverySteps.Alert("b", "high", "two_large"),
            DeliverySteps.Alert("c", "low", "two_large", "fraud", "card"), DeliverySteps.Alert("d", "low", "small_then_large", "ops"));
        Assert.Equal(Parts(taken).Length, await steps.DeliverAsync());
        Assert.Equal(Parts(taken), steps.Store.Newest(new DeliveryFilter(DeliveryState.Delivered, "log", null), 10).Select(d => d.Alert).Order());
    }

    [Theory]
    [InlineData("Cep:Alerts:Sinks:s:Type is `mail`; `webhook`, `alertmanager`, `file` or `console` was expected.", "Type", "mail")]
    [InlineData("Cep:Alerts:Sinks:s:Path is empty; it names the file to which alerts are written.", "Type", "file")]
    [InlineData("Cep:Alerts:Sinks:s:Url is given, and a sink of type `console` has none.", "Type", "console", "Url", "http://a")]
    [InlineData("Cep:Alerts:Sinks:s:Url is not an address; one such as `https://alerts.example.org/cep`, without name and password, was expected.", "Type", "alertmanager", "Url", "http://me:secret@a")]
    [InlineData(
        "Cep:Alerts:Sinks:s:Url: Alerts are not sent to `169.254.169.254`: its address 169.254.169.254 is one of the machine itself, link-local, multicast or of cloud metadata, and Cep:Alerts:AllowedHosts does not name the host.",
        "Type", "alertmanager", "Url", "http://169.254.169.254/")]
    [InlineData(
        "Cep:Alerts:Sinks:s:Secret is empty; the key with which requests are signed was expected: `whsec_` and 24 to 64 bytes in Base64.", "Type", "webhook", "Url", "https://a")]
    [InlineData("Cep:Alerts:Sinks:s:Severities has `worst`; `low`, `medium`, `high`, `critical` are known.", "Type", "console", "Severities:0", "worst")]
    [InlineData("Cep:Alerts:Sinks:s:MaxAttempts is 0; 1 to 1000 was expected.", "Type", "console", "MaxAttempts", "0")]
    [InlineData("Cep:Alerts:Sinks:s:Timeout is 01:00:00; a positive time up to 00:05:00 was expected.", "Type", "console", "Timeout", "01:00:00")]
    [InlineData(
        "Cep:Alerts:Sinks:s has pauses from 00:00:09 to 00:00:01; 00:00:00.001 to 1.00:00:00 was expected, and MaxPause not below MinPause.", "Type", "console", "MinPause", "00:00:09", "MaxPause", "00:00:01")]
    public void Sink_that_cannot_work_is_refused_at_the_start(string why, params string[] settings)
    {
        var refused = Assert.Throws<Microsoft.Extensions.Options.OptionsValidationException>(() => ServiceHost.Build(Sinks.Sink("s", settings)));
        Assert.Equal([why], refused.Failures);
    }

    [Theory]
    [InlineData("--Cep:Alerts:RetainFor", "00:00:01", "Cep:Alerts:RetainFor is 00:00:01; at least 00:01:00 was expected.")]
    [InlineData("--Cep:Alerts:PublicUrl", "rules", "Cep:Alerts:PublicUrl is not an address; one such as `https://rules.example.org` was expected.")]
    [InlineData("--Cep:Alerts:Sinks:a b:Type", "console", "Cep:Alerts:Sinks:a b has a name that is none; up to 64 letters, digits, `-` and `_` were expected.")]
    public void Settings_of_alerts_that_cannot_work_are_refused_at_the_start(string setting, string value, string why)
    {
        var refused = Assert.Throws<Microsoft.Extensions.Options.OptionsValidationException>(() => ServiceHost.Build([setting, value]));
        Assert.Equal([why], refused.Failures);
    }

    [Fact]
    public void Setting_that_a_sink_does_not_have_is_refused_at_the_start()
    {
        var refused = Assert.Throws<Microsoft.Extensions.Options.OptionsValidationException>(() => ServiceHost.Build(Sinks.Sink("s", "Type", "console", "Colour", "red")));
        Assert.Contains("Colour", Assert.Single(refused.Failures), StringComparison.Ordinal);
    }

    [Fact]
    public void Sink_that_is_not_configured_any_more_gives_its_deliveries_up()
    {
        using var steps = new DeliverySteps((alerts, _) => alerts.Sinks["old"] = new SinkOptions { Type = "console" });
        steps.Tell(DeliverySteps.Alert("a"));
        Assert.Equal(0, steps.Store.GiveUpUnconfigured());
        steps.Options.Sinks.Clear();
        Assert.Equal(1, steps.Store.GiveUpUnconfigured());
        var dead = Assert.Single(steps.Store.Of("a"));
        Assert.Equal((DeliveryState.Dead, "There is no sink `old` any more."), (dead.State, dead.LastError));
    }

    private static string[] Parts(string text) => text.Split(',', StringSplitOptions.RemoveEmptyEntries);
}
