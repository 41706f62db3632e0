using Xunit;
using Xunit.Abstractions;

namespace Cep.Cli.Tests.Kill;

/// <summary>
/// Runs that are killed at random moments, and started again until they are done, leave what an undisturbed run leaves. Thirty runs over a few days of the
/// fraud sample; <see cref="KillSeeds"/> says how to have more.
/// </summary>
public sealed class KillTests(ITestOutputHelper output)
{
    [Fact]
    public void Killed_and_started_again_a_run_writes_each_line_once()
    {
        var seeds = new KillSeeds(fewRuns: 30, fewDays: 10);
        var killer = new Killer(lastingMs: seeds.AreMany ? 8_000 : 800);
        using var days = new FraudDays(seeds.Days);
        using var reference = new TemporaryFolder();
        var undisturbed = new FraudRun(days, reference.FullName);
        var result = DotnetProcess.ToEnd(undisturbed.Start(interval: null));
        Assert.True(result.ExitCode == 0, result.Error);

        foreach (var seed in seeds.All)
        {
            using var folder = new TemporaryFolder();
            var run = new FraudRun(days, folder.FullName);
            killer.KillUntilDone(() => run.Start(interval: seeds.AreMany ? "200ms" : "30ms"), folder.FullName, new Random(seed));
            Assert.True(run.DifferenceTo(undisturbed) is not { } difference, $"Seed {seed}: {run.DifferenceTo(undisturbed)}");
        }

        output.WriteLine(killer.ToString());
        killer.CheckWorth();
    }
}
