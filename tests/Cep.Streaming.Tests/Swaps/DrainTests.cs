using Cep.Engine.Checkpoints;
using Cep.Engine.Keys;
using Cep.Streaming.Swaps;
using Cep.Streaming.Tests.Support;

namespace Cep.Streaming.Tests.Swaps;

/// <summary>A version of a rule that goes on beside the one in its place, until its partial matches have ended.</summary>
public class DrainTests
{
    private static readonly string Rule = Compiled.Rule("r", "A -> B within 100ms");
    private static readonly string Other = Compiled.Rule("r", "A -> C within 100ms");

    [Fact]
    public void What_has_begun_goes_on_as_the_rule_was_and_what_begins_is_of_the_rule_as_it_is()
    {
        var op = new DrivenOperator(Rule);
        op.Run("A@1, A@2 of y");
        Assert.Equal("`r` looks for something else and begins anew; its version before begins nothing more and goes on with its 2 partial matches until they end.", Drain(op, Other).ToString());
        Assert.Equal("a@1 b@4; a@3 c@5; a@2 timed out at 102", op.Run("A@3, B@4, C@5, X@150 of z"));
        Assert.Equal("a@151 timed out at 251", op.Run("A@151, B@152, X@300"));
    }

    [Fact]
    public void What_is_told_of_it_has_its_version_title_and_measures()
    {
        var op = new DrivenOperator(Rule.Replace(" from", " title \"before\" from", StringComparison.Ordinal).Replace("}", "emit alert { many = count(a) } }", StringComparison.Ordinal));
        op.Run("A@1");
        Drain(op, Other.Replace(" from", " title \"now\" from", StringComparison.Ordinal));
        op.Send('B', 2);
        var match = Assert.Single(op.Advance(2));
        Assert.Equal(("r", "before", 1L), (match.Rule.Name, match.Rule.Title, Assert.Single(match.Measures)));
    }

    [Fact]
    public void What_one_event_completes_is_told_of_rules_that_run_before_versions_that_are_drained_the_oldest_first()
    {
        var op = new DrivenOperator(Rule);
        op.Run("A@1");
        Drain(op, Compiled.Rule("r", "A -> B within 101ms"));
        op.Run("A@2");
        Drain(op, Compiled.Rule("r", "A -> B within 102ms"));
        Assert.Equal("a@3 b@4; a@1 b@4; a@2 b@4", op.Run("A@3, B@4"));
    }

    [Fact]
    public void A_version_goes_on_by_its_own_key()
    {
        var op = new DrivenOperator(Rule);
        op.Run("A@1 of x, A@2 of y");
        Drain(op, Compiled.Rule("r", "A -> B within 100ms", key: null));
        Assert.Equal("a@3 b@4; a@2 b@4; a@1 timed out at 101", op.Run("A@3 of z, B@4 of y, X@150"));
        // Nothing reads by the old key any more.
        op.Swap(Compiled.Rule("r", "A -> B within 100ms", key: null));
        Assert.Equal("a@151 b@152", op.Run("A@151, B@152 of y"));
        Assert.Empty(op.Draining.Versions);
    }

    [Fact]
    public void A_rule_that_is_changed_back_begins_anew_beside_both()
    {
        var op = new DrivenOperator(Rule);
        op.Run("A@1");
        Drain(op, Other);
        op.Run("A@2");
        Drain(op, Rule);
        Assert.Equal([1L, 2L], op.Draining.Versions.Select(v => v.Number));
        Assert.Equal("a@3 b@4; a@1 b@4; a@2 c@5", op.Run("A@3, B@4, C@5"));
    }

    [Fact]
    public void A_version_goes_on_over_swaps_that_carry_rename_and_keep()
    {
        var op = new DrivenOperator(Rule);
        op.Run("A@1");
        Drain(op, Other);
        op.Run("A@2");
        op.Swap(Compiled.Rule("r", "A -> C within 90ms"));
        op.Swap(Compiled.Rule("q", "A -> C within 90ms"), Compiled.Rule("more", "B -> X within 1s"));
        Assert.Equal("q", Assert.Single(op.Draining.Versions).Of);
        Assert.Equal("a@1 b@3; a@2 c@4", op.Run("B@3, C@4"));
    }

    [Fact]
    public void A_version_ends_with_its_rule()
    {
        var op = new DrivenOperator(Rule, Compiled.Rule("same", "B -> C within 1s"));
        op.Run("A@1");
        Drain(op, Other, Compiled.Rule("same", "B -> C within 1s"));
        op.Run("A@2");
        Assert.Equal("`same` is unchanged and keeps no partial matches.\n`r` is removed and drops its 2 partial matches.", Drain(op, Compiled.Rule("same", "B -> C within 1s")).ToString());
        Assert.Equal("b@3 c@4", op.Run("B@3, C@4, X@500"));
        Assert.Equal(0, op.Keys);
    }

    [Fact]
    public void A_version_ends_where_its_rule_is_reset()
    {
        var op = new DrivenOperator(Rule);
        op.Run("A@1");
        Drain(op, Other);
        op.Run("A@2");
        Assert.Equal("`r` has changed and begins anew; it drops its 2 partial matches.", op.Swap(Patterns(Compiled.Rule("r", "A -> C within 90ms")), SwapPolicy.Reset).ToString());
        Assert.Equal("", op.Run("B@3, C@4, X@500"));
        Assert.Equal(0, op.Keys);
    }

    [Fact]
    public void What_it_counts_counts_for_the_rule_and_stays_when_it_has_ended()
    {
        var op = new DrivenOperator(Rule);
        op.Run("A@1, A@2, B@3, A@4");
        Drain(op, Other);
        op.Run("A@5, B@6");
        Assert.Equal((2, 1, 1), (op.Counts[0].Events, op.Counts[0].PartialMatches, op.Draining.Versions.Count));
        op.Run("C@7");
        op.Swap(Other.Replace(" from", " title \"t\" from", StringComparison.Ordinal));
        Assert.Empty(op.Draining.Versions);
        // The version before was offered all up to B@6, with which it ended.
        Assert.Equal((6 + 3, 2 + 1, 0), (op.Counts[0].Events, op.Counts[0].Matches, op.Counts[0].PartialMatches));
    }

    [Fact]
    public void A_rule_that_has_failed_leaves_nothing_to_drain()
    {
        var op = new DrivenOperator(Compiled.Rule("r", "A -> B within 100ms", rest: "partials 1 per key on overflow fail"));
        op.Run("A@1, A@2");
        Drain(op, Other);
        Assert.Equal("a@3 c@4", op.Run("A@3, C@4, B@5"));
    }

    [Fact]
    public void Its_state_is_under_a_name_of_its_own_and_gone_when_it_has_ended()
    {
        var op = new DrivenOperator(Rule);
        op.Run("A@1");
        Snapshot(op, SnapshotKind.Full);
        Drain(op, Other);
        Assert.Equal(["draining/1/r: 1", "runs/r: 0"], Entries(Snapshot(op, SnapshotKind.Incremental)));
        op.Run("A@2, B@3");
        Assert.Equal(["draining/1/r: 0", "runs/r: 1"], Entries(Snapshot(op, SnapshotKind.Incremental)).Order(StringComparer.Ordinal));
        Assert.Equal(["runs/r: 1"], Entries(Snapshot(op, SnapshotKind.Full)));
        op.Swap(Other, Compiled.Rule("more", "B -> X within 1s"));
        Assert.Empty(op.Draining.Versions);
        Assert.Equal(["runs/r: 1"], Entries(Snapshot(op, SnapshotKind.Full)));
    }

    [Fact]
    public void A_version_that_is_drained_from_the_barrier_on_is_restored_from_what_its_rule_wrote_there()
    {
        var op = new DrivenOperator(Rule);
        op.Run("A@1, A@1 of y");
        var (snapshot, writer) = (op.BeginSnapshot(SnapshotKind.Full), new SegmentWriter("rules", 0, SnapshotKind.Full));
        Drain(op, Other);
        op.Run("A@3, B@4, A@5 of y");
        snapshot.Write(writer, long.MaxValue);
        var full = writer.Complete();
        var restored = new DrivenOperator(Patterns(Other), SwapPolicy.Drain, op.Draining);
        restored.Restore([full], 2);
        Assert.Equal("a@1 b@4; a@3 c@6; a@1 b@7", restored.Run("A@3, B@4, C@6, B@7 of y"));

        var next = new DrivenOperator(Patterns(Other), draining: op.Draining);
        next.Restore([full, Snapshot(op, SnapshotKind.Incremental)], op.Sequence);
        Assert.Equal("a@3 c@6; a@1 b@7; a@5 c@8", next.Run("C@6, B@7 of y, C@8 of y"));
    }

    [Fact]
    public void What_was_drained_elsewhere_cannot_be_drained_where_it_is_not_known()
    {
        var op = new DrivenOperator(Rule);
        op.Run("A@1");
        var restored = new DrivenOperator(Patterns(Other), SwapPolicy.Drain);
        Assert.Equal("The rule `r` is not what it was when the checkpoint was taken, and what it was is not known, so it cannot be drained.",
            Assert.Throws<SwapRefusedException>(() => restored.Restore([Snapshot(op, SnapshotKind.Savepoint)], op.Sequence)).Message);
    }

    private static SwapPlan Drain(DrivenOperator op, params string[] rules) => op.Swap(Patterns(rules), SwapPolicy.Drain);

    private static PatternSet Patterns(params string[] rules) => Compiled.Patterns(Compiled.Letters + string.Concat(rules));

    private static Segment Snapshot(DrivenOperator op, SnapshotKind kind)
    {
        var writer = new SegmentWriter("rules", 0, kind);
        op.BeginSnapshot(kind).Write(writer, long.MaxValue);
        return writer.Complete();
    }

    /// <summary>The states of partial matches that a segment has, each with how many entries there are, not counting deletions.</summary>
    private static IEnumerable<string> Entries(Segment segment)
    {
        var counts = new Dictionary<string, int>();
        using var reader = StateReader.Of(new KeyGroupRange(0, KeyGroupAssignment.KeyGroups - 1), segment);
        foreach (var state in reader.States.Where(s => s.Kind == "runs"))
            counts[state.Name] = 0;
        while (reader.Next(out var entry))
        {
            if (entry.State.Kind == "runs" && !entry.IsDelete)
                counts[entry.State.Name]++;
        }
        return counts.Select(c => $"{c.Key}: {c.Value}").Order(StringComparer.Ordinal);
    }
}
