using System.Net;
using Cep.RulesService.Tests.Support;

namespace Cep.RulesService.Tests;

public sealed class DeploymentTests
{
    private const string Events = "streams/auths/events";
    private const string Lines = "application/x-ndjson";

    [Fact]
    public async Task First_deployment_starts_the_engine_and_its_alerts_are_told_with_why()
    {
        await using var service = await RunningService.StartAsync();
        Assert.Equal("idle", (string?)(await service.GetAsync("engine")).Json!["state"]);
        await service.GoLiveAsync(CardRules.Files(CardRules.SmallThenLarge()));
        Assert.Equal("running", (string?)(await service.GetAsync("engine")).Json!["state"]);

        await service.PostAsync(Events, string.Join('\n', CardRules.Auth("a", 1, 0), CardRules.Auth("a", 500, 1), CardRules.Auth("b", 5, 3)), Lines);
        var alert = Assert.Single(await service.AlertsAsync(1));
        Assert.Equal(("small_then_large", 1, "a"), ((string?)alert["rule"], (int)alert["ruleVersion"]!, (string?)alert["key"]![0]));
        Assert.Equal(500, (int)alert["content"]!["measures"]!["amount"]!);
        Assert.Equal("amount > 100 [500 > 100]", (string?)alert["content"]!["explanation"]![1]!["met"]);
    }

    [Theory]
    [InlineData("Another title", 100, "cosmetic", "kept")]
    [InlineData("Small, then large", 200, "compatible", "carried")]
    public async Task Rule_that_looks_for_the_same_or_nearly_keeps_its_partial_matches_over_a_deployment(string title, int large, string change, string fate)
    {
        await using var service = await RunningService.StartAsync();
        await service.GoLiveAsync(CardRules.Files(CardRules.SmallThenLarge()));
        await service.PostAsync(Events, string.Join('\n', CardRules.Auth("a", 1, 0), CardRules.Auth("b", 5, 1)), Lines);
        var deployed = await service.GoLiveAsync(CardRules.Files(CardRules.SmallThenLarge(large, title), CardRules.TwoLarge));
        var rules = deployed.Json!["rules"]!.AsArray();
        Assert.Equal((change, fate), ((string?)rules[0]!["change"], (string?)rules[0]!["partials"]));
        Assert.Equal("added", (string?)rules[1]!["change"]);

        await service.PostAsync(Events, string.Join('\n', CardRules.Auth("a", 500, 2), CardRules.Auth("b", 5, 3)), Lines);
        var alert = Assert.Single(await service.AlertsAsync(1));
        Assert.Equal(("small_then_large", 2), ((string?)alert["rule"], (int)alert["ruleVersion"]!));
    }

    [Fact]
    public async Task Partial_matches_events_and_alerts_outlive_the_service()
    {
        await using var service = await RunningService.StartAsync();
        await service.GoLiveAsync(CardRules.Files(CardRules.SmallThenLarge()));
        await service.PostAsync(Events, string.Join('\n', CardRules.Auth("a", 1, 0), CardRules.Auth("a", 500, 1), CardRules.Auth("b", 1, 3), CardRules.Auth("b", 5, 4)), Lines);
        var told = await service.AlertsAsync(1);
        await service.RestartAsync();

        await service.PostAsync(Events, string.Join('\n', CardRules.Auth("b", 700, 5), CardRules.Auth("b", 5, 6)), Lines);
        var alerts = await service.AlertsAsync(2);
        Assert.Equal((string?)told[0]["id"], (string?)alerts[0]["id"]);
        Assert.Equal(["a", "b"], alerts.Select(a => (string?)a["key"]![0]));
    }

    [Fact]
    public async Task Rules_over_another_stream_begin_with_the_state_of_those_before()
    {
        await using var service = await RunningService.StartAsync();
        await service.GoLiveAsync(CardRules.Files(CardRules.SmallThenLarge()));
        await service.PostAsync(Events, string.Join('\n', CardRules.Auth("a", 1, 0), CardRules.Auth("b", 5, 1)), Lines);
        await service.GoLiveAsync([.. CardRules.Files(CardRules.SmallThenLarge()), ("logins.cep", """
            stream logins { user string ts timestamp watermark for ts delay 0s idle after 1ms }
            rule twice { from logins key user match a: logins => b: logins within 1h }
            """)]);

        await service.PostAsync(Events, string.Join('\n', CardRules.Auth("a", 500, 2), CardRules.Auth("b", 5, 3)), Lines);
        Assert.Equal("a", (string?)Assert.Single(await service.AlertsAsync(1))["key"]![0]);
        // Later than what has been seen of the other stream, which did not wait for this one.
        await service.PostAsync("streams/logins/events", """[{"user":"u","ts":1767226600000},{"user":"u","ts":1767226660000},{"user":"v","ts":1767226670000}]""", "application/json");
        await service.PostAsync(Events, CardRules.Auth("b", 5, 30), Lines);
        Assert.Equal("twice", (string?)(await service.AlertsAsync(2))[1]["rule"]);
    }

    [Fact]
    public async Task Version_that_ran_before_can_be_deployed_again_and_its_rules_have_the_versions_that_they_had()
    {
        await using var service = await RunningService.StartAsync();
        await service.GoLiveAsync(CardRules.Files(CardRules.SmallThenLarge()));
        await service.GoLiveAsync(CardRules.Files(CardRules.SmallThenLarge(large: 1000)));
        Assert.Equal(HttpStatusCode.OK, (await service.DeployAsync(1)).Status);
        Assert.Equal(1, (int)(await service.GetAsync("rule-sets/live")).Json!["version"]!["number"]!);
        Assert.Equal("retired", (string?)(await service.GetAsync("rule-sets/2")).Json!["version"]!["state"]);

        await service.PostAsync(Events, string.Join('\n', CardRules.Auth("a", 1, 0), CardRules.Auth("a", 500, 1), CardRules.Auth("b", 5, 3)), Lines);
        Assert.Equal(1, (int)Assert.Single(await service.AlertsAsync(1))["ruleVersion"]!);
    }

    [Fact]
    public async Task Rules_with_errors_are_not_deployed_and_those_before_run_on()
    {
        await using var service = await RunningService.StartAsync();
        await service.GoLiveAsync(CardRules.Files(CardRules.SmallThenLarge()));
        var number = await service.DraftAsync(CardRules.Files("rule broken { from auths }"));
        var answer = await service.DeployAsync(number);
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "The rules have an error."), (answer.Status, answer.Detail));
        var empty = await service.DeployAsync(await service.DraftAsync(("streams.cep", CardRules.Streams)));
        Assert.Equal((HttpStatusCode.Conflict, "No rule would run: there is none, or all are drafts."), (empty.Status, empty.Detail));
        Assert.Equal(1, (int)(await service.GetAsync("engine")).Json!["version"]!);
    }

    [Fact]
    public async Task Plan_says_what_a_deployment_would_mean_and_changes_nothing()
    {
        await using var service = await RunningService.StartAsync();
        await service.GoLiveAsync(CardRules.Files(CardRules.SmallThenLarge()));
        await service.PostAsync(Events, string.Join('\n', CardRules.Auth("a", 1, 0), CardRules.Auth("b", 5, 1), CardRules.Auth("b", 5, 2)), Lines);
        await service.SettledAsync();
        var number = await service.DraftAsync(CardRules.Files(CardRules.TwoLarge));
        var plan = (await service.GetAsync($"rule-sets/{number}/plan")).Json!;
        Assert.Equal(["`two_large` is new.", "`small_then_large` is removed and drops its 1 partial match."], plan["rules"]!.AsArray().Select(r => (string?)r!["text"]));
        Assert.Equal(1, (int)(await service.GetAsync("rule-sets/live")).Json!["version"]!["number"]!);
    }

    [Fact]
    public async Task Rules_whose_tests_fail_are_not_deployed_and_the_answer_says_which()
    {
        const string Test = """
            test small_then_large "a large payment after a small one" {
                at 0s auths { card_id: "a", amount: 1 }
                at 1m auths { card_id: "a", amount: 150 }
                expect alert { amount: 150 } at 1m
            }
            """;
        await using var service = await RunningService.StartAsync();
        await service.GoLiveAsync(CardRules.Files(CardRules.SmallThenLarge(large: 100), Test));
        var right = await service.SendAsync(HttpMethod.Post, "rule-sets/1/tests");
        Assert.Equal((1, 0), ((int)right.Json!["passed"]!, (int)right.Json["failed"]!));

        var number = await service.DraftAsync(CardRules.Files(CardRules.SmallThenLarge(large: 200), Test));
        var wrong = (await service.SendAsync(HttpMethod.Post, $"rule-sets/{number}/tests")).Json!["tests"]![0]!;
        Assert.Equal((false, "rules.cep", 10), ((bool)wrong["hasPassed"]!, (string?)wrong["failures"]![0]!["file"], (int)wrong["failures"]![0]!["line"]!));
        var refused = await service.DeployAsync(number);
        Assert.Equal(
            (HttpStatusCode.Conflict, "1 of 1 tests failed: \"a large payment after a small one\" of `small_then_large` (rules.cep:7)."), (refused.Status, refused.Detail));
        Assert.Equal(1, (int)(await service.GetAsync("engine")).Json!["version"]!);
    }
}
