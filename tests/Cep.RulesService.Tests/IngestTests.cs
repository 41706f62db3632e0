using System.Net;
using Cep.RulesService.Tests.Support;

namespace Cep.RulesService.Tests;

public sealed class IngestTests
{
    private const string Events = "streams/auths/events";
    private static readonly string Good = CardRules.Auth("a", 1, 0);

    [Theory]
    [InlineData("application/json", 1, "{0}")]
    [InlineData("application/json; charset=utf-8", 2, "[{0}, {0}]")]
    [InlineData("application/x-ndjson", 2, "{0}\r\n\n{0}\n")]
    [InlineData("application/cloudevents+json", 1, "{{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/s\",\"type\":\"t\",\"data\":{0}}}")]
    [InlineData("application/cloudevents-batch+json", 2, "[{{\"data\":{0},\"id\":\"1\"}},{{\"data\":{0}}}]")]
    public async Task Events_are_taken_in_the_forms_that_others_send(string contentType, int count, string body)
    {
        await using var service = await RunningService.StartAsync();
        await service.GoLiveAsync(CardRules.Files(CardRules.TwoLarge));
        var answer = await service.PostAsync(Events, string.Format(null, body, Good), contentType);
        Assert.True(answer.Status == HttpStatusCode.OK, $"{answer}");
        Assert.Equal((count, 0L), ((int)answer.Json!["accepted"]!, (long)answer.Json["firstOffset"]!));
        Assert.Equal(count, (int)(await service.GetAsync("streams")).Json![0]!["events"]!);
    }

    [Fact]
    public async Task Of_a_request_with_bad_events_the_good_ones_are_kept_where_it_says_so()
    {
        await using var service = await RunningService.StartAsync();
        await service.GoLiveAsync(CardRules.Files(CardRules.TwoLarge));
        var body = $"{Good}\n{{\"card_id\":\"a\"}}\n{Good}\nnonsense\n";
        var none = await service.PostAsync(Events, body, "application/x-ndjson");
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "2 of 4 events are not as `auths` declares them; none is kept."), (none.Status, none.Detail));
        Assert.Equal([1, 3], none.Json!["problems"]!.AsArray().Select(p => (int)p!["index"]!));
        Assert.Equal("The required field `amount` is missing.", (string?)none.Json["problems"]![0]!["reason"]);

        var some = await service.PostAsync($"{Events}?partial=true", body, "application/x-ndjson");
        Assert.Equal((HttpStatusCode.OK, 2, 2), (some.Status, (int)some.Json!["accepted"]!, (int)some.Json["refused"]!));
        Assert.Equal(2, (int)(await service.GetAsync("streams")).Json![0]!["events"]!);
    }

    [Fact]
    public async Task What_cannot_be_taken_is_refused_with_a_reason()
    {
        await using var service = await RunningService.StartAsync("--Cep:Limits:BodyBytes", "2000");
        Assert.Equal("The rule set that runs has no stream `auths`.", (await service.PostAsync(Events, Good, "application/json")).Detail);
        await service.GoLiveAsync(CardRules.Files(CardRules.TwoLarge));
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await service.PostAsync(Events, Good, "text/csv")).Status);
        Assert.Equal("There is no event in the body.", (await service.PostAsync(Events, "[]", "application/json")).Detail);
        Assert.Equal(HttpStatusCode.BadRequest, (await service.PostAsync(Events, "[{}", "application/json")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await service.PostAsync(Events, "{} {}", "application/json")).Status);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await service.PostAsync(Events, new string(' ', 2001), "application/json")).Status);
    }
}
