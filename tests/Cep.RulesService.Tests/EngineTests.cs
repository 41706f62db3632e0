using System.Net;
using System.Text.Json.Nodes;
using Cep.RulesService.Tests.Support;

namespace Cep.RulesService.Tests;

public sealed class EngineTests
{
    private const string Events = "streams/auths/events";
    private const string Lines = "application/x-ndjson";

    [Fact]
    public async Task Paused_engine_takes_events_and_goes_on_with_them()
    {
        await using var service = await RunningService.StartAsync();
        await service.GoLiveAsync(CardRules.Files(CardRules.SmallThenLarge()));
        await service.PostAsync(Events, CardRules.Auth("a", 1, 0), Lines);
        Assert.Equal("paused", (string?)(await service.SendAsync(HttpMethod.Post, "engine/pause")).Json!["state"]);
        Assert.Equal(HttpStatusCode.Conflict, (await service.SendAsync(HttpMethod.Post, "engine/pause")).Status);
        Assert.Equal(HttpStatusCode.OK, (await service.PostAsync(Events, $"{CardRules.Auth("a", 500, 1)}\n{CardRules.Auth("b", 5, 2)}", Lines)).Status);
        Assert.Equal("The engine is paused; it is to be resumed first.", (await service.DeployAsync(1)).Detail);

        Assert.Equal("running", (string?)(await service.SendAsync(HttpMethod.Post, "engine/resume")).Json!["state"]);
        Assert.Equal("a", (string?)Assert.Single(await service.AlertsAsync(1))["key"]![0]);
    }

    [Fact]
    public async Task Rescaled_engine_keeps_its_partial_matches()
    {
        await using var service = await RunningService.StartAsync();
        await service.GoLiveAsync(CardRules.Files(CardRules.SmallThenLarge()));
        await service.PostAsync(Events, string.Join('\n', Enumerable.Range(0, 20).Select(i => CardRules.Auth($"c{i}", 1, 0)).Append(CardRules.Auth("x", 5, 1))), Lines);
        Assert.Equal(HttpStatusCode.OK, (await service.SendAsync(HttpMethod.Put, "engine/parallelism", new { parallelism = 3 })).Status);
        await service.PostAsync(Events, string.Join('\n', Enumerable.Range(0, 20).Select(i => CardRules.Auth($"c{i}", 500, 2)).Append(CardRules.Auth("x", 5, 3))), Lines);
        Assert.Equal(20, (await service.AlertsAsync(20)).Select(a => (string?)a["key"]![0]).Distinct().Count());

        await service.RestartAsync();
        Assert.Equal("The number of subtasks is 0; 1 to 128 was expected.", (await service.SendAsync(HttpMethod.Put, "engine/parallelism", new { parallelism = 0 })).Detail);
    }

    [Fact]
    public async Task Back_at_a_savepoint_its_rules_and_partial_matches_are_there_and_nothing_is_told_twice()
    {
        await using var service = await RunningService.StartAsync();
        await service.GoLiveAsync(CardRules.Files(CardRules.SmallThenLarge()));
        await service.PostAsync(Events, string.Join('\n', CardRules.Auth("a", 1, 0), CardRules.Auth("b", 1, 1), CardRules.Auth("x", 5, 2)), Lines);
        await service.SettledAsync();
        var taken = await service.SendAsync(HttpMethod.Post, "savepoints");
        Assert.Equal(HttpStatusCode.Created, taken.Status);
        var name = (string)taken.Json!["name"]!;

        await service.PostAsync(Events, string.Join('\n', CardRules.Auth("a", 500, 3), CardRules.Auth("x", 5, 4)), Lines);
        await service.AlertsAsync(1);
        await service.GoLiveAsync(CardRules.Files(CardRules.TwoLarge));
        await service.PostAsync(Events, string.Join('\n', CardRules.Auth("b", 500, 5), CardRules.Auth("x", 5, 6)), Lines);

        var restored = await service.SendAsync(HttpMethod.Post, $"savepoints/{name}/restoration");
        Assert.True(restored.Status == HttpStatusCode.OK, $"{restored}");
        Assert.Equal(1, (int)(await service.GetAsync("rule-sets/live")).Json!["version"]!["number"]!);
        var alerts = await service.AlertsAsync(2);
        Assert.Equal(["a", "b"], alerts.Select(a => (string?)a["key"]![0]));
        Assert.Equal(2, alerts.Select(a => (string?)a["id"]).Distinct().Count());

        await service.RestartAsync();
        await service.PostAsync(Events, string.Join('\n', CardRules.Auth("c", 1, 7), CardRules.Auth("c", 500, 8), CardRules.Auth("x", 5, 9)), Lines);
        Assert.Equal(["a", "b", "c"], (await service.AlertsAsync(3)).Select(a => (string?)a["key"]![0]));
        Assert.Equal("There is no savepoint `none`.", (await service.SendAsync(HttpMethod.Post, "savepoints/none/restoration")).Detail);
    }

    [Theory]
    [InlineData("--Cep:Engine:Parallelism", "0", "Cep:Engine:Parallelism is 0; 1 to 128 was expected.")]
    [InlineData("--Cep:Listen", "nowhere", "Cep:Listen is `nowhere`; an address such as `http://127.0.0.1:8080` was expected.")]
    [InlineData("--Cep:Engine:CheckpointInterval", "00:00:00.001", "Cep:Engine:CheckpointInterval is 00:00:00.0010000; 00:00:00.050 to 01:00:00 was expected.")]
    public void Configuration_that_cannot_work_is_refused_at_the_start(string setting, string value, string why)
    {
        var refused = Assert.Throws<Microsoft.Extensions.Options.OptionsValidationException>(() => ServiceHost.Build([setting, value]));
        Assert.Equal([why], refused.Failures);
    }
}
