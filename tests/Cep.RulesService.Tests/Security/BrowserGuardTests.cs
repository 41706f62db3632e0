using System.Net;
using System.Net.Http.Json;
using Cep.RulesService.Tests.Support;

namespace Cep.RulesService.Tests.Security;

public sealed class BrowserGuardTests
{
    [Theory]
    [InlineData("attacker.example:8080", HttpStatusCode.MisdirectedRequest)]
    [InlineData("localhost.attacker.example", HttpStatusCode.MisdirectedRequest)]
    [InlineData("localhost:1234", HttpStatusCode.OK)]
    [InlineData("[::1]", HttpStatusCode.OK)]
    [InlineData("127.0.0.1", HttpStatusCode.OK)]
    public async Task Without_keys_only_names_of_the_machine_itself_are_answered(string host, HttpStatusCode status)
    {
        await using var service = await RunningService.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "rule-sets") { Headers = { Host = host } };
        using var response = await service.SendAsync(request);
        Assert.Equal(status, response.StatusCode);
    }

    [Theory]
    [InlineData("Origin", "https://attacker.example", HttpStatusCode.Forbidden)]
    [InlineData("Origin", "http://127.0.0.1:1", HttpStatusCode.Forbidden)]
    [InlineData("Origin", "null", HttpStatusCode.Forbidden)]
    [InlineData("Origin", "https://rules.example.com", HttpStatusCode.Created)]
    [InlineData("Origin", "own", HttpStatusCode.Created)]
    [InlineData("Sec-Fetch-Site", "cross-site", HttpStatusCode.Forbidden)]
    [InlineData("Sec-Fetch-Site", "same-origin", HttpStatusCode.Created)]
    [InlineData("Accept", "*/*", HttpStatusCode.Created)]
    public async Task Page_of_another_origin_changes_nothing(string header, string value, HttpStatusCode status)
    {
        await using var service = await RunningService.StartAsync("--Cep:Security:Origins:0", "https://rules.example.com");
        using var request = new HttpRequestMessage(HttpMethod.Post, "rule-sets") { Content = JsonContent.Create(new { files = new[] { new { path = "a.cep", text = CardRules.Streams } } }) };
        request.Headers.TryAddWithoutValidation(header, value == "own" ? service.Root.GetLeftPart(UriPartial.Authority) : value);
        using var response = await service.SendAsync(request);
        Assert.Equal(status, response.StatusCode);
        Assert.Equal(status == HttpStatusCode.Created ? 1 : 0, (await service.GetAsync("rule-sets")).Json!["items"]!.AsArray().Count);
    }

    [Theory]
    [InlineData("rule-sets")]
    [InlineData("rule-sets/1")]
    [InlineData("rule-sets?limit=x")]
    [InlineData("nothing")]
    public async Task Every_answer_has_the_headers_of_security(string path)
    {
        await using var service = await RunningService.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        using var response = await service.SendAsync(request);
        Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
        Assert.Contains("frame-ancestors 'none'", Assert.Single(response.Headers.GetValues("Content-Security-Policy")));
        Assert.False(response.Headers.Contains("Server"));
    }
}
