using Cep.Engine.Checkpoints;
using Cep.Engine.Keys;
using Cep.Engine.State;
using Xunit;

namespace Cep.Engine.Tests.State;

public class TimeToLiveTests
{
    private static readonly TimeToLive TenMs = new(TimeSpan.FromMilliseconds(10));

    private readonly KeyedStateBackend<string> _backend = Create();

    [Fact]
    public void An_entry_is_gone_when_the_watermark_is_so_far_past_the_time_of_its_last_write()
    {
        ValueState<string> value = _backend.State(new ValueStateDescriptor<string>("v") { TimeToLive = TenMs });
        At("a", 100);
        value.Value = "x";
        _backend.AdvanceWatermark(105);
        At("a", 106);
        value.Value = "y";
        Stands(115, "y");
        Stands(116, null);

        void Stands(long watermarkMs, string? expected)
        {
            _backend.AdvanceWatermark(watermarkMs);
            At("a", watermarkMs + 1);
            Assert.Equal(expected, value.Value);
        }
    }

    [Fact]
    public void Reading_refreshes_where_it_is_asked_to()
    {
        ValueState<int> value = _backend.State(new ValueStateDescriptor<int>("v") { TimeToLive = TenMs with { Refresh = TtlRefresh.OnReadAndWrite } });
        At("a", 100);
        value.Value = 1;
        for (long watermarkMs = 105; watermarkMs < 200; watermarkMs += 5)
        {
            _backend.AdvanceWatermark(watermarkMs);
            At("a", watermarkMs + 1);
            Assert.Equal(1, value.Value);
        }

        _backend.AdvanceWatermark(300);
        At("a", 301);
        Assert.False(value.TryGet(out _));
    }

    [Fact]
    public void Entries_of_a_map_grow_old_one_by_one_and_lists_as_a_whole()
    {
        MapState<string, int> map = _backend.State(new MapStateDescriptor<string, int>("m") { TimeToLive = TenMs });
        ListState<int> list = _backend.State(new ListStateDescriptor<int>("l") { TimeToLive = TenMs });
        At("a", 100);
        map["old"] = 1;
        list.Add(1);
        At("a", 105);
        map["new"] = 2;
        list.Add(2);
        _backend.AdvanceWatermark(110);
        At("a", 111);
        Assert.Equal(["new"], map.Entries.Select(e => e.Key));
        Assert.False(map.TryGet("old", out _));
        Assert.Equal([1, 2], list.Items.ToArray());
        _backend.AdvanceWatermark(115);
        At("a", 116);
        Assert.Equal((0, 0), (map.Entries.Count(), list.Items.Length));
        list.Add(3);
        Assert.Equal([3], list.Items.ToArray());
    }

    [Fact]
    public void Entries_written_before_the_clock_is_known_live_from_when_it_is()
    {
        ValueState<int> value = _backend.State(new ValueStateDescriptor<int>("v") { TimeToLive = TenMs with { Clock = TtlClock.ProcessingTime } });
        At("a", 5);
        value.Value = 1;
        _backend.AdvanceProcessingTime(1000);
        _backend.AdvanceWatermark(6);
        _backend.AdvanceProcessingTime(1009);
        At("a", 7);
        Assert.Equal(1, value.Value);
        _backend.AdvanceProcessingTime(1010);
        Assert.False(value.TryGet(out _));
    }

    [Fact]
    public void Old_entries_that_nobody_asks_for_are_removed_bit_by_bit()
    {
        ValueState<int> value = _backend.State(new ValueStateDescriptor<int>("v") { TimeToLive = TenMs });
        MapState<int, int> map = _backend.State(new MapStateDescriptor<int, int>("m") { TimeToLive = TenMs });
        for (int i = 0; i < 1000; i++)
        {
            At($"k{i}", 100);
            value.Value = i;
            map[i] = i;
        }

        for (int i = 0; i < 10; i++) _backend.AdvanceWatermark(200 + i);
        Assert.Equal(0, _backend.KeyCount);
    }

    [Fact]
    public void Old_entries_are_not_written_and_are_written_as_removed()
    {
        ValueState<int> value = _backend.State(new ValueStateDescriptor<int>("v") { TimeToLive = TenMs });
        for (int i = 0; i < 2000; i++)
        {
            At($"k{i}", i < 1990 ? 100 : 150);
            value.Value = i;
        }

        using Segment full = KeyedStateBackendContract.Write(_backend.BeginSnapshot(SnapshotKind.Full), SnapshotKind.Full);
        _backend.AdvanceWatermark(120);
        using Segment savepoint = KeyedStateBackendContract.Write(_backend.BeginSnapshot(SnapshotKind.Savepoint), SnapshotKind.Savepoint);
        for (int i = 0; i < 20; i++) _backend.AdvanceWatermark(121 + i);
        using Segment delta = KeyedStateBackendContract.Write(_backend.BeginSnapshot(SnapshotKind.Incremental), SnapshotKind.Incremental);
        Assert.Equal((2000L, 10L, 1990L, 10L), (full.Entries, savepoint.Entries, delta.Entries, _backend.KeyCount));
    }

    [Fact]
    public void Time_to_live_may_be_given_to_state_that_was_written_without_and_taken_away()
    {
        ValueState<int> value = _backend.State(new ValueStateDescriptor<int>("v"));
        At("a", 100);
        value.Value = 7;
        using Segment without = KeyedStateBackendContract.Write(_backend.BeginSnapshot(SnapshotKind.Full), SnapshotKind.Full);

        KeyedStateBackend<string> given = Create();
        ValueState<int> mortal = given.State(new ValueStateDescriptor<int>("v") { TimeToLive = TenMs });
        KeyedStateBackendContract.Restore(given, without);
        given.AdvanceWatermark(1000);
        KeyedStateBackendContract.Set(given, "a", 1001);
        Assert.Equal(7, mortal.Value);
        using Segment with = KeyedStateBackendContract.Write(given.BeginSnapshot(SnapshotKind.Savepoint), SnapshotKind.Savepoint);
        given.AdvanceWatermark(1011);
        Assert.False(mortal.TryGet(out _));

        KeyedStateBackend<string> taken = Create();
        ValueState<int> immortal = taken.State(new ValueStateDescriptor<int>("v"));
        KeyedStateBackendContract.Restore(taken, with);
        taken.AdvanceWatermark(long.MaxValue);
        KeyedStateBackendContract.Set(taken, "a", 0);
        Assert.Equal(7, immortal.Value);
    }

    [Fact]
    public void Less_than_a_millisecond_is_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => new TimeToLive(TimeSpan.FromTicks(9_999)));

    private static KeyedStateBackend<string> Create() => StateBackend.Heap.Create(KeyType.Of<string>(), KeyGroupAssignment.RangeOf(0, 1));

    private void At(string key, long timestampMs) => KeyedStateBackendContract.Set(_backend, key, timestampMs);
}
