using System.Text.RegularExpressions;
using Cep.Streaming.Tests.Support;

namespace Cep.Streaming.Tests.Jobs;

/// <summary>Random rules and events: what a job writes is a function of its input.</summary>
public class RuleJobDeterminismTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 20)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Output_is_the_same_byte_for_byte_at_any_parallelism(int seed)
    {
        var random = new RandomCase(seed);
        var one = Run(random.RuleText, random.Events, parallelism: 1);
        Assert.True(one.Matches.Length + one.Timeouts.Length > 1_000, "Too little is found to tell.");
        foreach (var parallelism in new[] { 2, 4 })
        {
            var many = Run(random.RuleText, random.Events, parallelism);
            Assert.Equal(one.All, many.All);
            Assert.Equal(CountsOf(one), CountsOf(many));
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Disorder_within_the_delay_changes_nothing(int seed)
    {
        var random = new RandomCase(seed);
        var disordered = Run(random.RuleText, random.Events, parallelism: 2);
        var sorted = Run(random.RuleText, random.Events.OrderBy(e => e.TimeMs).ToList(), parallelism: 1);
        Assert.Equal(0, disordered.Result.Input.Late);
        Assert.Equal(Set(sorted.Matches), Set(disordered.Matches));
        Assert.Equal(Set(sorted.Timeouts), Set(disordered.Timeouts));
        Assert.Equal(CountsOf(sorted), CountsOf(disordered));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Counts_agree_with_what_is_written(int seed)
    {
        var random = new RandomCase(seed);
        var run = Run(random.RuleText, random.Events, parallelism: 2);
        foreach (var (rule, counts) in run.Result.Rules)
        {
            Assert.Equal(Regex.Count(run.Matches, $"\"rule\":\"{rule.Name}\""), counts.Matches);
            Assert.Equal(Regex.Count(run.Timeouts, $"\"rule\":\"{rule.Name}\""), counts.Timeouts);
            Assert.Equal(0, counts.PartialMatches);
            Assert.InRange(counts.Events + counts.WithoutKey, 1, random.Events.Count);
        }
        Assert.Equal(run.Matches.Split('\n').Length, run.Matches.Split('\n').Select(line => line.Split("\"id\":")[^1]).Distinct().Count());
    }

    [Fact]
    public void Output_over_several_files_is_the_same_at_any_parallelism()
    {
        for (var seed = 100; seed < 110; seed++)
        {
            var random = new RandomCase(seed);
            var patterns = Compiled.Patterns(random.RuleText);
            var files = random.Events.Select((e, i) => (e.Json, File: i * i % 7 % 3)).GroupBy(e => e.File, e => e.Json).Select(f => string.Join('\n', f)).ToList();
            var all = new[] { 1, 3, 4 }.Select(p => new JobRun(patterns, files.Select(f => JobRun.Json(patterns, f)).ToList(), p).All).Distinct();
            Assert.Single(all);
        }
    }

    private static JobRun Run(string rules, IReadOnlyList<(long TimeMs, string Json)> events, int parallelism)
    {
        var patterns = Compiled.Patterns(rules);
        return new JobRun(patterns, [JobRun.Json(patterns, string.Join('\n', events.Select(e => e.Json)))], parallelism);
    }

    /// <summary>The lines without their ids, which tell events by their place in the input.</summary>
    private static List<string> Set(string lines) => Regex.Replace(lines, "\"id\":\"[0-9a-f]+\",", "").Split('\n').Order(StringComparer.Ordinal).ToList();

    private static IEnumerable<string> CountsOf(JobRun run) => run.Result.Rules.Select(r =>
        $"{r.Rule.Name}: {r.Counts.Events} {r.Counts.Matches} {r.Counts.Timeouts} {r.Counts.PartialMatches} {r.Counts.Unknown} {r.Counts.Errors} {r.Counts.WithoutKey}");
}
