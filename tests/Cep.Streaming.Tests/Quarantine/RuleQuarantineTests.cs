using System.Text;
using Cep.Conditions;
using Cep.Patterns;
using Cep.Rules;
using Cep.Streaming.Tests.Support;

namespace Cep.Streaming.Tests.Quarantine;

/// <summary>A rule that cannot be evaluated ends at one place in the order of outputs; the others do not notice.</summary>
public class RuleQuarantineTests
{
    private const string Limited = "partials 3 per key on overflow fail";

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void What_is_told_of_a_failed_rule_is_what_came_before_its_first_failure_at_any_parallelism(int seed)
    {
        var events = Events(seed);
        var straight = Run(Rules(""), events, 1);
        var one = Run(Rules(Limited), events, 1);
        var error = Assert.Single(one.Result.Quarantined);
        Assert.Equal(("r", "The key has more than 3 partial matches."), (error.Rule.Name, error.Message));
        Assert.Single(one.Errors.TrimEnd().Split('\n'));
        // Each event has a time of its own, so all that was detected before is all that came before.
        Assert.Equal(Lines(straight.Matches).Where(l => !l.Contains("\"rule\":\"r\"") || DetectedMs(l) < error.TimeMs), Lines(one.Matches));
        Assert.Equal(Lines(straight.Timeouts).Where(l => !l.Contains("\"rule\":\"r\"") || DetectedMs(l) < error.TimeMs), Lines(one.Timeouts));
        foreach (var parallelism in new[] { 2, 4, 7 })
        {
            var many = Run(Rules(Limited), events, parallelism);
            Assert.Equal(one.All, many.All);
            var counts = many.Result.Rules.Single(r => r.Rule.Name == "r").Counts;
            Assert.Equal((Lines(one.Matches).Count(l => l.Contains("\"rule\":\"r\"")), 0), (counts.Matches, counts.PartialMatches));
        }
    }

    [Fact]
    public void Failure_is_told_with_key_event_and_time()
    {
        var run = Run(Rules("partials 1 per key on overflow fail"), "{\"k\":\"x\",\"letter\":\"A\",\"ts\":5}\n{\"k\":\"x\",\"letter\":\"A\",\"ts\":9}\n", 1);
        Assert.Equal("""{"rule":"r","version":1,"key":["x"],"time":"1970-01-01T00:00:00.009Z","message":"The key has more than 1 partial matches.","stream":"s","event":{"k":"x","letter":"A","n":null,"ts":"1970-01-01T00:00:00.009Z"}}""" + "\n", run.Errors);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Skip_that_fails_at_a_deadline_has_no_event(int parallelism)
    {
        var patterns = With(r => r with { Pattern = r.Pattern with { Skip = new AfterMatchSkip(SkipKind.ToFirst, "a", FailsOnMiss: true) } },
            Compiled.Rule("r", "A -> not B within 10ms"));
        var run = Run(patterns, parallelism: parallelism, events: "{\"k\":\"x\",\"letter\":\"A\",\"ts\":3}\n{\"k\":\"y\",\"letter\":\"A\",\"ts\":5}\n");
        Assert.Equal("", run.Matches);
        var error = Assert.Single(run.Result.Quarantined);
        Assert.Equal((null, 13, "x"), (error.Event, error.TimeMs, Assert.Single(error.Key)));
        Assert.StartsWith("Matching was to go on at `a`", error.Message);
    }

    [Fact]
    public void Condition_and_pre_filter_in_code_that_throw_stop_their_rule_only()
    {
        var code = new OpaqueExpr((_, _) => throw new FormatException("no number"), readsTaken: false, []);
        string[] rules = [Compiled.Rule("fine", "A -> B within 1s"), Compiled.Rule("filter", "A -> B within 1s"), Compiled.Rule("step", "A -> B within 1s")];
        var patterns = With(r => r.Name switch
        {
            "filter" => r with { Inputs = [r.Inputs[0] with { Where = code }] },
            "step" => r with { Pattern = r.Pattern with { Steps = [r.Pattern.Steps[0], (EventStep)r.Pattern.Steps[1] with { Where = code }] } },
            _ => r,
        }, rules);
        var run = Run(patterns, parallelism: 2, events: "{\"k\":\"x\",\"letter\":\"A\",\"ts\":5}\n{\"k\":\"x\",\"letter\":\"B\",\"ts\":6}\n");
        Assert.Equal(["filter 5 The pre-filter of the rule threw FormatException: no number", "step 6 The condition of `b` threw FormatException: no number"],
            run.Result.Quarantined.Select(e => $"{e.Rule.Name} {e.TimeMs} {e.Message}"));
        Assert.Equal([1L, 0L, 0L], run.Result.Rules.Select(r => r.Counts.Matches));
    }

    [Fact]
    public void Dropped_partial_matches_are_counted()
    {
        var op = new DrivenOperator(Compiled.Rule("r", "A -> B within 1s skip none", rest: "partials 2 per key on overflow drop_newest"));
        Assert.Equal("a@1 b@5; a@2 b@5", op.Run("A@1, A@2, A@3, A@4, B@5"));
        Assert.Equal((2, 0), (op.Counts[0].DroppedPartials, op.Counts[0].PartialMatches));
    }

    [Fact]
    public void Conditions_are_counted_as_often_as_they_are_evaluated()
    {
        var op = new DrivenOperator(Compiled.Rule("r", "A -> B within 1s"));
        op.Run("A@1, X@2, B@3");
        // Both conditions are of the event alone and cheap: the screen asks both, once an event.
        Assert.Equal(6, op.Counts[0].ConditionEvaluations);
    }

    [Fact]
    public void Rule_whose_streams_share_a_class_is_refused()
    {
        var set = Compiled.Patterns(Compiled.Letters + Compiled.Rule("r", "A -> B within 1s")).RuleSet;
        var twin = set.Streams[0] with { Time = null };
        var both = set.Rules[0] with { Inputs = [set.Rules[0].Inputs[0], set.Rules[0].Inputs[0] with { Stream = twin }] };
        var e = Assert.Throws<ArgumentException>(() => PatternSet.Compile(new RuleSet([set.Streams[0], twin], [both])));
        Assert.StartsWith("The rule `r` cannot tell events of its streams `s` and `s` apart", e.Message);
    }

    private static string Rules(string limit) =>
        Compiled.Rule("r", "A -> B within 40ms skip none", rest: limit) + Compiled.Rule("other", "B -> A within 15ms") + Compiled.Rule("third", "A -> C within 30ms", key: null);

    private static JobRun Run(string rules, string events, int parallelism) => Run(Compiled.Patterns(Compiled.Letters + rules), events, parallelism);

    private static JobRun Run(PatternSet patterns, string events, int parallelism) => new(patterns, [JobRun.Json(patterns, events)], parallelism);

    private static PatternSet With(Func<Rule, Rule> change, params string[] rules)
    {
        var set = Compiled.Patterns(Compiled.Letters + string.Concat(rules)).RuleSet;
        return PatternSet.Compile(set with { Rules = set.Rules.Select(change).ToList() });
    }

    /// <summary>Several keys, mostly As and Bs, one event a millisecond.</summary>
    private static string Events(int seed)
    {
        var random = new Random(seed);
        var text = new StringBuilder();
        for (var i = 0; i < 4_000; i++)
            text.AppendLine($"{{\"k\":\"k{random.Next(9)}\",\"letter\":\"{"AABBBBC"[random.Next(7)]}\",\"ts\":{i}}}");
        return text.ToString();
    }

    private static IEnumerable<string> Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static long DetectedMs(string line) =>
        DateTimeOffset.Parse(line.Split("\"detected\":\"")[1].Split('"')[0], System.Globalization.CultureInfo.InvariantCulture).ToUnixTimeMilliseconds();
}
