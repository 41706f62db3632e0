using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Cep.RulesService.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Cep.RulesService.Tests.Operations;

public sealed partial class OperationsTests
{
    [Fact]
    public async Task It_is_ready_while_the_engine_runs_and_says_which_part_is_not()
    {
        await using var service = await RunningService.StartAsync();
        Assert.Equal((HttpStatusCode.OK, "live"), await AskAsync(service, "/health/live"));
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(service, "/health/ready")).Status);
        await service.GoLiveAsync(CardRules.Files(CardRules.TwoLarge));
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(service, "/health/ready")).Status);
        await service.SendAsync(HttpMethod.Post, "engine/pause");
        var (status, text) = await AskAsync(service, "/health/ready");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.StartsWith("Not ready: engine. It was paused.", (string?)JsonNode.Parse(text)!["detail"]);
    }

    [Fact]
    public async Task Health_needs_no_key_and_figures_do()
    {
        await using var service = await RunningService.StartAsync();
        await service.MakeKeyAsync("admin");
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(service, "/health/ready")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await AskAsync(service, "/metrics")).Status);
    }

    [Fact]
    public async Task Figures_of_the_engine_its_rules_and_logs_and_of_requests_are_in_the_format_of_prometheus()
    {
        await using var service = await RunningService.StartAsync();
        await service.GoLiveAsync(CardRules.Files(CardRules.TwoLarge));
        await service.PostAsync("streams/auths/events", $"{CardRules.Auth("a", 200, 1)}\n{CardRules.Auth("a", 300, 2)}\n{CardRules.Auth("b", 1, 300)}", "application/x-ndjson");
        await service.AlertsAsync(1);
        var (_, text) = await AskAsync(service, "/metrics");
        Assert.All(text.TrimEnd('\n').Split('\n'), line => Assert.Matches(Line(), line));
        var samples = text.Split('\n').Where(l => l.Length > 0 && l[0] != '#').Select(l => l[..l.LastIndexOf(' ')]).ToList();
        Assert.Equal(samples.Count, samples.Distinct().Count());
        Assert.Contains("cep_rule_matches_total{job=\"rules\",rule=\"two_large\"} 1\n", text);
        Assert.Matches(@"cep_log_entries_total\{[^}]*auths[^}]*\} 3\n", text);
        Assert.Matches(@"cep_checkpoint_completed_total\{[^}]*\} [1-9]", text);
        Assert.Matches("http_server_request_duration_seconds_count\\{[^}]*/api/v1/streams/\\{name\\}/events[^\n]*\\} 1\n", text);
    }

    [Fact]
    public async Task Every_route_is_in_the_openapi_document_with_its_answers()
    {
        await using var service = await RunningService.StartAsync();
        var document = JsonNode.Parse((await AskAsync(service, "/openapi/v1.json")).Text)!;
        foreach (var route in service.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().Where(r => !r.RoutePattern.RawText!.StartsWith("/openapi", StringComparison.Ordinal)))
        {
            var path = Constraint().Replace(route.RoutePattern.RawText!, "{$1}").TrimEnd('/');
            var paths = document["paths"]!;
            var operation = (paths[path] ?? paths[path + "/"])?[route.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods[0].ToLowerInvariant()];
            Assert.True(operation is not null, $"{path} is not there.");
            Assert.NotNull(operation["operationId"]);
            Assert.NotNull(operation["summary"]);
            var answers = operation["responses"]!.AsObject();
            Assert.Contains(answers, a => a.Key[0] == '2');
            Assert.NotNull(answers["default"]!["content"]!["application/problem+json"]!["schema"]);
            Assert.Equal(!path.StartsWith("/health", StringComparison.Ordinal), answers.ContainsKey("401"));
        }
    }

    private static async Task<(HttpStatusCode Status, string Text)> AskAsync(RunningService service, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(service.Root, path));
        using var response = await service.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    [GeneratedRegex("^(# HELP [a-zA-Z_][a-zA-Z0-9_]* .*|# TYPE [a-zA-Z_][a-zA-Z0-9_]* (counter|gauge|histogram)|[a-zA-Z_][a-zA-Z0-9_]*(\\{([a-zA-Z_][a-zA-Z0-9_]*=\"([^\"\\\\]|\\\\[\\\\n\"])*\",?)*\\})? [-+0-9.E]+(Inf)?)$")]
    private static partial Regex Line();

    [GeneratedRegex(@"\{([^:}]+):[^}]*\}")]
    private static partial Regex Constraint();
}
