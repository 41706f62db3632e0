using System.Diagnostics;
using System.Globalization;
using System.Net;
using Cep.RulesService.Tests.Support;
using Xunit.Abstractions;

namespace Cep.RulesService.Tests.Kill;

/// <summary>
/// A service that is posted 20,000 events a second, and gets other rules every so often - added, removed, changed so that partial matches are carried, broken, and rolled back -, tells what a
/// reference finds in its event log by the times of its deployments. Ten seconds; with the variable CEP_SERVICE_SECONDS so many.
/// </summary>
[Collection("Processes")]
public sealed class ServiceLoadTests(ITestOutputHelper output)
{
    private const int PerSecond = 20_000;
    private const int BatchLength = 500;
    private const int Carried = 130;

    [Fact]
    public async Task Deployed_to_under_load_it_tells_what_each_rule_finds_in_its_time()
    {
        var seconds = Environment.GetEnvironmentVariable("CEP_SERVICE_SECONDS") is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : 10;
        var folder = Directory.CreateTempSubdirectory("cep-service-load-").FullName;
        using var service = new ServiceProcess(Path.Combine(folder, "data"));
        var traffic = new ServiceTraffic(service, seed: 5);
        service.Start();
        Assert.Equal(HttpStatusCode.OK, await traffic.DeployAsync(await traffic.DraftAsync(CardRules.TwoLarge), "carry"));
        using var over = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
        var deploying = Task.Run(() => DeployAsync(traffic, TimeSpan.FromSeconds(seconds >= 60 ? 3 : 0.5), over.Token));
        await PostAsync(traffic, over.Token);
        var (done, refused) = await deploying;
        await traffic.PostLastAsync();
        var (alerts, deployments) = await traffic.SettledAsync();
        service.Kill();

        output.WriteLine($"{traffic.Posted} events in {seconds} s, {done} deployments and {refused} refused, {alerts.Count} alerts");
        var reference = new AlertReference(Path.Combine(folder, "data", "streams", "auths"), "auths");
        Assert.Equal(traffic.Posted + 1, reference.Events);
        var spans = traffic.Spans(deployments).ToList();
        // Of rules whose partial matches are carried the reference is written by hand; the others are matched alone, each in its time.
        var expected = reference.Of(spans.Where(s => !IsCarried(s))).Concat(reference.OfSmallThenLarge(spans.Where(IsCarried).Select(s => (ThresholdOf(s), s.AfterMs, s.UpToMs)).ToList()));
        AlertReference.CheckSame(expected, alerts.ConvertAll(ServiceTraffic.Describe), $"deployments {string.Join("; ", deployments.Select(d => $"{d["version"]} at {d["watermarkMs"]}"))}");
        Assert.Contains(alerts, a => (string?)a["rule"] == "small_then_large");
        Assert.Equal(done + 1, deployments.Count);
        Assert.True(refused > 0 && done > 4);
        Directory.Delete(folder, recursive: true);
    }

    private static bool IsCarried(RuleSpan span) => span.Rule.StartsWith("rule small_then_large", StringComparison.Ordinal);

    private static int ThresholdOf(RuleSpan span) => Enumerable.Range(0, 3).Select(i => Carried + (i * 20)).First(t => span.Rule == CardRules.SmallThenLarge(t));

    /// <summary>As many events as are due by the clock, in batches.</summary>
    private static async Task PostAsync(ServiceTraffic traffic, CancellationToken over)
    {
        var clock = Stopwatch.StartNew();
        while (!over.IsCancellationRequested)
        {
            if (traffic.Posted < PerSecond * clock.Elapsed.TotalSeconds)
                await traffic.PostAsync(BatchLength);
            else
                await Task.Delay(5, CancellationToken.None);
        }
    }

    /// <summary>Deploys one version after the other: with one more rule, with another bound of it, broken, rolled back, with one rule less.</summary>
    private static async Task<(int Done, int Refused)> DeployAsync(ServiceTraffic traffic, TimeSpan every, CancellationToken over)
    {
        var (done, refused, numbers) = (0, 0, new List<int>());
        for (var i = 0; !over.IsCancellationRequested; i++)
        {
            var number = (i % 6) switch
            {
                3 => await traffic.DraftAsync("rule broken { from auths match a: auths where amnt > 2 }"),
                // As the version before the last one: the rules before are back, and what they keep they keep.
                4 => numbers[^2],
                5 => await traffic.DraftAsync(CardRules.TwoLarge, CardRules.SmallThenLarge(Carried), CardRules.Rising),
                var n => await traffic.DraftAsync(CardRules.TwoLarge, CardRules.SmallThenLarge(Carried + (n * 20))),
            };
            if (await traffic.DeployAsync(number, "carry") == HttpStatusCode.OK)
            {
                done++;
                numbers.Add(number);
            }
            else
                refused++;
            await Task.Delay(every, CancellationToken.None);
        }
        return (done, refused);
    }
}
