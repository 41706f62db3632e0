using System.IO.Pipelines;
using System.Net;
using System.Text.Json.Nodes;
using Cep.RulesService.Alerts;
using Cep.RulesService.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;

namespace Cep.RulesService.Tests.Alerts;

public sealed class AlertStreamTests
{
    private const string Events = "streams/auths/events";
    private const string Lines = "application/x-ndjson";

    [Fact]
    public async Task Client_gets_what_is_told_and_goes_on_where_it_was()
    {
        await using var service = await RunningService.StartAsync();
        await service.GoLiveAsync(CardRules.Files(CardRules.SmallThenLarge()));
        using var first = await service.OpenAsync("alerts/stream");
        Assert.Equal("text/event-stream", first.Content.Headers.ContentType?.MediaType);
        await PostAsync(service, "a", 0);
        var seen = (await EventsAsync(first, 1))[0];
        var listed = Assert.Single(await service.AlertsAsync(1));
        Assert.Equal("1", seen.Id);
        Assert.True(JsonNode.DeepEquals(listed, seen.Data), $"{seen.Data}");

        await PostAsync(service, "b", 2);
        await PostAsync(service, "c", 4);
        await service.AlertsAsync(3);
        await service.RestartAsync();
        using var second = await service.OpenAsync("alerts/stream", lastEventId: seen.Id);
        Assert.Equal(["2", "3"], (await EventsAsync(second, 2)).Select(e => e.Id));
        using var third = await service.OpenAsync("alerts/stream?after=2&rule=small_then_large&severity=medium");
        Assert.Equal(["3"], (await EventsAsync(third, 1)).Select(e => e.Id));
        using var wrong = await service.OpenAsync("alerts/stream", lastEventId: "x");
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        Assert.Equal(
            "`Last-Event-ID` is `x`; the place of an alert, a whole number, was expected.", (string?)JsonNode.Parse(await wrong.Content.ReadAsStringAsync())!["detail"]);
    }

    [Fact]
    public async Task Other_alerts_are_left_out_and_silence_has_signs_of_life()
    {
        using var steps = new DeliverySteps((_, _) => { });
        using var gone = new CancellationTokenSource();
        using var patience = new CancellationTokenSource(RunningService.Patience);
        var pipe = new Pipe();
        var context = new DefaultHttpContext { Response = { Body = pipe.Writer.AsStream() } };
        using var reader = new StreamReader(pipe.Reader.AsStream());
        var stream = new AlertStream(steps.Alerts, new ApplicationLifetime(NullLogger<ApplicationLifetime>.Instance), steps.Clock);
        var writing = stream.WriteAsync(context.Response, 0, new AlertFilter(null, "high", null, null), gone.Token);
        Assert.Equal("retry: 2000", await reader.ReadLineAsync(patience.Token));
        Assert.Equal("", await reader.ReadLineAsync(patience.Token));
        var before = steps.Clock.GetUtcNow();
        steps.Clock.AdvanceToNextTimer();
        Assert.Equal(": ", await reader.ReadLineAsync(patience.Token));
        Assert.Equal("", await reader.ReadLineAsync(patience.Token));
        Assert.Equal(TimeSpan.FromSeconds(15), steps.Clock.GetUtcNow() - before);

        steps.Tell(DeliverySteps.Alert("a", "low"), DeliverySteps.Alert("b"));
        Assert.Equal("id: 2", await reader.ReadLineAsync(patience.Token));
        Assert.Equal("event: alert", await reader.ReadLineAsync(patience.Token));
        await gone.CancelAsync();
        await writing;
    }

    [Fact]
    public async Task Service_stops_while_clients_listen()
    {
        await using var service = await RunningService.StartAsync();
        using var open = await service.OpenAsync("alerts/stream");
        await service.RestartAsync();
        Assert.Equal(HttpStatusCode.OK, (await service.GetAsync("alerts")).Status);
    }

    private static async Task PostAsync(RunningService service, string card, int minute) => Assert.Equal(HttpStatusCode.OK, (await service.PostAsync(
        Events, string.Join('\n', CardRules.Auth(card, 1, minute), CardRules.Auth(card, 500, minute), CardRules.Auth("x", 5, minute + 1)), Lines)).Status);

    /// <summary>Reads so many events, by the lines that the format has.</summary>
    private static async Task<IReadOnlyList<(string Id, JsonNode Data)>> EventsAsync(HttpResponseMessage response, int count)
    {
        using var patience = new CancellationTokenSource(RunningService.Patience);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(patience.Token));
        var events = new List<(string, JsonNode)>();
        var fields = new Dictionary<string, string>();
        while (events.Count < count && await reader.ReadLineAsync(patience.Token) is { } line)
        {
            if (line.Length > 0)
                fields[line.Split(": ", 2)[0]] = line.Split(": ", 2)[1];
            else if (fields.Remove("data", out var data))
                events.Add((fields["id"], JsonNode.Parse(data)!));
        }
        return events;
    }
}
