using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Cep.RulesService.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace Cep.RulesService.Tests.Deliveries;

/// <summary>Deliveries of the whole service to servers that take them, or do not.</summary>
public sealed class DeliveryTests
{
    private const string Events = "streams/auths/events";
    private const string Lines = "application/x-ndjson";

    [Fact]
    public async Task Webhook_gets_an_alert_with_its_id_and_a_signature_over_it()
    {
        await using var receiver = await AlertReceiver.StartAsync();
        await using var service = await RunningService.StartAsync(Sinks.Webhook(receiver));
        await service.GoLiveAsync(CardRules.Files(CardRules.SmallThenLarge()));
        await PostAsync(service, 0, 1);

        var request = Assert.Single(await receiver.ReceivedAsync(1));
        var alert = Assert.Single(await service.AlertsAsync(1));
        Assert.Equal("/hook", request.Path);
        Assert.Equal("application/json", request.Headers["content-type"]);
        Assert.Equal((string?)alert["id"], request.Headers["webhook-id"]);
        Assert.Equal("cep.alert", (string?)request.Json["type"]);
        Assert.True(JsonNode.DeepEquals(alert, request.Json["data"]), request.Body);
        Assert.Equal("Small, then large", (string?)alert["about"]!["title"]);
        Assert.Equal(["card_id"], alert["about"]!["keyFields"]!.AsArray().Select(f => (string?)f));
        var signed = $"{request.Headers["webhook-id"]}.{request.Headers["webhook-timestamp"]}.{request.Body}";
        using var hmac = new HMACSHA256(Convert.FromBase64String(Sinks.Secret[6..]));
        Assert.Equal($"v1,{Convert.ToBase64String(hmac.ComputeHash(Encoding.UTF8.GetBytes(signed)))}", request.Headers["webhook-signature"]);
        var delivered = await service.UntilAsync($"alerts/{alert["id"]}/deliveries", d => (string?)d[0]!["state"] == "delivered");
        Assert.Equal(("soc", 1), ((string?)delivered[0]!["sink"], (int)delivered[0]!["attempts"]!));
    }

    [Fact]
    public async Task Restarts_and_a_receiver_that_fails_lose_no_alert_and_make_none_two()
    {
        const int Cards = 120;
        var random = new Random(5);
        var taken = new List<(string Id, string Card)>();
        await using var receiver = await AlertReceiver.StartAsync(async (context, request) =>
        {
            var (fails, kind) = Next();
            if (!fails || kind == 0)
                Take(request);
            if (fails && kind == 1)
                context.Abort();
            else if (fails && kind == 2)
                await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            else
                context.Response.StatusCode = fails ? StatusCodes.Status500InternalServerError : StatusCodes.Status200OK;
        });
        await using var service = await RunningService.StartAsync(Sinks.Webhook(receiver, "MaxAttempts", "1000", "Timeout", "00:00:00.250"));
        await service.GoLiveAsync(CardRules.Files(CardRules.SmallThenLarge()));
        for (var part = 0; part < 3; part++)
        {
            await PostAsync(service, part * Cards / 3, Cards / 3);
            await receiver.ReceivedAsync((part * Cards / 3) + 10);
            await service.RestartAsync();
        }

        var alerts = await service.AlertsAsync(Cards);
        await service.UntilAsync("deliveries?state=delivered&limit=500", page => page["items"]!.AsArray().Count == Cards);
        Assert.Empty((await service.GetAsync("deliveries?state=dead")).Json!["items"]!.AsArray());
        // What a receiver has that drops ids that it knows.
        var once = taken.DistinctBy(t => t.Id).ToList();
        Assert.Equal(alerts.Select(a => (string)a["id"]!).Order(), once.Select(t => t.Id).Order());
        Assert.Equal(Enumerable.Range(0, Cards).Select(CardOf).Order(), once.Select(t => t.Card).Order());
        Assert.True(receiver.Received.Count > Cards, "Nothing failed.");

        (bool Fails, int Kind) Next()
        {
            lock (random)
                return (random.Next(10) < 3, random.Next(3));
        }

        void Take(ReceivedRequest request)
        {
            lock (taken)
                taken.Add((request.Headers["webhook-id"], (string)request.Json["data"]!["key"]![0]!));
        }
    }

    [Fact]
    public async Task Alert_that_was_given_up_is_listed_and_delivered_again_when_asked_for()
    {
        var status = StatusCodes.Status503ServiceUnavailable;
        await using var receiver = await AlertReceiver.StartAsync((context, _) =>
        {
            context.Response.StatusCode = Volatile.Read(ref status);
            return Task.CompletedTask;
        });
        await using var service = await RunningService.StartAsync(Sinks.Webhook(receiver, "MaxAttempts", "3"));
        await service.GoLiveAsync(CardRules.Files(CardRules.SmallThenLarge()));
        await PostAsync(service, 0, 1);
        var dead = (await service.UntilAsync("deliveries?state=dead", page => page["items"]!.AsArray().Count == 1))["items"]![0]!;
        Assert.Equal((3, "It was answered with 503."), ((int)dead["attempts"]!, (string?)dead["lastError"]));
        Assert.Equal(3, receiver.Received.Count);

        Volatile.Write(ref status, StatusCodes.Status200OK);
        await service.RestartAsync();
        Assert.Equal(HttpStatusCode.NotFound, (await service.SendAsync(HttpMethod.Post, "alerts/none/redelivery")).Status);
        Assert.Equal("`state` is `gone`; `pending`, `delivered`, `dead` are known.", (await service.GetAsync("deliveries?state=gone")).Detail);
        Assert.Equal("There is no sink `none`.", (await service.SendAsync(HttpMethod.Post, $"alerts/{dead["alert"]}/redelivery?sink=none")).Detail);
        var asked = await service.SendAsync(HttpMethod.Post, $"alerts/{dead["alert"]}/redelivery?sink=soc");
        Assert.Equal((HttpStatusCode.Accepted, "pending"), (asked.Status, (string?)asked.Json![0]!["state"]));
        await service.UntilAsync($"alerts/{dead["alert"]}/deliveries", d => (string?)d[0]!["state"] == "delivered");
        Assert.Single(receiver.Received.Select(r => r.Headers["webhook-id"]).Distinct());
        Assert.Equal("alert.redeliver", (string?)(await service.GetAsync("audit")).Json!["items"]![0]!["action"]);
    }

    [Fact]
    public async Task Receiver_that_does_not_answer_holds_back_no_other_sink_and_not_the_end()
    {
        await using var receiver = await AlertReceiver.StartAsync((context, _) => Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default));
        var path = Path.Combine(Directory.CreateTempSubdirectory("cep-alerts-").FullName, "alerts.jsonl");
        try
        {
            await using var service = await RunningService.StartAsync([.. Sinks.Webhook(receiver, "Timeout", "00:05:00"), .. Sinks.Sink("file", "Type", "file", "Path", path)]);
            await service.GoLiveAsync(CardRules.Files(CardRules.SmallThenLarge()));
            await PostAsync(service, 0, 1);
            await service.UntilAsync("deliveries?sink=file&state=delivered", page => page["items"]!.AsArray().Count == 1);
            await receiver.ReceivedAsync(1);
            await service.RestartAsync();
            await receiver.ReceivedAsync(2);
            Assert.Single(await File.ReadAllLinesAsync(path));
        }
        finally
        {
            Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
        }
    }

    private static string CardOf(int card) => $"c{card:D3}";

    /// <summary>A small payment and a large one of each card, and a later one that lets time pass.</summary>
    private static async Task PostAsync(RunningService service, int first, int cards)
    {
        var lines = Enumerable.Range(first, cards).SelectMany(i => (string[])[CardRules.Auth(CardOf(i), 1, first), CardRules.Auth(CardOf(i), 500, first)]).Append(CardRules.Auth("x", 5, first + 1));
        Assert.Equal(HttpStatusCode.OK, (await service.PostAsync(Events, string.Join('\n', lines), Lines)).Status);
    }
}
