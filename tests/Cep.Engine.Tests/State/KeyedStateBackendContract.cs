using Cep.Engine.Checkpoints;
using Cep.Engine.Keys;
using Cep.Engine.Operators;
using Cep.Engine.State;
using Cep.Engine.State.Serializers;
using Xunit;

namespace Cep.Engine.Tests.State;

/// <summary>What every backend of keyed state must hold. A backend's tests derive from this class.</summary>
public abstract class KeyedStateBackendContract
{
    private static readonly KeyGroupRange AllGroups = KeyGroupAssignment.RangeOf(0, 1);
    private static readonly ValueStateDescriptor<long> Count = new("count");

    protected abstract StateBackend Backend { get; }

    private sealed record Note(string Text, int Size);

    [Fact]
    public void Each_key_has_its_own_entries()
    {
        KeyedStateBackend<string> backend = Create();
        ValueState<long> count = backend.State(Count);
        Set(backend, "a");
        Assert.False(count.TryGet(out _));
        count.Value = 3;
        Set(backend, "b");
        Assert.Equal(0, count.Value);
        count.Value = 5;
        Set(backend, "a");
        Assert.Equal(3, count.Value);
        count.Clear();
        Assert.False(count.TryGet(out _));
        Set(backend, "b");
        Assert.Equal(5, count.Value);
    }

    [Fact]
    public void Lists_maps_and_sums_are_kept_by_key()
    {
        KeyedStateBackend<string> backend = Create();
        var list = backend.State(new ListStateDescriptor<Note>("list"));
        var map = backend.State(new MapStateDescriptor<int, string>("map"));
        var sum = backend.State(new ReducingStateDescriptor<long>("sum", (a, b) => a + b));
        var mean = backend.State(new AggregatingStateDescriptor<long, (long Sum, long Count), double>("mean", new Mean()));
        foreach (string key in new[] { "a", "b", "a" })
        {
            Set(backend, key);
            list.Add(new Note(key, list.Items.Length));
            map[list.Items.Length] = key;
            sum.Add(10);
            mean.Add(list.Items.Length);
        }

        Set(backend, "a");
        Assert.Equal([new Note("a", 0), new Note("a", 1)], list.Items.ToArray());
        Assert.Equal([1, 2], map.Entries.Select(e => e.Key).Order());
        Assert.Equal((2, true, false), (map.Count, map.Remove(1), map.Remove(1)));
        Assert.True(sum.TryGet(out long total) && total == 20);
        Assert.True(mean.TryGet(out double average) && average == 1.5);
        list.Set([]);
        map.Clear();
        sum.Clear();
        mean.Clear();
        Assert.Equal((0, 0, false, false), (list.Items.Length, map.Count, sum.TryGet(out _), mean.TryGet(out _)));
        Assert.Equal(1, backend.KeyCount);
    }

    [Fact]
    public void Setting_null_clears()
    {
        KeyedStateBackend<string> backend = Create();
        ValueState<string> text = backend.State(new ValueStateDescriptor<string>("text"));
        Set(backend, "a");
        text.Value = "x";
        text.Value = null;
        Assert.Equal((false, 0), (text.TryGet(out _), backend.KeyCount));
    }

    [Fact]
    public void A_name_gives_the_same_state_and_stands_for_one_type()
    {
        KeyedStateBackend<string> backend = Create();
        Assert.Same(backend.State(Count), backend.State(new ValueStateDescriptor<long>("count")));
        string message = Assert.Throws<InvalidOperationException>(() => backend.State(new ValueStateDescriptor<int>("count"))).Message;
        Assert.Equal("There is a state 'count' already, and it is of another kind or type.", message);
    }

    [Fact]
    public void Reading_a_key_takes_no_memory()
    {
        KeyedStateBackend<string> backend = Create();
        ValueState<long> count = backend.State(Count);
        for (int i = 0; i < 100; i++)
        {
            Set(backend, $"k{i}");
            Assert.Equal(0, count.Value);
            count.Clear();
        }

        Assert.Equal(0, backend.KeyCount);
    }

    /// <summary>Random writes and removals, with snapshots of all kinds begun, written by slices, given up and restored in between.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void A_snapshot_holds_what_was_there_at_its_barrier(int seed)
    {
        for (int round = 0; round < 40; round++) new BackendRun(Create, new Random(seed * 1000 + round), $"seed {seed}, round {round}").Run();
    }

    [Fact]
    public void A_state_that_is_no_more_is_refused_by_name_or_forgotten_on_demand()
    {
        KeyedStateBackend<string> written = Create();
        ValueState<long> count = written.State(Count);
        Set(written, "a");
        count.Value = 1;
        using Segment segment = Write(written.BeginSnapshot(SnapshotKind.Full), SnapshotKind.Full);

        KeyedStateBackend<string> other = Create();
        other.State(new ValueStateDescriptor<long>("total"));
        Assert.Equal(
            "The snapshot has a state 'count' (value), and the operator declares none of that name. Declare it, or forget it by name.",
            Assert.Throws<StateSchemaException>(() => Restore(other, segment)).Message);
        KeyedStateBackend<string> list = Create();
        list.State(new ListStateDescriptor<long>("count"));
        Assert.Equal("The state 'count' was written as value and is list now.", Assert.Throws<StateSchemaException>(() => Restore(list, segment)).Message);
        KeyedStateBackend<string> text = Create();
        text.State(new ValueStateDescriptor<string>("count"));
        Assert.Equal("The value of state 'count' was written as long and is string now.", Assert.Throws<StateSchemaException>(() => Restore(text, segment)).Message);

        KeyedStateBackend<string> forgetting = Create();
        forgetting.Forget("count");
        Restore(forgetting, segment);
        Assert.Equal(0, forgetting.KeyCount);
    }

    [Fact]
    public void A_wider_type_takes_over_values_and_keys()
    {
        KeyedStateBackend<string> written = Create();
        ValueState<int> count = written.State(new ValueStateDescriptor<int>("count"));
        Set(written, "a");
        count.Value = 7;
        using Segment segment = Write(written.BeginSnapshot(SnapshotKind.Full), SnapshotKind.Full);
        KeyedStateBackend<string> read = Create();
        ValueState<long> wider = read.State(Count);
        Restore(read, segment);
        Set(read, "a");
        Assert.Equal(7, wider.Value);
    }

    [Fact]
    public void Unchanged_entries_are_not_written_again()
    {
        KeyedStateBackend<string> backend = Create();
        ValueState<long> count = backend.State(Count);
        for (int i = 0; i < 1000; i++) SetCount(i, i);
        using Segment full = Write(backend.BeginSnapshot(SnapshotKind.Full), SnapshotKind.Full);
        for (int i = 0; i < 10; i++) SetCount(i * 100, -1);
        using Segment delta = Write(backend.BeginSnapshot(SnapshotKind.Incremental), SnapshotKind.Incremental);
        using Segment nothing = Write(backend.BeginSnapshot(SnapshotKind.Incremental), SnapshotKind.Incremental);
        Assert.Equal((1000L, 10L, 0L), (full.Entries, delta.Entries, nothing.Entries));

        void SetCount(int key, long value)
        {
            Set(backend, $"k{key}");
            count.Value = value;
        }
    }

    /// <summary>Keys that come and go between two snapshots leave nothing behind, and a peak of keys is given back.</summary>
    [Fact]
    public void Keys_that_come_and_go_leave_nothing()
    {
        KeyedStateBackend<string> backend = Create();
        ValueState<long> count = backend.State(Count);
        using Segment none = Write(backend.BeginSnapshot(SnapshotKind.Full), SnapshotKind.Full);
        for (int i = 0; i < 20_000; i++)
        {
            Set(backend, $"k{i}");
            count.Value = i;
        }

        for (int i = 0; i < 20_000; i++)
        {
            if (i % 1000 == 0) continue;
            Set(backend, $"k{i}");
            count.Clear();
        }

        backend.AdvanceWatermark(1);
        Assert.Equal(20, backend.KeyCount);
        for (int i = 0; i < 20_000; i++)
        {
            Set(backend, $"k{i}");
            Assert.Equal(i % 1000 == 0 ? i : 0, count.Value);
        }

        using Segment delta = Write(backend.BeginSnapshot(SnapshotKind.Incremental), SnapshotKind.Incremental);
        Assert.Equal(20, delta.Entries);
    }

    [Fact]
    public void One_snapshot_is_written_at_a_time()
    {
        KeyedStateBackend<string> backend = Create();
        ValueState<long> count = backend.State(Count);
        Set(backend, "a");
        count.Value = 1;
        OperatorSnapshot first = backend.BeginSnapshot(SnapshotKind.Full);
        Assert.Throws<InvalidOperationException>(() => backend.BeginSnapshot(SnapshotKind.Savepoint));
        first.Abandon();
        backend.BeginSnapshot(SnapshotKind.Savepoint);
    }

    private KeyedStateBackend<string> Create() => Backend.Create(KeyType.Of<string>(), AllGroups);

    internal static void Set(KeyedStateBackend<string> backend, string key, long timestampMs = 0) =>
        backend.SetCurrentKey(key, backend.KeyType.KeyGroupOf(key), timestampMs);

    internal static Segment Write(OperatorSnapshot snapshot, SnapshotKind kind)
    {
        var writer = new SegmentWriter("op", 0, kind);
        Assert.True(snapshot.Write(writer, long.MaxValue));
        return writer.Complete();
    }

    internal static void Restore(KeyedStateBackend<string> backend, params IEnumerable<Segment> chain)
    {
        using StateReader reader = StateReader.Of(AllGroups, chain);
        while (reader.Next(out SegmentEntry entry)) backend.Restore(entry);
    }

    private sealed class Mean : AggregateFunction<long, (long Sum, long Count), double>
    {
        public override (long Sum, long Count) Create() => (0, 0);

        public override (long Sum, long Count) Add((long Sum, long Count) accumulator, long value) => (accumulator.Sum + value, accumulator.Count + 1);

        public override double ResultOf((long Sum, long Count) accumulator) => (double)accumulator.Sum / accumulator.Count;

        public override (long Sum, long Count) Merge((long Sum, long Count) first, (long Sum, long Count) second) =>
            (first.Sum + second.Sum, first.Count + second.Count);
    }
}

public class HeapStateBackendTests : KeyedStateBackendContract
{
    protected override StateBackend Backend => StateBackend.Heap;
}
