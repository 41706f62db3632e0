using Cep.Engine.Checkpoints;
using Cep.Streaming.Swaps;
using Cep.Streaming.Tests.Support;

namespace Cep.Streaming.Tests.Swaps;

/// <summary>Other rules in the place of those that run: what goes on, what is carried, what ends.</summary>
public class SwapTests
{
    private static readonly string Rule = Compiled.Rule("r", "A -> B within 100ms");

    [Fact]
    public void A_rule_that_is_unchanged_keeps_its_partial_matches_and_deadlines()
    {
        var op = new DrivenOperator(Rule, Compiled.Rule("gone", "A -> C within 1s"));
        op.Run("A@1, A@2 of y");
        var done = op.Swap(Compiled.Rule("new", "B -> C within 1s"), Rule);
        Assert.Equal("`new` is new.\n`r` is unchanged and keeps its 2 partial matches.\n`gone` is removed and drops its 2 partial matches.", done.ToString());
        Assert.Equal(2, done.WatermarkMs);
        Assert.Equal("a@1 b@50; b@50 c@60; a@2 timed out at 102", op.Run("B@50, C@60, X@200"));
        var told = Assert.Single(op.Changes);
        Assert.Equal((2, "`new` is new.\n`r` is unchanged and keeps its partial matches.\n`gone` is removed and drops its partial matches."), (told.WatermarkMs, string.Join('\n', told.Rules)));
    }

    [Fact]
    public void Swaps_with_no_event_between_them_are_each_told()
    {
        var op = new DrivenOperator(Rule);
        op.Run("A@1");
        op.Swap(Rule, Compiled.Rule("new", "B -> C within 1s"));
        op.Swap(Rule);
        op.Run("B@50");
        Assert.Equal(
            ["`r` is unchanged and keeps its partial matches.\n`new` is new.", "`r` is unchanged and keeps its partial matches.\n`new` is removed and drops its partial matches."],
            op.Changes.Select(c => string.Join('\n', c.Rules)));
    }

    [Fact]
    public void Measures_of_a_kept_rule_are_those_of_the_new_set()
    {
        var op = new DrivenOperator(Rule);
        op.Run("A@1");
        op.Swap(Compiled.Rule("r", "A -> B within 100ms", rest: "emit alert { many = count(a) }"));
        op.Send('B', 5);
        Assert.Equal([1L], Assert.Single(op.Advance(5)).Measures);
    }

    [Fact]
    public void A_carried_partial_match_goes_on_under_the_new_conditions()
    {
        var op = new DrivenOperator(Compiled.Rule("r", "A -> B within 100ms"));
        op.Send('A', 1, n: 3);
        op.AdvanceTo(1);
        Assert.Equal("`r` has changed and carries its 1 partial match over.",
            op.Swap(Compiled.Rule("r", "A -> B within 100ms").Replace("letter == \"B\"", "letter == \"B\" and n > a.n", StringComparison.Ordinal)).ToString());
        op.Send('B', 5, n: 2);
        op.Send('B', 6, n: 4);
        Assert.Equal("a@1 b@6", op.AdvanceTo(6));
    }

    [Fact]
    public void A_carried_partial_match_whose_window_is_over_times_out_at_once()
    {
        var op = new DrivenOperator(Rule);
        op.Run("A@1, X@60");
        op.Swap(Compiled.Rule("r", "A -> B within 50ms"));
        Assert.Equal("a@1 timed out at 51", op.AdvanceTo(61));
    }

    [Fact]
    public void A_carried_partial_match_has_the_longer_window()
    {
        var op = new DrivenOperator(Rule);
        op.Run("A@1");
        op.Swap(Compiled.Rule("r", "A -> B within 500ms"));
        Assert.Equal("a@1 b@400", op.Run("B@400"));
    }

    [Fact]
    public void A_reset_rule_begins_anew_without_timeouts()
    {
        var op = new DrivenOperator(Rule);
        op.Run("A@1");
        op.Swap(Compiled.Patterns(Compiled.Letters + Compiled.Rule("r", "A -> B within 90ms")), SwapPolicy.Reset);
        Assert.Equal("a@6 b@7", op.Run("B@5, A@6, B@7, X@500"));
        Assert.Equal(0, op.Keys);
    }

    [Fact]
    public void A_renamed_rule_keeps_its_partial_matches()
    {
        var op = new DrivenOperator(Rule);
        op.Run("A@1");
        op.Swap(Compiled.Rule("q", "A -> B within 100ms"));
        op.Send('B', 5);
        Assert.Equal("q", Assert.Single(op.Advance(5)).Rule.Name);
    }

    [Fact]
    public void A_rule_with_another_key_begins_anew_in_a_lane_of_its_own()
    {
        var op = new DrivenOperator(Rule, Compiled.Rule("other", "A -> C within 1s"));
        op.Run("A@1");
        op.Swap(Compiled.Rule("r", "A -> B within 100ms", key: null), Compiled.Rule("other", "A -> C within 1s"));
        Assert.Equal("a@2 b@3; a@1 c@4", op.Run("A@2 of y, B@3, C@4"));
    }

    [Fact]
    public void Unchanged_rules_stay_together_when_a_rule_comes_that_would_part_them()
    {
        var stream = Compiled.Letters.Replace("stream s", "stream t", StringComparison.Ordinal);
        var both = Compiled.Rule("both", "A -> B within 100ms").Replace("from s key k", "from s key k, t key k", StringComparison.Ordinal);
        var across = Compiled.Rule("across", "A -> B within 100ms").Replace("from s key k", "from s key k, t key letter", StringComparison.Ordinal);
        var op = new DrivenOperator(Compiled.Patterns(Compiled.Letters + stream + Rule + both));
        op.Run("A@1");
        op.Swap(Compiled.Patterns(Compiled.Letters + stream + across + Rule + both));
        Assert.Equal("a@1 b@2; a@1 b@2", op.Run("B@2"));
    }

    [Fact]
    public void What_waits_for_the_watermark_is_matched_by_the_new_rules()
    {
        var op = new DrivenOperator(Rule, Compiled.Rule("global", "A -> B within 100ms", key: null));
        op.Run("A@1");
        op.Send('B', 5, "y");
        op.Swap(Compiled.Rule("x", "B -> C within 100ms", key: null), Compiled.Rule("y", "B -> C within 1s"));
        op.Send('C', 7, "y");
        Assert.Equal("b@5 c@7; b@5 c@7", op.AdvanceTo(7));
    }

    [Fact]
    public void A_rule_with_a_new_key_sees_what_arrives_from_then_on()
    {
        var op = new DrivenOperator(Rule);
        op.Send('A', 5);
        op.Swap(Rule, Compiled.Rule("global", "A -> B within 100ms", key: null));
        op.Send('B', 6);
        Assert.Equal("a@5 b@6", op.AdvanceTo(6));
        Assert.Equal("a@7 b@8; a@7 b@8", op.Run("A@7, B@8"));
    }

    [Fact]
    public void Streams_in_another_order_are_the_same_streams()
    {
        var stream = Compiled.Letters.Replace("stream s", "stream t", StringComparison.Ordinal);
        var op = new DrivenOperator(Compiled.Patterns(Compiled.Letters + stream + Rule));
        op.Run("A@1");
        Assert.Equal("`r` is unchanged and keeps its 1 partial match.", op.Swap(Compiled.Patterns(stream + Compiled.Letters + Rule)).ToString());
        Assert.Equal("a@1 b@2", op.Run("B@2"));
        Assert.Empty(op.Changes);
    }

    [Fact]
    public void Counts_go_on()
    {
        var op = new DrivenOperator(Rule);
        op.Run("A@1, B@2, A@3");
        op.Swap(Compiled.Rule("r", "A -> B within 200ms"));
        op.Run("B@4");
        Assert.Equal((4, 2, 0), (op.Counts[0].Events, op.Counts[0].Matches, op.Counts[0].PartialMatches));
    }

    [Fact]
    public void A_changed_rule_that_had_failed_is_healthy_and_an_unchanged_one_is_not()
    {
        string[] rules = [Compiled.Rule("same", "A -> B within 100ms", rest: "partials 1 per key on overflow fail"), Compiled.Rule("r", "A -> B within 100ms", rest: "partials 1 per key on overflow fail")];
        var op = new DrivenOperator(rules);
        op.Run("A@1, A@2, X@3");
        op.Swap(rules[0], Compiled.Rule("r", "A -> B within 100ms", rest: "partials 9 per key on overflow fail"));
        op.Send('A', 4);
        op.Send('B', 5);
        Assert.Equal("r", Assert.Single(op.Advance(5)).Rule.Name);
    }

    [Fact]
    public void Unchanged_rules_are_not_walked_over()
    {
        var op = new DrivenOperator(Compiled.Rule("r", "A -> B within 10h"));
        for (var i = 0; i < 20_000; i++)
            op.Send('A', i, "k" + i);
        op.AdvanceTo(20_000);
        var next = Compiled.Patterns(Compiled.Letters + Compiled.Rule("r", "A -> B within 10h", rest: "emit alert { many = count(a) }"));
        var before = GC.GetAllocatedBytesForCurrentThread();
        op.Swap(next);
        // Of a million partial matches and of one it is the same; a byte for each would show.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2_000_000);
        Assert.Equal(20_000, op.Keys);
    }

    [Fact]
    public void The_keys_of_removed_rules_are_let_go()
    {
        var op = new DrivenOperator(Compiled.Rule("r", "A -> B within 10h"), Compiled.Rule("same", "B -> C within 10h"));
        for (var i = 0; i < 50_000; i++)
            op.Send('A', i, "k" + i);
        op.Send('B', 50_000, "k3");
        op.AdvanceTo(50_000);
        op.Swap(Compiled.Rule("same", "B -> C within 10h"));
        for (var i = 1; i <= 5; i++)
            op.AdvanceTo(50_000 + i);
        Assert.Equal(1, op.Keys);
        Assert.InRange(op.Room.Slots, 1, 5_000);
        op.Send('C', 60_000, "k3");
        Assert.Equal("b@50000 c@60000", op.AdvanceTo(60_000));
    }

    [Fact]
    public void What_other_rules_wrote_is_taken_over_by_the_same_plan()
    {
        var op = new DrivenOperator(Rule, Compiled.Rule("same", "A -> C within 1s"), Compiled.Rule("old", "A -> X within 2s"), Compiled.Rule("gone", "A -> X within 1s"));
        op.Run("A@1");
        op.Send('B', 5);
        var restored = new DrivenOperator(Rule.Replace("100ms", "200ms", StringComparison.Ordinal), Compiled.Rule("same", "A -> C within 1s"), Compiled.Rule("new", "A -> X within 2s"), Compiled.Rule("added", "B -> C within 1s"));
        restored.Restore([Whole(op)], op.Sequence);
        restored.Send('C', 6);
        Assert.Equal("a@1 b@5; a@1 c@6; b@5 c@6", string.Join("; ", restored.AdvanceTo(6).Split("; ").Order(StringComparer.Ordinal)));
        var told = Assert.Single(restored.Changes);
        Assert.Equal((1, "`r` has changed and carries its partial matches over.\n`same` is unchanged and keeps its partial matches.\n`new`, `old` before, looks for the same and keeps its partial matches.\n"
            + "`added` is new.\n`gone` is removed and drops its partial matches."), (told.WatermarkMs, string.Join('\n', told.Rules)));
    }

    [Fact]
    public void A_snapshot_at_the_barrier_has_the_rules_before_and_those_after_it_have_the_new_ones()
    {
        var op = new DrivenOperator(Rule, Compiled.Rule("q", "A -> C within 1s"));
        op.Run("A@1, A@1 of y");
        var (snapshot, writer) = (op.BeginSnapshot(SnapshotKind.Full), new SegmentWriter("rules", 0, SnapshotKind.Full));
        op.Swap(Compiled.Rule("q", "A -> B within 100ms"), Compiled.Rule("p", "B -> C within 1s"));
        Assert.Equal("", op.Run("C@5"));
        snapshot.Write(writer, long.MaxValue);
        var full = writer.Complete();
        var before = new DrivenOperator(Rule, Compiled.Rule("q", "A -> C within 1s"));
        before.Restore([full], 2);
        Assert.Equal("a@1 c@5; a@1 b@6", before.Run("C@5, B@6"));
        Assert.Empty(before.Changes);

        op.Run("B@6, A@7");
        var next = new SegmentWriter("rules", 0, SnapshotKind.Incremental);
        op.BeginSnapshot(SnapshotKind.Incremental).Write(next, long.MaxValue);
        var after = new DrivenOperator(Compiled.Rule("q", "A -> B within 100ms"), Compiled.Rule("p", "B -> C within 1s"), Rule.Replace("rule r", "rule r2", StringComparison.Ordinal).Replace("100ms", "99ms", StringComparison.Ordinal));
        after.Restore([full, next.Complete()], op.Sequence);
        Assert.Equal("b@6 c@8; a@7 b@9", after.Run("C@8, B@9"));
    }

    private static Segment Whole(DrivenOperator op)
    {
        var writer = new SegmentWriter("rules", 0, SnapshotKind.Savepoint);
        op.BeginSnapshot(SnapshotKind.Savepoint).Write(writer, long.MaxValue);
        return writer.Complete();
    }
}
