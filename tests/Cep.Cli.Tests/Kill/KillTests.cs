using System.Globalization;
using Xunit;
using Xunit.Abstractions;

namespace Cep.Cli.Tests.Kill;

/// <summary>
/// Runs that are killed at random moments, and started again until they are done, leave what an undisturbed run leaves. Thirty runs over a few days of the
/// fraud sample; with the variable CEP_KILL_RUNS so many, over two million events.
/// </summary>
public sealed class KillTests(ITestOutputHelper output)
{
    private const string RunsVariable = "CEP_KILL_RUNS";
    private const int FewRuns = 30;
    private const int FewDays = 12;

    // Two million events.
    private const int ManyDays = 370;

    private const int KillsMax = 4;
    private const int MomentsMax = 25;

    private readonly Dictionary<KillMoment, int> _kills = Enum.GetValues<KillMoment>().ToDictionary(m => m, _ => 0);

    [Fact]
    public void Killed_and_started_again_a_run_writes_each_line_once()
    {
        var runs = Environment.GetEnvironmentVariable(RunsVariable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : 0;
        using var days = new FraudDays(runs > 0 ? ManyDays : FewDays);
        using var reference = new TemporaryFolder();
        var undisturbed = new FraudRun(days, reference.FullName);
        var result = DotnetProcess.ToEnd(undisturbed.Start(interval: null));
        Assert.True(result.ExitCode == 0, result.Error);

        for (var seed = 1; seed <= (runs > 0 ? runs : FewRuns); seed++)
        {
            using var folder = new TemporaryFolder();
            var run = new FraudRun(days, folder.FullName);
            KillUntilDone(run, folder.FullName, new Random(seed), interval: runs > 0 ? "200ms" : "30ms", lastingMs: runs > 0 ? 4_000 : 600);
            Assert.True(run.DifferenceTo(undisturbed) is not { } difference, $"Seed {seed}: {run.DifferenceTo(undisturbed)}");
        }

        var counts = string.Join(", ", _kills.Select(k => $"{k.Value} {k.Key}"));
        output.WriteLine($"kills: {counts}");
        Assert.True(_kills.Values.All(k => k > 0), $"Some moment never came: {counts}");
    }

    private void KillUntilDone(FraudRun run, string folder, Random random, string interval, int lastingMs)
    {
        for (var kills = random.Next(1, KillsMax + 1); ; kills--)
        {
            var moment = (KillMoment)random.Next(_kills.Count);
            using var process = run.Start(interval);
            using var killer = kills > 0 ? new Killer(process, folder, moment, random.Next(1, MomentsMax)) : null;
            if (killer is not null && moment == KillMoment.AtAnyTime && !process.WaitForExit(random.Next(lastingMs)))
                killer.Kill();
            var result = DotnetProcess.ToEnd(process);
            if (killer is { HasKilled: true })
            {
                _kills[moment]++;
                continue;
            }
            Assert.True(result.ExitCode == 0, result.Error);
            return;
        }
    }
}
