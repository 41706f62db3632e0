using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Cep.RulesService.Tests.Support;

namespace Cep.RulesService.Tests.Kill;

/// <summary>Payments that are posted to a service, and versions of its rules that are deployed meanwhile.</summary>
/// <param name="service">The service; it may be killed at any time.</param>
/// <param name="seed">Decides what is paid.</param>
internal sealed class ServiceTraffic(ServiceProcess service, int seed)
{
    private const int Cards = 200;
    private const long FirstMs = 1_767_225_600_000;
    private const int ApartMs = 10;

    private readonly Random _random = new(seed);
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(20) };
    private readonly ConcurrentDictionary<int, string[]> _rules = [];
    private int _posted;

    /// <summary>How many payments have been posted.</summary>
    public int Posted => _posted;

    /// <summary>Posts some payments, each later than the one before.</summary>
    public Task PostAsync(int count) => PostAsync(Enumerable.Range(0, count).Select(_ => Payment($"c{_random.Next(Cards)}", _random.Next(1, 200), _posted++)));

    /// <summary>Posts a payment a day later, so that nothing before it waits for others.</summary>
    public Task PostLastAsync() => PostAsync([Payment("last", 1, _posted + (86_400_000 / ApartMs))]);

    /// <summary>Begins a draft of rules.</summary>
    /// <returns>Its number.</returns>
    public async Task<int> DraftAsync(params string[] rules)
    {
        using var draft = await _http.PostAsJsonAsync(Api("rule-sets"), new { files = CardRules.Files(rules).Select(f => new { path = f.Path, text = f.Text }) });
        draft.EnsureSuccessStatusCode();
        var number = (int)JsonNode.Parse(await draft.Content.ReadAsStringAsync())!["version"]!["number"]!;
        _rules[number] = rules;
        return number;
    }

    /// <summary>Deploys a version, whether or not it ran before.</summary>
    public async Task<HttpStatusCode> DeployAsync(int number, string policy)
    {
        var tag = (string)(await GetAsync($"rule-sets/{number}"))["version"]!["etag"]!;
        using var request = new HttpRequestMessage(HttpMethod.Post, Api($"rule-sets/{number}/deployments")) { Content = JsonContent.Create(new { policy }) };
        request.Headers.TryAddWithoutValidation("If-Match", tag);
        using var answer = await _http.SendAsync(request);
        return answer.StatusCode;
    }

    /// <summary>The alerts and the deployments that were carried out, from the oldest on, when nothing is under way any more.</summary>
    public async Task<(List<JsonNode> Alerts, List<JsonNode> Deployments)> SettledAsync()
    {
        for (var (last, same) = (-1L, 0); same < 3;)
        {
            var checkpoint = await CheckpointAsync();
            var alerts = (long?)(await GetAsync("alerts?limit=1"))["items"]!.AsArray().FirstOrDefault()?["place"] ?? 0;
            same = alerts == last ? same + 1 : 0;
            last = alerts;
            while (await CheckpointAsync() < checkpoint + 3)
                await Task.Delay(50);
        }
        return (await AllAsync("alerts"), (await AllAsync("deployments")).Where(d => (string?)d["outcome"] == "done").ToList());
    }

    /// <summary>From when to when each rule text ran.</summary>
    /// <param name="deployments">Those that were carried out, from the oldest on.</param>
    public IEnumerable<RuleSpan> Spans(IEnumerable<JsonNode> deployments)
    {
        var running = new Dictionary<string, long>();
        foreach (var deployment in deployments)
        {
            // Before the first there was nothing.
            var atMs = (long?)deployment["watermarkMs"] ?? long.MinValue;
            var rules = _rules[(int)deployment["version"]!];
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

    /// <summary>An alert as <see cref="AlertReference"/> tells it.</summary>
    public static string Describe(JsonNode alert) => $"{alert["rule"]} {alert["key"]![0]} {Ms(alert["content"]!["start"])} {Ms(alert["content"]!["end"])}";

    private static long Ms(JsonNode? time) => DateTimeOffset.Parse((string)time!, CultureInfo.InvariantCulture).ToUnixTimeMilliseconds();

    private static string Payment(string card, int amount, long number) =>
        FormattableString.Invariant($$"""{"card_id":"{{card}}","amount":{{amount}},"ts":{{FirstMs + (number * ApartMs)}}}""");

    private async Task PostAsync(IEnumerable<string> events)
    {
        using var answer = await _http.PostAsync(Api("streams/auths/events"), new StringContent(string.Join('\n', events), Encoding.UTF8, "application/x-ndjson"));
        answer.EnsureSuccessStatusCode();
    }

    private async Task<List<JsonNode>> AllAsync(string what)
    {
        var all = new List<JsonNode>();
        for (var path = $"{what}?limit=500"; ;)
        {
            var page = await GetAsync(path);
            all.AddRange(page["items"]!.AsArray().Select(i => i!));
            if (page["next"] is not { } next)
                break;
            path = $"{what}?limit=500&before={next}";
        }
        all.Reverse();
        return all;
    }

    private async Task<long> CheckpointAsync() => (long?)(await GetAsync("engine"))["checkpoint"] ?? 0;

    private async Task<JsonNode> GetAsync(string path) => JsonNode.Parse(await _http.GetStringAsync(Api(path)))!;

    private Uri Api(string path) => new(service.Address ?? throw new InvalidOperationException("It does not run."), $"/api/v1/{path}");
}
