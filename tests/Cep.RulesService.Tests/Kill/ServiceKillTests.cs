using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Cep.RulesService.Tests.Support;
using Xunit.Abstractions;

namespace Cep.RulesService.Tests.Kill;

/// <summary>
/// A service that is killed at random moments, while events come in and rules are deployed, tells what each rule finds in the events of its time, once. Five kills; with the
/// variable CEP_SERVICE_KILLS so many.
/// </summary>
public sealed class ServiceKillTests(ITestOutputHelper output)
{
    private const int Cards = 200;
    private const int BatchLength = 100;
    private const long FirstMs = 1_767_225_600_000;

    // What runs when: `two_large` always and unchanged, the others come, go and change.
    private static readonly string[][] Versions =
    [
        [CardRules.TwoLarge, CardRules.SmallThenLarge(150)],
        [CardRules.TwoLarge, CardRules.SmallThenLarge(180)],
        [CardRules.TwoLarge, CardRules.SmallThenLarge(180), Rising],
        [CardRules.TwoLarge, Rising],
    ];

    private const string Rising = """
        rule rising {
            from  auths key card_id
            match a: auths where amount > 50 => b: auths where amount > a.amount within 1m
        }
        """;

    private readonly Random _random = new(7);
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(20) };
    private int _posted;
    private int _deployed;

    [Fact]
    public async Task Killed_while_events_come_in_and_rules_are_deployed_it_tells_each_alert_once()
    {
        var kills = Environment.GetEnvironmentVariable("CEP_SERVICE_KILLS") is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : 5;
        var folder = Directory.CreateTempSubdirectory("cep-service-kill-").FullName;
        using var service = new ServiceProcess(Path.Combine(folder, "data"));
        service.Start();
        await DeployAsync(service);
        for (var i = 0; i < kills; i++)
        {
            await WorkAsync(service, () => Task.Delay(_random.Next(500, 2500)));
            service.Kill();
            service.Start();
        }
        await WorkAsync(service, () => Task.Delay(1500));
        await PostAsync(service, [Event("last", 1, FirstMs + (_posted * 10L) + 86_400_000)]);
        var (alerts, deployments) = await SettledAsync(service);
        service.Kill();

        var reference = new AlertReference(Path.Combine(folder, "data", "streams", "auths"), "auths");
        var expected = reference.Of(Spans(deployments));
        output.WriteLine($"{kills} kills, {reference.Events} events, {deployments.Count} deployments, {alerts.Count} alerts");
        var told = alerts.Select(Describe).Order(StringComparer.Ordinal).ToList();
        Assert.True(expected.SequenceEqual(told), $"Missing: {string.Join("; ", expected.Except(told).Take(3))}. Not expected: {string.Join("; ", told.Except(expected).Take(3))}. {expected.Count} expected and {told.Count} told; deployments {string.Join("; ", deployments.Select(d => $"{d["version"]} at {d["watermarkMs"]}"))}\n{service.Told}");
        Assert.Equal(alerts.Count, alerts.Select(a => (string?)a["id"]).Distinct().Count());
        Assert.True(deployments.Count > kills, $"{deployments.Count} deployments only.");
        Assert.Contains(told, a => a.StartsWith("rising", StringComparison.Ordinal));
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>Posts and deploys until something is over.</summary>
    private async Task WorkAsync(ServiceProcess service, Func<Task> until)
    {
        var over = until();
        var deploying = Task.Run(async () =>
        {
            while (!over.IsCompleted)
            {
                await TryAsync(() => DeployAsync(service));
                await Task.Delay(150);
            }
        });
        while (!over.IsCompleted)
            await TryAsync(() => PostAsync(service, Enumerable.Range(0, BatchLength).Select(_ => Event($"c{_random.Next(Cards)}", _random.Next(1, 200), FirstMs + (_posted++ * 10L)))));
        // A deployment may be under way when the service is killed.
        _ = deploying;
    }

    private static async Task TryAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException or InvalidOperationException)
        {
            await Task.Delay(20);
        }
    }

    private static string Event(string card, int amount, long timeMs) => FormattableString.Invariant($$"""{"card_id":"{{card}}","amount":{{amount}},"ts":{{timeMs}}}""");

    private async Task PostAsync(ServiceProcess service, IEnumerable<string> events)
    {
        using var answer = await _http.PostAsync(Api(service, "streams/auths/events"), new StringContent(string.Join('\n', events), Encoding.UTF8, "application/x-ndjson"));
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>Deploys the next version.</summary>
    private async Task DeployAsync(ServiceProcess service)
    {
        var rules = Versions[_deployed++ % Versions.Length];
        using var draft = await _http.PostAsJsonAsync(Api(service, "rule-sets"), new { files = CardRules.Files(rules).Select(f => new { path = f.Path, text = f.Text }) });
        draft.EnsureSuccessStatusCode();
        using var request = new HttpRequestMessage(HttpMethod.Post, Api(service, $"..{draft.Headers.Location}/deployments".Replace("../api/v1/", ""))) { Content = JsonContent.Create(new { policy = "reset" }) };
        request.Headers.TryAddWithoutValidation("If-Match", draft.Headers.ETag!.ToString());
        using var answer = await _http.SendAsync(request);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>The alerts and the deployments that were carried out, from the oldest on, when nothing is under way any more.</summary>
    private async Task<(List<JsonNode> Alerts, List<JsonNode> Deployments)> SettledAsync(ServiceProcess service)
    {
        for (var (last, same) = (-1L, 0); same < 3;)
        {
            var checkpoint = (long?)(await GetAsync(service, "engine"))["checkpoint"] ?? 0;
            var alerts = (long?)(await GetAsync(service, "alerts?limit=1"))["items"]!.AsArray().FirstOrDefault()?["place"] ?? 0;
            same = alerts == last ? same + 1 : 0;
            last = alerts;
            while (((long?)(await GetAsync(service, "engine"))["checkpoint"] ?? 0) < checkpoint + 3)
                await Task.Delay(50);
        }
        return (await AllAsync(service, "alerts"), (await AllAsync(service, "deployments")).Where(d => (string?)d["outcome"] == "done").ToList());
    }

    private async Task<List<JsonNode>> AllAsync(ServiceProcess service, string what)
    {
        var all = new List<JsonNode>();
        for (var path = $"{what}?limit=500"; ;)
        {
            var page = await GetAsync(service, path);
            all.AddRange(page["items"]!.AsArray().Select(i => i!));
            if (page["next"] is not { } next)
                break;
            path = $"{what}?limit=500&before={next}";
        }
        all.Reverse();
        return all;
    }

    private async Task<JsonNode> GetAsync(ServiceProcess service, string path) => JsonNode.Parse(await _http.GetStringAsync(Api(service, path)))!;

    private static Uri Api(ServiceProcess service, string path) => new(service.Address ?? throw new InvalidOperationException("It does not run."), $"/api/v1/{path}");

    private static string Describe(JsonNode alert) =>
        $"{alert["rule"]} {alert["key"]![0]} {Ms(alert["content"]!["start"])} {Ms(alert["content"]!["end"])}";

    private static long Ms(JsonNode? time) => DateTimeOffset.Parse((string)time!, CultureInfo.InvariantCulture).ToUnixTimeMilliseconds();

    /// <summary>From when to when each rule text ran.</summary>
    private static IEnumerable<RuleSpan> Spans(List<JsonNode> deployments)
    {
        var running = new Dictionary<string, long>();
        foreach (var deployment in deployments)
        {
            // Before the first there was nothing; versions are deployed in the order of their numbers, so that is what tells which rules they are.
            var atMs = (long?)deployment["watermarkMs"] ?? long.MinValue;
            var rules = Versions[((int)deployment["version"]! - 1) % Versions.Length];
            foreach (var (rule, sinceMs) in running.Where(r => !rules.Contains(r.Key)).ToList())
            {
                running.Remove(rule);
                yield return new RuleSpan(rule, sinceMs, atMs);
            }
            foreach (var rule in rules)
                running.TryAdd(rule, atMs);
        }
        foreach (var (rule, sinceMs) in running)
            yield return new RuleSpan(rule, sinceMs, long.MaxValue);
    }
}
