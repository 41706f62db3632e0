using System.Net;
using System.Net.Sockets;
using System.Text;
using Cep.RulesService.Tests.Support;

namespace Cep.RulesService.Tests.Security;

public sealed class LimitTests
{
    [Fact]
    public async Task Rule_set_of_more_rules_than_may_be_is_refused()
    {
        await using var service = await RunningService.StartAsync("--Cep:Limits:Rules", "1");
        var files = CardRules.Files(CardRules.TwoLarge, CardRules.SmallThenLarge()).Select(f => new { path = f.Path, text = f.Text });
        var answer = await service.SendAsync(HttpMethod.Post, "rule-sets", new { files });
        Assert.Equal((HttpStatusCode.BadRequest, "A rule set has at most 1 rules; these are 2."), (answer.Status, answer.Detail));
    }

    [Fact]
    public async Task Body_that_is_too_long_is_refused()
    {
        await using var service = await RunningService.StartAsync("--Cep:Limits:BodyBytes", "1000");
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await service.PostAsync("rule-sets", $"{{\"comment\":\"{new string('x', 2000)}\"}}", "application/json")).Status);
    }

    [Fact]
    public async Task Headers_that_are_too_long_are_refused()
    {
        await using var service = await RunningService.StartAsync("--Cep:Limits:HeaderBytes", "2000");
        using var request = new HttpRequestMessage(HttpMethod.Get, "rule-sets");
        request.Headers.Add("X-Long", new string('x', 3000));
        using var response = await service.SendAsync(request);
        Assert.Equal(HttpStatusCode.RequestHeaderFieldsTooLarge, response.StatusCode);
    }

    [Fact]
    public async Task Body_that_does_not_come_is_given_up_and_requests_of_one_key_beyond_the_limit_are_refused_meanwhile()
    {
        await using var service = await RunningService.StartAsync("--Cep:Limits:BodyGrace", "00:00:01.500", "--Cep:Limits:ConcurrentRequests", "1");
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, service.Root.Port);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes("POST /api/v1/rule-sets HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\nExpect: 100-continue\r\n\r\n"));
        // It reads the body, so the request is begun.
        var buffer = new byte[4096];
        Assert.StartsWith("HTTP/1.1 100", Encoding.ASCII.GetString(buffer, 0, await stream.ReadAsync(buffer)));
        var other = await service.GetAsync("rule-sets");
        Assert.Equal((HttpStatusCode.TooManyRequests, "At most 1 requests of an API key are answered at once; send it again after a second."), (other.Status, other.Detail));
        Assert.StartsWith("HTTP/1.1 408", Encoding.ASCII.GetString(buffer, 0, await stream.ReadAsync(buffer)));
        while (await stream.ReadAsync(buffer) > 0)
        {
        }
        Assert.Equal(HttpStatusCode.OK, (await service.GetAsync("rule-sets")).Status);
    }
}
