using Cep.Engine.Checkpoints;
using Cep.Engine.Keys;
using Cep.Engine.Runtime;
using Cep.Language;
using Cep.Rules;
using Cep.Streaming.Jobs;
using Cep.Streaming.Swaps;
using Cep.Streaming.Tests.Support;

namespace Cep.Streaming.Tests.Jobs;

/// <summary>What a job begins with, by what stands in the checkpoint that it goes on from.</summary>
public class RuleSetHistoryTests
{
    private static readonly PatternSet Before = Patterns("A -> B within 1h");
    private static readonly PatternSet After = Patterns("A -> B within 2h");

    [Fact]
    public void A_process_that_goes_on_with_the_same_rules_drains_what_was_drained()
    {
        var rules = Begun(After, Drained());
        var draining = Assert.Single(rules.Draining);
        Assert.Equal((1L, "r", 3, 3_600_000L, true), (draining.Number, draining.Of, draining.Compiled.Rule.Version, draining.Compiled.Rule.Pattern.WithinMs, rules.DrainingIsOfThese));
        Assert.Equal(1, rules.After(SwapPlan.Of(After, After, SwapPolicy.Carry, keepsState: true, _ => null), After).Kept.LastNumber);
        // In the checkpoint of the swap itself, partial matches are still those of the rule.
        Assert.Equal(PartialMatchPolicy.Drain, rules.PolicyAtRestore.Changed);
    }

    [Fact]
    public void A_process_that_goes_on_with_other_rules_drains_what_was_drained()
    {
        var carried = Begun(Patterns("A -> B within 3h"), Drained());
        Assert.Equal((1L, true, PartialMatchPolicy.Carry), (Assert.Single(carried.Draining).Number, carried.DrainingIsOfThese, carried.PolicyAtRestore.Changed));
        Assert.Empty(Begun(Patterns("A -> B within 3h"), Drained(), policy: SwapPolicy.Reset).Draining);
        var renamed = Compiled.Patterns(Compiled.Letters + Compiled.Rule("q", "A -> B within 2h"));
        Assert.Equal("q", Assert.Single(Begun(renamed, Drained()).Draining).Of);
        Assert.Empty(Begun(Compiled.Patterns(Compiled.Letters + Compiled.Rule("q", "A -> B within 3h")), Drained()).Draining);
    }

    [Fact]
    public void Other_rules_begin_by_draining_those_of_the_checkpoint()
    {
        var next = Patterns("A -> B within 3h");
        var history = New(next, SwapPolicy.Drain, hasSerializer: true);
        history.Restored(new Manifest(7, false, 0, 2, KeyGroupAssignment.KeyGroups, [], Drained()));
        var rules = history.Begin(3);
        Assert.Equal([(1L, 3_600_000L), (2L, 7_200_000L)], rules.Draining.Select(d => (d.Number, d.Compiled.Rule.Pattern.WithinMs!.Value)));
        // Checkpoints from there on have it.
        Assert.Equal([1L, 2L], Begun(next, history.Options.Properties).Draining.Select(d => d.Number));
    }

    [Fact]
    public void Other_rules_cannot_begin_by_draining_those_of_a_checkpoint_that_does_not_have_them()
    {
        var properties = Drained().Where(p => p.Key != "running").ToDictionary();
        Assert.Equal(
            "The rules are not those of the checkpoint, and what those were does not stand in it, so they cannot be drained. Carry or reset their partial matches.",
            Assert.Throws<SwapRefusedException>(() => Begun(Patterns("A -> B within 3h"), properties, policy: SwapPolicy.Drain)).Message);
        Assert.Single(Begun(After, properties, policy: SwapPolicy.Drain).Draining);
        Assert.False(Begun(Patterns("A -> B within 3h"), properties).DrainingIsOfThese);
        Assert.Empty(new RuleSetHistory(Before, SwapPolicy.Drain, null, new CheckpointOptions { Store = new MemoryCheckpointStore() }).Begin(1).Draining);
    }

    [Fact]
    public void What_cannot_be_read_keeps_a_job_from_beginning_with_the_rule_and_ends_without_it()
    {
        const string Cannot = "A version of the rule `r` is being drained, and cannot go on. ";
        Assert.Equal(Cannot + "The job was given nothing that reads rules.", Assert.Throws<SwapRefusedException>(() => Begun(After, Drained(), hasSerializer: false)).Message);
        var renamed = Compiled.Patterns(Compiled.Letters.Replace("letter", "sign", StringComparison.Ordinal) + Compiled.Rule("r", "A -> B within 2h").Replace("letter", "sign", StringComparison.Ordinal));
        Assert.StartsWith(Cannot, Assert.Throws<SwapRefusedException>(() => Begun(renamed, Drained())).Message, StringComparison.Ordinal);
        var without = Compiled.Patterns(Compiled.Letters.Replace("letter", "sign", StringComparison.Ordinal) + Compiled.Rule("q", "A -> B within 2h").Replace("letter", "sign", StringComparison.Ordinal));
        Assert.Empty(Begun(without, Drained()).Draining);
    }

    [Fact]
    public void Nothing_is_kept_where_nothing_was_ever_drained() =>
        Assert.DoesNotContain("draining", Swapped(SwapPolicy.Carry).Keys);

    /// <summary>The properties of a checkpoint from after a swap in which a rule of version 3 was drained.</summary>
    private static IReadOnlyDictionary<string, string> Drained() => Swapped(SwapPolicy.Drain);

    private static IReadOnlyDictionary<string, string> Swapped(SwapPolicy policy)
    {
        var before = PatternSet.Compile(Before.RuleSet with { Rules = [Before.RuleSet.Rules[0] with { Version = 3 }] });
        var history = New(before, SwapPolicy.Carry, hasSerializer: true);
        var rules = history.Begin(2);
        return history.Expect(new RuleSwap(rules, SwapPlan.Of(before, After, policy, keepsState: true, _ => null, history.WhyNotDrained), After), policy, null);
    }

    private static RunningRules Begun(PatternSet rules, IReadOnlyDictionary<string, string> properties, SwapPolicy? policy = null, bool hasSerializer = true)
    {
        var history = New(rules, policy ?? SwapPolicy.Carry, hasSerializer);
        history.Restored(new Manifest(7, false, 0, 2, KeyGroupAssignment.KeyGroups, [], properties));
        return history.Begin(3);
    }

    private static RuleSetHistory New(PatternSet rules, SwapPolicy policy, bool hasSerializer) =>
        new(rules, policy, hasSerializer ? new RuleTextSerializer() : null, new CheckpointOptions { Store = new MemoryCheckpointStore() });

    private static PatternSet Patterns(string match) => Compiled.Patterns(Compiled.Letters + Compiled.Rule("r", match));
}
