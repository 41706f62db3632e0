using Cep.Engine.Connectors;
using Cep.Engine.Runtime;
using Cep.Streaming.Jobs;
using Cep.Streaming.Tests.Support;

namespace Cep.Streaming.Tests.Throttling;

/// <summary>What a job tells of a rule with <c>suppress</c> and <c>limit</c> is what these leave, by their meaning, of what it tells without.</summary>
public class AlertThrottleTests
{
    private static readonly (NaiveSuppress? Suppress, NaiveLimit? Limit)[] Clauses =
    [
        (new("k", 100), null), (new("n", 37), null), (new("who, n", 700), null), (null, new(3, 50)), (null, new(1, 1)), (new("n", 20), new(2, 30)), (new("who", 60), new(5, 40)),
    ];

    public static TheoryData<int, int> Cases
    {
        get
        {
            var cases = new TheoryData<int, int>();
            for (var clause = 0; clause < Clauses.Length; clause++)
                cases.Add(clause, 100 + clause);
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void What_is_told_is_what_the_clauses_leave_at_any_parallelism(int clause, int seed)
    {
        var (all, events) = Unthrottled(seed, 6_000);
        var (expected, throttle) = Expected(clause, all);
        foreach (var parallelism in new[] { 1, 2, 3 })
        {
            var patterns = ThrottledRule.With(TextOf(clause));
            var run = new JobRun(patterns, [JobRun.Json(patterns, string.Join('\n', events))], parallelism);
            Assert.Equal(expected, run.Matches);
            var counts = run.Result.Rules[0].Counts;
            Assert.Equal((throttle.Suppressed, throttle.Limited), (counts.Suppressed, counts.Limited));
            Assert.Equal((0, 0), (run.Result.Rules[1].Counts.Suppressed, run.Result.Rules[1].Counts.Limited));
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void What_is_told_does_not_depend_on_failures_and_parallelism_after_them(int clause, int seed)
    {
        var (all, events) = Unthrottled(seed, 20_000);
        var (expected, throttle) = Expected(clause, all);
        var patterns = ThrottledRule.With(TextOf(clause));
        using var job = new RestartedJob().Input(events);
        var random = new Random(seed);
        var (failures, left) = (0, random.Next(1, 1_000));
        job.OnMatch = () =>
        {
            if (failures == 5 || --left > 0)
                return;
            (failures, left) = (failures + 1, random.Next(1, 1_000));
            throw new IOException("on purpose");
        };
        // Each failure ends a job; the next goes on at another parallelism.
        RuleJobResult? result = null;
        for (var parallelism = 1; result is null; parallelism = 1 + parallelism % 3)
        {
            try
            {
                result = job.New(patterns, parallelism).Run();
            }
            catch (JobException)
            {
                // The next goes on from its checkpoint.
            }
        }
        Assert.InRange(failures, 1, 5);
        Assert.Equal(expected, job.Written("matches"));
        Assert.Equal((throttle.Suppressed, throttle.Limited), (result.Rules[0].Counts.Suppressed, result.Rules[0].Counts.Limited));
    }

    [Fact]
    public void Alert_at_the_end_of_a_period_is_told_with_the_number_of_those_before()
    {
        var told = Run("suppress by k for 10ms", [(0, "x"), (1, "y"), (4, "x"), (9, "x"), (10, "x"), (19, "x"), (20, "x"), (29, "x")]);
        Assert.Equal(["x@0", "y@1", "x@10 +2", "x@20 +1"], told);
    }

    [Fact]
    public void Number_of_those_that_were_suppressed_is_not_told_after_a_second_period()
    {
        Assert.Equal(["x@0", "x@19 +1"], Run("suppress by k for 10ms", [(0, "x"), (5, "x"), (19, "x")]));
        Assert.Equal(["x@0", "x@20"], Run("suppress by k for 10ms", [(0, "x"), (5, "x"), (20, "x")]));
    }

    [Fact]
    public void Limit_looks_back_over_its_span_from_each_alert()
    {
        var told = Run("limit 2 per 10ms", [(0, "x"), (5, "y"), (9, "z"), (10, "x"), (14, "x"), (15, "y")]);
        Assert.Equal(["x@0", "y@5", "x@10 -1", "y@15 -1"], told);
    }

    [Fact]
    public void What_is_limited_begins_no_period_and_what_is_suppressed_does_not_count_for_the_limit()
    {
        var told = Run("suppress by k for 10ms limit 2 per 20ms", [(0, "x"), (1, "x"), (2, "x"), (3, "y"), (4, "z"), (20, "z"), (21, "z"), (23, "x")]);
        Assert.Equal(["x@0", "y@3", "z@20 -1", "x@23"], told);
    }

    /// <summary>Alerts of single events, each as its key and time, how many were suppressed (+) and limited (-) before it.</summary>
    private static IEnumerable<string> Run(string clauses, (int TimeMs, string Key)[] events)
    {
        var patterns = Compiled.Patterns(Compiled.Letters + Compiled.Rule("r", "A within 1s", rest: clauses));
        var matches = new MemorySink<Cep.Streaming.Matches.Match>();
        var input = string.Join('\n', events.Select(e => $"{{\"k\":\"{e.Key}\",\"letter\":\"A\",\"ts\":{e.TimeMs}}}"));
        new RuleJob(patterns, new RuleJobOptions { Inputs = [JobRun.Json(patterns, input)], Matches = matches }).Run();
        return matches.Values.Select(m => $"{m.Key[0]}@{m.DetectedMs}{(m.Suppressed > 0 ? $" +{m.Suppressed}" : "")}{(m.Limited > 0 ? $" -{m.Limited}" : "")}");
    }

    private static string TextOf(int clause) => ThrottleClauses.TextOf(Clauses[clause].Suppress, Clauses[clause].Limit);

    private static (string All, List<string> Events) Unthrottled(int seed, int count)
    {
        var (patterns, events) = (ThrottledRule.With(""), ThrottledRule.Events(seed, count));
        return (new JobRun(patterns, [JobRun.Json(patterns, string.Join('\n', events))]).Matches, events);
    }

    private static (string Told, NaiveThrottle Throttle) Expected(int clause, string all)
    {
        var throttle = new NaiveThrottle();
        throttle.Change(Clauses[clause].Suppress, Clauses[clause].Limit);
        var told = ThrottledRule.Expected(all, throttle);
        Assert.InRange(throttle.Suppressed + throttle.Limited, 100, int.MaxValue);
        return (told, throttle);
    }
}
