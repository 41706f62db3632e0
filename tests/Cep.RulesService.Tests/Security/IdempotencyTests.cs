using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Cep.RulesService.Tests.Support;

namespace Cep.RulesService.Tests.Security;

public sealed class IdempotencyTests
{
    [Fact]
    public async Task Post_that_comes_again_is_answered_as_before_and_done_once()
    {
        await using var service = await RunningService.StartAsync();
        var first = await PostAsync(service, "k", "rule-sets", CardRules.Streams);
        var second = await PostAsync(service, "k", "rule-sets", CardRules.Streams);
        Assert.Equal((HttpStatusCode.Created, first.Text, first.Location, false), (second.Status, second.Text, second.Location, first.IsReplayed));
        Assert.True(second.IsReplayed);
        await service.RestartAsync();
        Assert.Equal(first.Text, (await PostAsync(service, "k", "rule-sets", CardRules.Streams)).Text);
        Assert.Single((await service.GetAsync("rule-sets")).Json!["items"]!.AsArray());
        Assert.Equal(HttpStatusCode.Created, (await PostAsync(service, "other", "rule-sets", CardRules.Streams)).Status);
    }

    [Fact]
    public async Task Key_of_another_request_is_refused()
    {
        await using var service = await RunningService.StartAsync();
        await PostAsync(service, "k", "rule-sets", CardRules.Streams);
        var other = await PostAsync(service, "k", "rule-sets", CardRules.Streams + "\n");
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "The `Idempotency-Key` came with another request before."), (other.Status, Detail(other.Text)));
        var longer = await PostAsync(service, new string('k', 201), "rule-sets", CardRules.Streams);
        Assert.Equal((HttpStatusCode.BadRequest, "An `Idempotency-Key` has 1 to 200 printable ASCII characters."), (longer.Status, Detail(longer.Text)));
        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync(service, "k", "keys", "")).Status);
    }

    [Fact]
    public async Task Of_many_at_once_with_one_key_one_is_done()
    {
        await using var service = await RunningService.StartAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => PostAsync(service, "k", "rule-sets", CardRules.Streams)));
        Assert.All(answers, a => Assert.True(a.Status is HttpStatusCode.Created or HttpStatusCode.Conflict, $"{a}"));
        Assert.Single(answers, a => a.Status == HttpStatusCode.Created && !a.IsReplayed);
        Assert.Single((await service.GetAsync("rule-sets")).Json!["items"]!.AsArray());
    }

    private static string? Detail(string text) => (string?)JsonNode.Parse(text)!["detail"];

    private static async Task<(HttpStatusCode Status, string Text, Uri? Location, bool IsReplayed)> PostAsync(RunningService service, string key, string path, string rules)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(new { files = new[] { new { path = "a.cep", text = rules } } }) };
        request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        using var response = await service.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(), response.Headers.Location, response.Headers.Contains("Idempotency-Replayed"));
    }
}
