using Cep.Conditions;
using Cep.Streaming.Swaps;
using Cep.Streaming.Tests.Support;

namespace Cep.Streaming.Tests.Unless;

/// <summary>Events that call a rule off for their key.</summary>
public class UnlessTests
{
    private const string OnC = "unless s where letter == \"C\"";

    private static readonly string Pair = Compiled.Rule("r", "A -> B within 100ms skip none", rest: OnC);

    private static readonly string Absence = Compiled.Rule("r", "A -> not B within 100ms", rest: OnC);

    [Theory]
    [InlineData("A@1, C@2, B@3", "")]
    [InlineData("A@1, B@2, C@3", "a@1 b@2")]
    [InlineData("A@1, C@2, A@3, B@4", "a@3 b@4")]
    [InlineData("A@1, A@2, C@3, A@4, B@5", "a@4 b@5")]
    [InlineData("C@1, A@2, B@3", "a@2 b@3")]
    public void Such_an_event_drops_what_has_begun_and_nothing_else(string events, string told) => Assert.Equal(told, new DrivenOperator(Pair).Run(events));

    [Fact]
    public void Only_its_key_is_called_off() => Assert.Equal("a@2 b@5", new DrivenOperator(Pair).Run("A@1, A@2 of y, C@3, B@4, B@5 of y"));

    [Fact]
    public void Without_a_key_everything_is_called_off() =>
        Assert.Equal("", new DrivenOperator(Compiled.Rule("r", "A -> B within 100ms", key: null, rest: OnC)).Run("A@1, A@2 of y, C@3 of z, B@4, B@5 of y"));

    [Fact]
    public void What_is_called_off_is_neither_a_match_nor_a_timeout_and_is_counted()
    {
        var op = new DrivenOperator(Pair);
        Assert.Equal("", op.Run("A@1, A@2, A@3 of y, C@4, C@5 of y, C@6, X@500"));
        Assert.Equal((3, 0, 0, 0), (op.Counts[0].CancelledPartials, op.Counts[0].Matches, op.Counts[0].Timeouts, op.Counts[0].PartialMatches));
        Assert.Equal(0, op.Keys);
    }

    [Fact]
    public void What_waits_for_its_deadline_is_called_off_before_it()
    {
        Assert.Equal("", new DrivenOperator(Absence).Run("A@1, C@100, X@500"));
        Assert.Equal("a@1 at 101", new DrivenOperator(Absence).Run("A@1, C@101, X@500"));
    }

    [Fact]
    public void Events_of_one_millisecond_count_in_the_order_in_which_they_came()
    {
        Assert.Equal("", new DrivenOperator(Pair).Run("A@1, C@1, B@1"));
        Assert.Equal("a@1 b@1", new DrivenOperator(Pair).Run("C@1, A@1, B@1"));
    }

    [Fact]
    public void The_event_is_offered_to_the_pattern_after_it_has_called_the_rule_off()
    {
        var rule = Compiled.Rule("r", "A -> B within 100ms skip none", rest: "unless s where letter == \"A\"");
        Assert.Equal("a@2 b@3", new DrivenOperator(rule).Run("A@1, A@2, B@3"));
    }

    [Fact]
    public void Any_of_several_clauses_calls_the_rule_off()
    {
        var rule = Compiled.Rule("r", "A -> B within 100ms", rest: $"{OnC} unless s where letter == \"D\"");
        Assert.Equal("a@5 b@6", new DrivenOperator(rule).Run("A@1, C@2, A@3, D@4, A@5, B@6"));
    }

    [Fact]
    public void A_clause_without_a_condition_is_every_event_of_the_stream() =>
        Assert.Equal("", new DrivenOperator(Compiled.Rule("r", "A -> B within 100ms", rest: "unless s")).Run("A@1, B@2"));

    [Fact]
    public void The_pre_filter_does_not_count()
    {
        var op = new DrivenOperator("rule r { from s key k where letter != \"C\" match a: s where letter == \"A\" => b: s where letter == \"B\" within 100ms " + OnC + " }");
        Assert.Equal("a@3 b@4", op.Run("A@1, C@2, A@3, B@4"));
        Assert.Equal("", op.Run("A@5, C@6, B@7"));
    }

    [Fact]
    public void A_complete_match_that_what_is_dropped_held_back_is_told()
    {
        const string Rule = "rule r { from s key k match ( x: s where letter == \"X\" -> y: s where letter == \"Y\" | a: s where letter == \"A\" -> b: s where letter == \"B\" ) within 100ms unless s where letter == \"C\" }";
        Assert.Equal("a@2 b@3 at 101; x@1 timed out at 101", new DrivenOperator(Rule).Run("X@1, A@2, B@3, D@300"));
        Assert.Equal("a@2 b@3 at 4", new DrivenOperator(Rule).Run("X@1, A@2, B@3, C@4, D@300"));
    }

    [Fact]
    public void A_condition_that_is_null_or_fails_in_arithmetic_does_not_hold_and_is_counted()
    {
        var op = new DrivenOperator(Compiled.Rule("r", "A -> B within 100ms", rest: "unless s where 10 / n > 4"));
        op.Send('A', 1, n: 9);
        op.Send('X', 2, n: null);
        op.Send('X', 3, n: 0);
        op.Send('B', 4, n: 9);
        Assert.Equal("a@1 b@4", op.AdvanceTo(4));
        Assert.Equal((1, 1), (op.Counts[0].Unknown, op.Counts[0].Errors));
        op.Send('A', 5, n: 9);
        op.Send('X', 6, n: 1);
        op.Send('B', 7, n: 9);
        Assert.Equal("", op.AdvanceTo(7));
    }

    [Fact]
    public void A_rule_beside_it_keeps_its_key_and_one_that_begins_behind_it_finds_it()
    {
        var op = new DrivenOperator(Compiled.Rule("q", "A -> B within 100ms"), Pair.Replace("rule r", "rule r1", StringComparison.Ordinal), Compiled.Rule("p", "C -> B within 100ms"));
        Assert.Equal("a@1 b@3; c@2 b@3", op.Run("A@1, C@2, B@3"));
        Assert.Equal(0, op.Keys);
        // Here the rule that is called off is the only one that remembers the key, and the one behind it begins with the same event.
        op = new DrivenOperator(Pair, Compiled.Rule("p", "C -> B within 100ms"));
        Assert.Equal("c@2 b@3; c@5 b@6", op.Run("A@1, C@2, B@3, A@4, C@5, A@5 of y, B@6"));
    }

    [Fact]
    public void A_rule_that_gets_or_loses_its_unless_carries_its_partial_matches()
    {
        var op = new DrivenOperator(Compiled.Rule("r", "A -> B within 100ms skip none"));
        op.Run("A@1");
        Assert.Equal("`r` has changed and carries its 1 partial match over.", op.Swap(Pair).ToString());
        Assert.Equal("a@1 b@2", op.Run("B@2, A@3, C@4, B@5"));
        op.Run("A@6");
        Assert.Equal("`r` has changed and carries its 1 partial match over.", op.Swap(Pair.Replace("\"C\"", "\"D\"", StringComparison.Ordinal)).ToString());
        Assert.Equal("a@6 b@8", op.Run("C@7, B@8"));
        Assert.Equal(1, op.Counts[0].CancelledPartials);
    }

    [Fact]
    public void A_version_that_is_drained_is_called_off_by_its_own()
    {
        var op = new DrivenOperator(Pair);
        op.Run("A@1, A@2 of y");
        op.Swap(Compiled.Patterns(Compiled.Letters + Compiled.Rule("r", "A -> B -> E within 100ms", rest: "unless s where letter == \"D\"")), SwapPolicy.Drain);
        Assert.Equal("a@2 b@5", op.Run("C@3, D@4 of y, B@5 of y, B@6, X@200"));
        Assert.Empty(op.Advance(500));
    }

    [Fact]
    public void A_condition_in_code_that_throws_stops_its_rule_only()
    {
        var code = new OpaqueExpr((_, _) => throw new FormatException("no number"), readsTaken: false, []);
        var set = Compiled.Patterns(Compiled.Letters + Pair + Compiled.Rule("fine", "A -> B within 100ms")).RuleSet;
        var failing = set.Rules[0] with { Unless = [new(set.Streams[0], code)] };
        var patterns = PatternSet.Compile(set with { Rules = [failing, set.Rules[1]] });
        var run = new JobRun(patterns, [JobRun.Json(patterns, "{\"k\":\"x\",\"letter\":\"A\",\"ts\":5}\n{\"k\":\"x\",\"letter\":\"B\",\"ts\":6}\n")], parallelism: 2);
        Assert.Equal(["r 5 The condition of `unless` threw FormatException: no number"], run.Result.Quarantined.Select(e => $"{e.Rule.Name} {e.TimeMs} {e.Message}"));
        Assert.Equal([0L, 1L], run.Result.Rules.Select(r => r.Counts.Matches));
    }

    [Fact]
    public void A_rule_over_other_streams_than_it_reads_is_refused()
    {
        var set = Compiled.Patterns(Compiled.Letters + "stream t { k string ts timestamp watermark for ts delay 0s }\n" + Pair).RuleSet;
        var rule = set.Rules[0] with { Unless = [new(set.Streams[1], null)] };
        Assert.StartsWith("The stream `t` of `unless` is not one of the inputs of the rule `r`.", Assert.Throws<ArgumentException>(() => PatternSet.Compile(set with { Rules = [rule] })).Message, StringComparison.Ordinal);
    }
}
