using Cep.Engine.Checkpoints;
using Cep.Engine.Operators;
using Cep.Streaming.Tests.Support;

namespace Cep.Streaming.Tests.Snapshots;

/// <summary>What the rules remember, written between events while it changes, and read back.</summary>
public class RulesSnapshotTests
{
    private static readonly string[] Pool =
    [
        "A -> B within 90ms", "A -> B -> C within 200ms skip none", "A -> not B within 60ms", "A ->> B ->> C within 80ms skip past last",
        "A => B within 40ms", "A -> B -> C within 30ms gap", "A -> not C -> B within 70ms skip to next",
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void What_is_restored_from_any_barrier_goes_on_as_what_was_not(int seed)
    {
        var random = new Random(seed);
        var rules = Enumerable.Range(0, 4).Select(i => Compiled.Rule("r" + i, Pool[random.Next(Pool.Length)], random.Next(4) == 0 ? null : "k")).ToArray();
        var plain = new DrivenOperator(rules);
        var op = new DrivenOperator(plain.Patterns);
        var chain = new List<Segment>();
        var since = new List<(Func<DrivenOperator, string> Act, string Told)>();
        (OperatorSnapshot Snapshot, SegmentWriter Writer, SnapshotKind Kind, long Sequence)? taking = null;
        var (timeMs, restores) = (0L, 0);
        for (var i = 0; i < 4_000; i++)
        {
            timeMs += random.Next(4);
            var act = Act(random, timeMs);
            var told = act(op);
            Assert.Equal(act(plain), told);
            since.Add((act, told));
            if (taking is null && random.Next(15) == 0)
            {
                since.Clear();
                var kind = chain.Count == 0 ? SnapshotKind.Full : (SnapshotKind)random.Next(3);
                taking = (op.BeginSnapshot(kind), new SegmentWriter("rules", 0, kind), kind, op.Sequence);
            }
            if (taking is not { } t || !t.Snapshot.Write(t.Writer, random.Next(1, 600)))
                continue;
            taking = null;
            if (t.Kind == SnapshotKind.Full)
                chain.Clear();
            var whole = t.Kind == SnapshotKind.Savepoint ? [t.Writer.Complete()] : chain;
            if (t.Kind != SnapshotKind.Savepoint)
                chain.Add(t.Writer.Complete());
            var restored = new DrivenOperator(plain.Patterns);
            restored.Restore(whole, t.Sequence);
            Assert.All(since, s => Assert.Equal(s.Told, s.Act(restored)));
            restores++;
        }
        Assert.InRange(restores, 30, 400);
        Assert.Equal(plain.AdvanceTo(long.MaxValue), op.AdvanceTo(long.MaxValue));
    }

    [Fact]
    public void A_snapshot_of_what_changed_has_few_bytes_where_few_keys_changed()
    {
        var op = new DrivenOperator(Compiled.Rule("r", "A -> B -> C within 10h skip none"));
        for (var i = 0; i < 10_000; i++)
            op.Send('A', i, "k" + i);
        op.AdvanceTo(10_000);
        var full = Take(op, SnapshotKind.Full);
        for (var i = 0; i < 100; i++)
            op.Send('B', 10_001 + i, "k" + 37 * i);
        for (var i = 0; i < 5_000; i++)
            op.Send('X', 10_101 + i, "k" + i);
        op.AdvanceTo(20_000);
        var changed = Take(op, SnapshotKind.Incremental);
        var nothing = Take(op, SnapshotKind.Incremental);
        Assert.InRange(changed, 1, full / 20);
        Assert.InRange(nothing, 1, 1_000);
        Assert.Equal(full, Take(op, SnapshotKind.Savepoint), tolerance: full / 20);
    }

    [Fact]
    public void After_a_snapshot_that_was_given_up_the_next_one_holds_everything()
    {
        string[] rules = [Compiled.Rule("r", "A -> B within 1h")];
        var op = new DrivenOperator(rules);
        for (var i = 0; i < 100; i++)
            op.Send('A', i, "k" + i);
        op.AdvanceTo(100);
        var first = new SegmentWriter("rules", 0, SnapshotKind.Full);
        op.BeginSnapshot(SnapshotKind.Full).Write(first, long.MaxValue);
        op.Send('B', 200, "k7");
        op.AdvanceTo(200);
        var lost = op.BeginSnapshot(SnapshotKind.Incremental);
        lost.Write(new SegmentWriter("rules", 0, SnapshotKind.Incremental), 1);
        lost.Abandon();
        var second = new SegmentWriter("rules", 0, SnapshotKind.Incremental);
        op.BeginSnapshot(SnapshotKind.Incremental).Write(second, long.MaxValue);
        var restored = new DrivenOperator(rules);
        restored.Restore([first.Complete(), second.Complete()], op.Sequence);
        Assert.Equal(99, restored.Keys);
        Assert.Equal(op.AdvanceTo(long.MaxValue), restored.AdvanceTo(long.MaxValue));
    }

    [Fact]
    public void Rules_that_are_new_begin_with_nothing_and_what_removed_ones_remembered_is_left()
    {
        var op = new DrivenOperator(Compiled.Rule("gone", "A -> C within 1h"), Compiled.Rule("same", "A -> B within 1h"));
        var restored = new DrivenOperator(Compiled.Rule("new", "A -> B within 2h", key: null), Compiled.Rule("same", "A -> B within 1h"));
        op.Run("A@1, A@2 of y");
        op.Send('B', 5, "y");
        op.Send('C', 5, "y");
        restored.Restore([Whole(op)], op.Sequence);
        Assert.Equal("a@2 b@5", restored.AdvanceTo(10));
        Assert.Equal("a@1 timed out at 3600001", restored.AdvanceTo(long.MaxValue));
    }

    private static Segment Whole(DrivenOperator op)
    {
        var writer = new SegmentWriter("rules", 0, SnapshotKind.Savepoint);
        op.BeginSnapshot(SnapshotKind.Savepoint).Write(writer, long.MaxValue);
        return writer.Complete();
    }

    private static long Take(DrivenOperator op, SnapshotKind kind)
    {
        using var writer = new SegmentWriter("rules", 0, kind);
        Assert.True(op.BeginSnapshot(kind).Write(writer, long.MaxValue));
        return writer.Bytes;
    }

    private static Func<DrivenOperator, string> Act(Random random, long timeMs)
    {
        var (letter, key, atMs) = ("ABC"[random.Next(3)], "k" + random.Next(30), timeMs + random.Next(10));
        if (random.Next(4) == 0)
            return op => op.AdvanceTo(timeMs);
        return op =>
        {
            op.Send(letter, atMs + 1, key);
            return "";
        };
    }
}
