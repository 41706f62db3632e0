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

    [Fact]
    public void Killed_and_started_again_a_run_writes_each_line_once()
    {
        var runs = Environment.GetEnvironmentVariable(RunsVariable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : 0;
        var killer = new Killer(runs > 0 ? 8_000 : 800);
        using var days = new FraudDays(runs > 0 ? ManyDays : FewDays);
        using var reference = new TemporaryFolder();
        var undisturbed = new FraudRun(days, reference.FullName);
        var result = DotnetProcess.ToEnd(undisturbed.Start(interval: null));
        Assert.True(result.ExitCode == 0, result.Error);

        for (var seed = 1; seed <= (runs > 0 ? runs : FewRuns); seed++)
        {
            using var folder = new TemporaryFolder();
            var run = new FraudRun(days, folder.FullName);
            killer.KillUntilDone(() => run.Start(interval: runs > 0 ? "200ms" : "30ms"), folder.FullName, new Random(seed));
            Assert.True(run.DifferenceTo(undisturbed) is not { } difference, $"Seed {seed}: {run.DifferenceTo(undisturbed)}");
        }

        output.WriteLine(killer.ToString());
        killer.CheckWorth();
    }
}
