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
    private const int FewDays = 10;

    // Two million events.
    private const int ManyDays = 370;

    private const int KillsMax = 3;

    // So many, up to one less, are let pass before a run is killed in one: there are several parts to a checkpoint.
    private static readonly Dictionary<RunMoment, int> MomentsMax = new()
    {
        [RunMoment.AnyTime] = 1, [RunMoment.WhileWriting] = 20, [RunMoment.WhenComplete] = 4, [RunMoment.WhileCommitting] = 8, [RunMoment.WhileStaging] = 12,
    };

    private readonly Dictionary<RunMoment, int> _kills = Enum.GetValues<RunMoment>().ToDictionary(m => m, _ => 0);
    private int _goneOn;

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
            KillUntilDone(run, folder.FullName, new Random(seed), interval: runs > 0 ? "200ms" : "30ms", lastingMs: runs > 0 ? 8_000 : 800);
            Assert.True(run.DifferenceTo(undisturbed) is not { } difference, $"Seed {seed}: {run.DifferenceTo(undisturbed)}");
        }

        var counts = string.Join(", ", _kills.Select(k => $"{k.Value} {k.Key}"));
        output.WriteLine($"kills: {counts}; {_goneOn} runs went on from a checkpoint");
        Assert.True(_goneOn > 0, "No run went on from a checkpoint.");
        Assert.True(_kills.Values.All(k => k > 0), $"Some moment never came: {counts}");
    }

    private void KillUntilDone(FraudRun run, string folder, Random random, string interval, int lastingMs)
    {
        for (var kills = random.Next(1, KillsMax + 1); ; kills--)
        {
            var moment = (RunMoment)random.Next(_kills.Count);
            using var process = run.Start(interval);
            var hasKilled = false;
            using var watch = kills > 0 ? new RunWatch(folder, moment, random.Next(1, MomentsMax[moment] + 1), Kill) : null;
            if (kills > 0 && moment == RunMoment.AnyTime && !process.WaitForExit(random.Next(lastingMs)))
                Kill();
            var result = DotnetProcess.ToEnd(process);
            _goneOn += result.Error.Contains("going on from checkpoint", StringComparison.Ordinal) ? 1 : 0;
            if (hasKilled)
            {
                _kills[moment]++;
                continue;
            }
            Assert.True(result.ExitCode == 0, result.Error);
            return;

            void Kill()
            {
                if (process.HasExited)
                    return;
                hasKilled = true;
                process.Kill();
            }
        }
    }
}
