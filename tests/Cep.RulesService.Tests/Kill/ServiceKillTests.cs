using System.Globalization;
using System.Net;
using Cep.RulesService.Tests.Support;
using Xunit.Abstractions;

namespace Cep.RulesService.Tests.Kill;

/// <summary>
/// A service that is killed at random moments, while events come in and rules are deployed, tells what each rule finds in the events of its time, once. Five kills; with the
/// variable CEP_SERVICE_KILLS so many.
/// </summary>
[Collection("Processes")]
public sealed class ServiceKillTests(ITestOutputHelper output)
{
    private const int BatchLength = 100;

    // What runs when: `two_large` always and unchanged, the others come, go and change.
    private static readonly string[][] Versions =
    [
        [CardRules.TwoLarge, CardRules.SmallThenLarge(150)],
        [CardRules.TwoLarge, CardRules.SmallThenLarge(180)],
        [CardRules.TwoLarge, CardRules.SmallThenLarge(180), CardRules.Rising],
        [CardRules.TwoLarge, CardRules.Rising],
    ];

    private readonly Random _random = new(7);
    private int _deployed;

    [Fact]
    public async Task Killed_while_events_come_in_and_rules_are_deployed_it_tells_each_alert_once()
    {
        var kills = Environment.GetEnvironmentVariable("CEP_SERVICE_KILLS") is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : 5;
        var folder = Directory.CreateTempSubdirectory("cep-service-kill-").FullName;
        using var service = new ServiceProcess(Path.Combine(folder, "data"));
        var traffic = new ServiceTraffic(service, seed: 11);
        service.Start();
        await DeployAsync(traffic);
        for (var i = 0; i < kills; i++)
        {
            await WorkAsync(traffic, deployments: _random.Next(1, 4), more: TimeSpan.FromMilliseconds(_random.Next(400)));
            service.Kill();
            service.Start();
        }
        await WorkAsync(traffic, deployments: 2, more: TimeSpan.Zero);
        await traffic.PostLastAsync();
        var (alerts, deployments) = await traffic.SettledAsync();
        service.Kill();

        var reference = new AlertReference(Path.Combine(folder, "data", "streams", "auths"), "auths");
        output.WriteLine($"{kills} kills, {reference.Events} events, {deployments.Count} deployments, {alerts.Count} alerts");
        var told = alerts.ConvertAll(ServiceTraffic.Describe);
        AlertReference.CheckSame(reference.Of(traffic.Spans(deployments)), told, $"deployments {string.Join("; ", deployments.Select(d => $"{d["version"]} at {d["watermarkMs"]}"))}\n{service.Told}");
        Assert.Equal(alerts.Count, alerts.Select(a => (string?)a["id"]).Distinct().Count());
        Assert.True(deployments.Count > kills, $"{deployments.Count} deployments only.");
        Assert.Contains(told, a => a.StartsWith("rising", StringComparison.Ordinal));
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>Posts and deploys, and leaves off in the middle of that.</summary>
    /// <param name="traffic">What is posted and deployed.</param>
    /// <param name="deployments">How many are carried out.</param>
    /// <param name="more">For how long after that.</param>
    private async Task WorkAsync(ServiceTraffic traffic, int deployments, TimeSpan more)
    {
        using var over = new CancellationTokenSource();
        var posting = Task.Run(async () =>
        {
            while (!over.IsCancellationRequested)
                await TryAsync(() => traffic.PostAsync(BatchLength));
        });
        for (var left = deployments; left > 0; left--)
        {
            await DeployAsync(traffic);
            await Task.Delay(_random.Next(150));
        }
        _ = TryAsync(() => DeployAsync(traffic));
        await Task.Delay(more);
        await over.CancelAsync();
        await posting;
    }

    private async Task DeployAsync(ServiceTraffic traffic)
    {
        var number = await traffic.DraftAsync(Versions[_deployed++ % Versions.Length]);
        Assert.Equal(HttpStatusCode.OK, await traffic.DeployAsync(number, "reset"));
    }

    /// <summary>What is asked of a service that is killed meanwhile fails.</summary>
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
}
