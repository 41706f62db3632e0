using Cep.RulesService.Deliveries;
using Cep.RulesService.Deliveries.Sinks;
using Cep.RulesService.Tests.Support;
using Dapper;
using Microsoft.AspNetCore.Http;
using Microsoft.Data.Sqlite;

namespace Cep.RulesService.Tests.Deliveries;

public sealed class DeliveryWorkerTests
{
    [Fact]
    public async Task Pauses_double_until_the_delivery_is_given_up()
    {
        await using var receiver = await AlertReceiver.StartAsync(StatusCodes.Status500InternalServerError);
        using var steps = Webhook(receiver, new SinkOptions { MaxAttempts = 6, MaxPause = TimeSpan.FromSeconds(10) });
        steps.Tell(DeliverySteps.Alert("a"));
        for (var attempt = 1; attempt < 6; attempt++)
        {
            Assert.Equal(1, await steps.DeliverAsync());
            var delivery = Assert.Single(steps.Store.Of("a"));
            Assert.Equal((DeliveryState.Pending, attempt, "It was answered with 500."), (delivery.State, delivery.Attempts, delivery.LastError));
            var (pause, longest) = ((long)(delivery.NextAt!.Value - steps.Clock.GetUtcNow()).TotalMilliseconds, Math.Min(1000 << (attempt - 1), 10_000));
            Assert.InRange(pause, (longest / 2) - 1, longest);
            steps.Clock.Advance(pause - 1);
            Assert.Equal(0, await steps.DeliverAsync());
            steps.Clock.Advance(1);
        }
        await steps.DeliverAsync();
        var dead = Assert.Single(steps.Store.Of("a"));
        Assert.Equal((DeliveryState.Dead, 6, null), (dead.State, dead.Attempts, dead.NextAt));
        steps.Clock.Advance(100_000_000);
        Assert.Equal(0, await steps.DeliverAsync());
        Assert.Equal(6, receiver.Received.Count);
    }

    [Theory]
    [InlineData("120", 120)]
    [InlineData("Thu, 01 Jan 2026 00:05:00 GMT", 300)]
    [InlineData("99999999", 86_400)]
    public async Task Busy_receiver_says_how_long_to_wait(string retryAfter, int seconds)
    {
        await using var receiver = await AlertReceiver.StartAsync((context, _) =>
        {
            context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
            context.Response.Headers.RetryAfter = retryAfter;
            return Task.CompletedTask;
        });
        using var steps = Webhook(receiver, new SinkOptions());
        steps.Tell(DeliverySteps.Alert("a"));
        await steps.DeliverAsync();
        Assert.Equal(TimeSpan.FromSeconds(seconds), Assert.Single(steps.Store.Of("a")).NextAt - steps.Clock.GetUtcNow());
    }

    [Fact]
    public async Task Receiver_that_is_gone_is_not_asked_again_until_somebody_wants_it()
    {
        var status = StatusCodes.Status410Gone;
        await using var receiver = await AlertReceiver.StartAsync((context, _) =>
        {
            context.Response.StatusCode = status;
            return Task.CompletedTask;
        });
        using var steps = Webhook(receiver, new SinkOptions());
        steps.Tell(DeliverySteps.Alert("a"), DeliverySteps.Alert("b"));
        Assert.Equal(2, await steps.DeliverAsync());
        Assert.All(steps.Store.Newest(new DeliveryFilter(DeliveryState.Dead, "soc", null), 10), d => Assert.Equal("It was answered with 410: alerts are not wanted there any more.", d.LastError));

        status = StatusCodes.Status200OK;
        Assert.Equal(2, steps.Store.RedeliverDead("soc", "anna"));
        Assert.Equal(2, await steps.DeliverAsync());
        Assert.Equal(2, steps.Store.Newest(new DeliveryFilter(DeliveryState.Delivered, null, null), 10).Count);
        Assert.Equal(["a", "a", "b", "b"], receiver.Received.Select(r => r.Headers["webhook-id"]).Order());
    }

    [Fact]
    public async Task Redirection_is_not_followed()
    {
        await using var other = await AlertReceiver.StartAsync();
        await using var receiver = await AlertReceiver.StartAsync((context, _) =>
        {
            context.Response.StatusCode = StatusCodes.Status307TemporaryRedirect;
            context.Response.Headers.Location = other.Url;
            return Task.CompletedTask;
        });
        using var steps = Webhook(receiver, new SinkOptions());
        steps.Tell(DeliverySteps.Alert("a"));
        await steps.DeliverAsync();
        Assert.Equal("It was answered with 307, and redirections are not followed.", Assert.Single(steps.Store.Of("a")).LastError);
        Assert.Empty(other.Received);
    }

    [Fact]
    public async Task Name_that_resolves_to_this_machine_is_not_sent_to()
    {
        await using var receiver = await AlertReceiver.StartAsync();
        using var steps = new DeliverySteps((alerts, _) => alerts.Sinks["soc"] = new SinkOptions { Type = "webhook", Url = $"http://localhost:{receiver.Port}/", Secret = Sinks.Secret });
        steps.Tell(DeliverySteps.Alert("a"));
        await steps.DeliverAsync();
        Assert.Matches(
            "^Alerts are not sent to `localhost`: its address (127.0.0.1|::1) is one of the machine itself, link-local, multicast or of cloud metadata, and Cep:Alerts:AllowedHosts does not name the host.$",
            Assert.Single(steps.Store.Of("a")).LastError);
        Assert.Empty(receiver.Received);
    }

    [Fact]
    public async Task Alert_told_again_is_not_delivered_again()
    {
        await using var receiver = await AlertReceiver.StartAsync();
        using var steps = Webhook(receiver, new SinkOptions());
        steps.Tell(DeliverySteps.Alert("a"));
        Assert.Equal(1, await steps.DeliverAsync());
        steps.Tell(DeliverySteps.Alert("a"), DeliverySteps.Alert("b"));
        Assert.Equal(1, await steps.DeliverAsync());
        Assert.Equal(["a", "b"], receiver.Received.Select(r => r.Headers["webhook-id"]));
    }

    [Fact]
    public async Task Alert_is_not_visible_without_its_deliveries()
    {
        await using var receiver = await AlertReceiver.StartAsync();
        using var steps = Webhook(receiver, new SinkOptions());
        steps.Database.Write(connection => connection.Execute("ALTER TABLE deliveries RENAME TO elsewhere"));
        Assert.Throws<SqliteException>(() => steps.Tell(DeliverySteps.Alert("a")));
        steps.Database.Write(connection => connection.Execute("ALTER TABLE elsewhere RENAME TO deliveries"));
        Assert.Null(steps.Alerts.Find("a"));

        steps.Tell();
        Assert.NotNull(steps.Alerts.Find("a"));
        Assert.Equal(1, await steps.DeliverAsync());
    }

    [Fact]
    public async Task Attempts_and_what_is_open_are_counted()
    {
        await using var receiver = await AlertReceiver.StartAsync(StatusCodes.Status500InternalServerError);
        using var steps = Webhook(receiver, new SinkOptions { MaxAttempts = 2 });
        steps.Tell(DeliverySteps.Alert("a"), DeliverySteps.Alert("b"));
        Assert.Equal([("soc", DeliveryState.Pending, 2L)], steps.Store.Open());
        await steps.DeliverAsync();
        steps.Clock.Advance(1000);
        await steps.DeliverAsync();
        Assert.Equal([("soc", DeliveryState.Dead, 2L)], steps.Store.Open());
        Assert.Equal([("pending", 1L), ("pending", 1L), ("dead", 1L), ("dead", 1L)], steps.Counted);
    }

    [Fact]
    public void Lanes_share_what_is_due_and_try_nothing_twice()
    {
        using var steps = new DeliverySteps((alerts, _) => alerts.Sinks["soc"] = new SinkOptions { Type = "webhook", Url = "https://alerts.example.org", Secret = Sinks.Secret });
        using var sink = new WebhookSink("soc", steps.Options.Sinks["soc"], new AddressGuard([]), steps.Clock);
        var claims = new DeliveryClaims(steps.Store, sink);
        var now = steps.Clock.GetUtcNow();
        steps.Tell(DeliverySteps.Alert("a"), DeliverySteps.Alert("b"));
        var (first, second) = (claims.Claim(now), claims.Claim(now));
        Assert.Equal(["a", "b"], first.Concat(second).Select(d => d.Alert));
        Assert.Empty(claims.Claim(now));

        steps.Tell(Enumerable.Range(0, 300).Select(i => DeliverySteps.Alert($"c{i}")).ToArray());
        var shares = Enumerable.Range(0, 300).Select(_ => claims.Claim(now)).TakeWhile(share => share.Count > 0).ToList();
        Assert.Equal(300, shares.SelectMany(s => s).Select(d => d.Number).Distinct().Count());
        Assert.Equal(300, shares.Sum(s => s.Count));
        Assert.Equal((16, 1), (shares[0].Count, shares[^1].Count));

        claims.Release(second);
        Assert.Equal("b", Assert.Single(claims.Claim(now)).Alert);
    }

    [Fact]
    public void What_is_asked_for_during_an_attempt_is_tried_again()
    {
        using var steps = new DeliverySteps((alerts, _) => alerts.Sinks["log"] = new SinkOptions { Type = "console" });
        steps.Tell(DeliverySteps.Alert("a"));
        var now = steps.Clock.GetUtcNow();
        var failed = Assert.Single(steps.Store.Of("a")).After(new DeliveryOutcome("It was answered with 500."), new SinkOptions(), now);
        steps.Store.Keep([failed]);
        steps.Store.Redeliver("a", "log", "anna");
        steps.Store.Keep([failed.After(new DeliveryOutcome("It was answered with 500."), new SinkOptions { MaxAttempts = 2 }, now)]);
        Assert.Equal((DeliveryState.Pending, 0), (steps.Store.Of("a")[0].State, steps.Store.Of("a")[0].Attempts));
    }

    private static DeliverySteps Webhook(AlertReceiver receiver, SinkOptions options)
    {
        (options.Type, options.Url, options.Secret) = ("webhook", receiver.Url, Sinks.Secret);
        return new DeliverySteps((alerts, _) => (alerts.AllowedHosts, alerts.Sinks["soc"]) = (["127.0.0.1"], options));
    }
}
