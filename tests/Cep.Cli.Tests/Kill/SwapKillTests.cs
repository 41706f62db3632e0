using Xunit;
using Xunit.Abstractions;

namespace Cep.Cli.Tests.Kill;

/// <summary>
/// Runs whose rules are edited while they go on, and that are killed at random moments, tell what each version of each rule finds in the events of its time.
/// A few runs over some hundred days of the fraud sample; <see cref="KillSeeds"/> says how to have more.
/// </summary>
public sealed class SwapKillTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("reset")]
    [InlineData("drain")]
    public void Killed_while_its_rules_are_edited_a_run_tells_what_each_version_finds_in_its_time(string onChange)
    {
        var seeds = new KillSeeds(fewRuns: 3, fewDays: 120);
        var killer = new Killer(lastingMs: seeds.AreMany ? 8_000 : 2_000);
        using var days = new FraudDays(seeds.Days);
        using var undisturbed = new TemporaryFolder();
        var result = DotnetProcess.ToEnd(new FraudRun(days, undisturbed.FullName).Start(interval: null));
        Assert.True(result.ExitCode == 0, result.Error);
        var reference = new SwapReference(days);

        var (changes, edited) = (0, 0);
        foreach (var seed in seeds.All)
        {
            using var folder = new TemporaryFolder();
            changes += RunOnce(days, folder, killer, seed, onChange);
            edited += Check(folder, undisturbed, reference, seed);
        }
        output.WriteLine($"{killer}; rules changed {changes} times; {edited} lines of edited rules");
        Assert.True(edited > 0, "The edited rules found nothing.");
        Assert.True(changes > seeds.Count, $"The rules changed {changes} times only.");
    }

    /// <returns>How often the rules changed.</returns>
    private static int RunOnce(FraudDays days, TemporaryFolder folder, Killer killer, int seed, string onChange)
    {
        using var rules = new EditedRules(folder["rules"], TimeSpan.FromMilliseconds(600), () => File.Exists(folder["checkpoints/latest"]));
        var run = new FraudRun(days, folder.FullName, rules.Folder);
        killer.KillUntilDone(() => run.Start("100ms", parallelism: 1 + seed % 2, "--watch-rules", "--on-change", onChange, "--changes", folder["changes"]), folder.FullName, new Random(seed));
        return SwapTimeline.Read(folder["changes"]).Changes;
    }

    /// <returns>How many lines of edited rules there are.</returns>
    private static int Check(TemporaryFolder folder, TemporaryFolder undisturbed, SwapReference reference, int seed)
    {
        var (spans, _) = SwapTimeline.Read(folder["changes"]);
        var (matches, timeouts) = reference.Of(spans);
        var when = $"Seed {seed}, {string.Join("; ", spans)}";
        CheckSame(matches, SwapReference.EditedOf(folder["matches"]), $"{when}: matches of edited rules");
        CheckSame(timeouts, SwapReference.EditedOf(folder["timeouts"]), $"{when}: timeouts of edited rules");
        foreach (var name in (string[])["matches", "timeouts", "late", "malformed"])
            CheckSame(SwapReference.OthersOf(undisturbed[name]), SwapReference.OthersOf(folder[name]), $"{when}: {name} of other rules");
        return matches.Count + timeouts.Count;
    }

    private static void CheckSame(List<string> expected, List<string> actual, string what)
    {
        var (missing, more) = (expected.Except(actual).ToList(), actual.Except(expected).ToList());
        Assert.True(missing.Count + more.Count == 0 && expected.Count == actual.Count, $"{what}: {expected.Count} expected and {actual.Count} found; not found {missing.FirstOrDefault()}; found but not expected {more.FirstOrDefault()}");
    }
}
