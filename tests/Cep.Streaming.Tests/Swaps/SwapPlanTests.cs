using Cep.Conditions;
using Cep.Patterns;
using Cep.Rules;
using Cep.Streaming.Swaps;
using Cep.Streaming.Tests.Support;

namespace Cep.Streaming.Tests.Swaps;

/// <summary>What is said of a swap before it is done.</summary>
public class SwapPlanTests
{
    private const string Old = "A -> B within 10s";

    [Fact]
    public void The_same_text_changes_nothing() => Assert.Equal("`r` is unchanged and keeps its 7 partial matches.", Plan(Rule(Old), Rule("A  ->  B   within 10000ms")));

    [Theory]
    [InlineData("title \"t\"")]
    [InlineData("tags a, b")]
    [InlineData("severity low")]
    public void What_a_rule_tells_is_cosmetic(string metadata)
    {
        var text = Compiled.Rule("r", Old).Replace("from", metadata + " from", StringComparison.Ordinal);
        Assert.Equal("`r` looks for the same and keeps its 7 partial matches.", Plan(Rule(Old), text));
    }

    [Fact]
    public void Measures_are_cosmetic() =>
        Assert.Equal("`r` looks for the same and keeps its 7 partial matches.", Plan(Rule(Old), Rule(Old, "emit alert { many = count(a) }")));

    [Theory]
    [InlineData("A -> C within 10s", "")]
    [InlineData("A -> B within 11s", "")]
    [InlineData("A -> B within 10s", "partials 5 per key on overflow drop_newest")]
    public void Conditions_windows_and_limits_are_compatible(string match, string rest)
    {
        var next = Rule(match, rest).Replace("c: s", "b: s", StringComparison.Ordinal);
        Assert.Equal("`r` has changed and carries its 7 partial matches over.", Plan(Rule(Old), next));
        Assert.Equal("`r` has changed and begins anew; it drops its 7 partial matches.", Plan(Rule(Old), next, SwapPolicy.Reset));
    }

    [Fact]
    public void A_pre_filter_is_compatible() => Assert.Equal("`r` has changed and carries its 7 partial matches over.",
        Plan(Rule(Old), Rule(Old).Replace("key k", "key k where n > 3", StringComparison.Ordinal)));

    [Theory]
    [InlineData("A -> B -> C within 10s", "")]
    [InlineData("A => B within 10s", "")]
    [InlineData("A -> not B within 10s", "")]
    [InlineData("B -> A within 10s", "")]
    [InlineData(Old, "skip none")]
    public void Other_steps_links_and_skipping_break(string match, string rest) =>
        Assert.Equal("`r` looks for something else and begins anew; it drops its 7 partial matches.", Plan(Rule(Old), Rule(match, rest)));

    [Fact]
    public void Another_key_breaks() => Assert.Equal("`r` looks for something else and begins anew; it drops its 7 partial matches.", Plan(Rule(Old), Compiled.Rule("r", Old, key: null)));

    [Fact]
    public void Rules_come_and_go() => Assert.Equal("`x` is new.\n`y` is new.\n`r` is removed and drops its 7 partial matches.\n`q` is removed and drops its 7 partial matches.",
        Plan(Rule(Old) + Compiled.Rule("q", "A -> C within 2s"), Compiled.Rule("x", "C -> B within 10s") + Compiled.Rule("y", "C -> A within 1s")));

    [Fact]
    public void A_rule_that_alone_looks_for_the_same_was_renamed() =>
        Assert.Equal("`q`, `r` before, looks for the same and keeps its 7 partial matches.", Plan(Rule(Old), Compiled.Rule("q", Old)));

    [Fact]
    public void Of_several_that_look_for_the_same_none_was_renamed() => Assert.Equal("`p` is new.\n`q` is new.\n`r` is removed and drops its 7 partial matches.",
        Plan(Rule(Old), Compiled.Rule("p", Old) + Compiled.Rule("q", Old)));

    [Fact]
    public void A_rule_answers_to_its_name_first() =>
        Assert.Equal("`r` has changed and carries its 7 partial matches over.\n`q` is new.", Plan(Rule(Old), Rule("A -> B within 9s") + Compiled.Rule("q", Old)));

    [Fact]
    public void A_draft_does_not_run() => Assert.Equal("`q` is new.\n`r` is removed and drops its 7 partial matches.",
        Plan(Rule(Old), Rule(Old).Replace("from", "status draft from", StringComparison.Ordinal) + Compiled.Rule("q", "C -> B within 1s")));

    [Fact]
    public void Policies_can_be_given_by_rule()
    {
        var policy = new SwapPolicy { ByRule = new Dictionary<string, PartialMatchPolicy> { ["r"] = PartialMatchPolicy.Reset } };
        Assert.Equal("`r` has changed and begins anew; it drops its 7 partial matches.\n`q` has changed and carries its 7 partial matches over.",
            Plan(Rule(Old) + Compiled.Rule("q", Old), Rule("A -> B within 9s") + Compiled.Rule("q", "A -> B within 8s"), policy));
        var read = SwapPolicy.Parse(policy.ToText());
        Assert.Equal((PartialMatchPolicy.Carry, PartialMatchPolicy.Reset, PartialMatchPolicy.Carry), (read.Changed, read.Of("r"), read.Of("q")));
    }

    [Theory]
    [InlineData(0L, "its version before has no partial matches.")]
    [InlineData(1L, "its version before begins nothing more and goes on with its 1 partial match until it ends.")]
    [InlineData(3L, "its version before begins nothing more and goes on with its 3 partial matches until they end.")]
    [InlineData(null, "its version before begins nothing more and goes on with its partial matches until they end.")]
    public void A_rule_that_is_drained_begins_anew_beside_its_version_before(long? count, string told)
    {
        Assert.Equal($"`r` has changed and begins anew; {told}", new RuleChange("r", "r", RuleChangeKind.Compatible, RuleFate.Drained, count).ToString());
        Assert.Equal($"`r` looks for something else and begins anew; {told}", new RuleChange("r", "r", RuleChangeKind.Breaking, RuleFate.Drained, count).ToString());
    }

    [Fact]
    public void What_has_changed_is_drained_and_what_looks_for_the_same_is_not() => Assert.Equal(
        "`r` has changed and begins anew; its version before begins nothing more and goes on with its 7 partial matches until they end.\n"
        + "`same` is unchanged and keeps its 7 partial matches.\n"
        + "`other` looks for something else and begins anew; its version before begins nothing more and goes on with its 7 partial matches until they end.\n"
        + "`gone` is removed and drops its 7 partial matches.",
        Plan(
            Rule(Old) + Compiled.Rule("same", Old) + Compiled.Rule("other", Old) + Compiled.Rule("gone", "C -> A within 1s"),
            Rule("A -> B within 9s") + Compiled.Rule("same", Old) + Compiled.Rule("other", "A => B within 10s"), SwapPolicy.Drain));

    [Fact]
    public void A_policy_that_drains_is_read_back() => Assert.Equal(PartialMatchPolicy.Drain, SwapPolicy.Parse(SwapPolicy.Drain.ToText()).Of("r"));

    [Theory]
    [InlineData(0L, "no partial matches")]
    [InlineData(1L, "its 1 partial match")]
    [InlineData(1_000_000L, "its 1000000 partial matches")]
    [InlineData(null, "its partial matches")]
    public void Counts_are_told(long? count, string told) =>
        Assert.Equal($"`r` is unchanged and keeps {told}.", new RuleChange("r", "r", RuleChangeKind.Unchanged, RuleFate.Kept, count).ToString());

    [Theory]
    [InlineData("n long?", "n long")]
    [InlineData("delay 0s", "delay 1s")]
    [InlineData("letter string", "letter string, x string?")]
    public void A_stream_that_is_declared_otherwise_is_refused(string before, string after)
    {
        var next = Compiled.Patterns(Compiled.Letters.Replace(before, after.Replace(",", "", StringComparison.Ordinal), StringComparison.Ordinal) + Rule(Old));
        var plan = SwapPlan.Of(Compiled.Patterns(Compiled.Letters + Rule(Old)), next, SwapPolicy.Carry, keepsState: true, _ => 7);
        Assert.False(plan.IsPossible);
        Assert.Equal("The stream `s` is declared otherwise now. A job that runs cannot change what it reads: stop it with a savepoint, and start it from there with the new rules.", plan.ToString());
    }

    [Fact]
    public void A_stream_that_the_job_does_not_have_is_refused_where_it_is_read()
    {
        var stream = Compiled.Letters.Replace("stream s", "stream t", StringComparison.Ordinal);
        var old = Compiled.Patterns(Compiled.Letters + Rule(Old));
        Assert.True(SwapPlan.Of(old, Compiled.Patterns(Compiled.Letters + stream + Rule(Old)), SwapPolicy.Carry, keepsState: true, _ => 7).IsPossible);
        var plan = SwapPlan.Of(old, Compiled.Patterns(Compiled.Letters + stream + Rule(Old).Replace("from s", "from t", StringComparison.Ordinal).Replace(": s", ": t", StringComparison.Ordinal)), SwapPolicy.Carry, keepsState: true, _ => 7);
        Assert.Equal("The rule `r` reads the stream `t`, which the job does not have. A job that runs cannot change what it reads: stop it with a savepoint, and start it from there with the new rules.", plan.ToString());
    }

    [Fact]
    public void A_set_without_a_live_rule_is_refused()
    {
        var plan = SwapPlan.Of(Compiled.Patterns(Compiled.Letters + Rule(Old)), Compiled.Patterns(Compiled.Letters), SwapPolicy.Carry, keepsState: true, _ => 7);
        Assert.Equal("The rule set has no live rule.", plan.ToString());
    }

    [Fact]
    public void A_condition_in_code_is_equal_to_itself_only_and_refused_where_state_is_kept()
    {
        var (one, other) = (WithCode(), WithCode());
        Assert.Equal("`r` is unchanged and keeps its 7 partial matches.", SwapPlan.Of(one.Signatures, one.Signatures, SwapPolicy.Carry, _ => 7).ToString());
        Assert.Equal("`r` has changed and carries its 7 partial matches over.", SwapPlan.Of(one.Signatures, other.Signatures, SwapPolicy.Carry, _ => 7).ToString());
        Assert.Equal("The rule `r` has a condition in code. What it remembers cannot be kept in checkpoints, because after a restart nobody could tell whether the code is the same.",
            SwapPlan.Of(one, one, SwapPolicy.Carry, keepsState: true, _ => 7).ToString());
    }

    private static PatternSet WithCode()
    {
        var set = Compiled.Patterns(Compiled.Letters + Rule(Old)).RuleSet;
        var steps = set.Rules[0].Pattern.Steps;
        var code = (EventStep)steps[1] with { Where = new OpaqueExpr((_, _) => true, readsTaken: false, []) };
        return PatternSet.Compile(set with { Rules = [set.Rules[0] with { Pattern = set.Rules[0].Pattern with { Steps = [steps[0], code] } }] });
    }

    private static string Rule(string match, string rest = "") => Compiled.Rule("r", match, rest: rest);

    private static string Plan(string before, string after, SwapPolicy? policy = null) =>
        SwapPlan.Of(Compiled.Patterns(Compiled.Letters + before), Compiled.Patterns(Compiled.Letters + after), policy ?? SwapPolicy.Carry, keepsState: true, _ => 7).ToString();
}
