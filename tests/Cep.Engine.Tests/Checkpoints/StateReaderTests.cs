using Cep.Engine.Checkpoints;
using Cep.Engine.Keys;
using Xunit;

namespace Cep.Engine.Tests.Checkpoints;

public class StateReaderTests
{
    [Fact]
    public void A_chain_is_read_oldest_segment_first()
    {
        using StateReader reader = StateReader.Of(Segments.All, Segments.Full("1 a=1", "2 b=1"), Segments.Delta("1 a=2"), Segments.Delta("2 b"));
        Assert.Equal(["1 a=1", "2 b=1", "1 a=2", "2 b"], Segments.Read(reader));
    }

    [Fact]
    public void A_subtask_sees_its_key_groups_and_all_operator_state()
    {
        using Segment segment = Segments.Full("0 a=1", "63 b=1", "64 c=1", "-1 d=1", "127 e=1");
        using StateReader first = StateReader.Of(KeyGroupAssignment.RangeOf(0, 2), segment);
        Assert.Equal(["0 a=1", "63 b=1", "-1 d=1"], Segments.Read(first));
        using StateReader second = StateReader.Of(KeyGroupAssignment.RangeOf(1, 2), segment);
        Assert.Equal(["64 c=1", "-1 d=1", "127 e=1"], Segments.Read(second));
    }

    [Fact]
    public void What_a_later_segment_of_the_chain_replaces_is_left_out()
    {
        Segment replacing = Segments.Of(SnapshotKind.Incremental, replaces: true, 0, "1 b=2");
        using StateReader reader = StateReader.Of(Segments.All, Segments.Full("1 a=1"), Segments.Delta("1 a=2"), replacing, Segments.Delta("1 c=3"));
        Assert.Equal(["1 b=2", "1 c=3"], Segments.Read(reader));
    }

    [Fact]
    public void A_state_that_is_replaced_by_nothing_is_empty()
    {
        using StateReader reader = StateReader.Of(Segments.All, Segments.Full("1 a=1"), Segments.Of(SnapshotKind.Incremental, replaces: true, 0));
        Assert.Empty(Segments.Read(reader));
    }

    [Fact]
    public void Replacing_ends_with_the_chain()
    {
        SegmentSource[] one = [SegmentSource.Of(Segments.Full("1 a=1"))];
        SegmentSource[] other = [SegmentSource.Of(Segments.Of(SnapshotKind.Full, replaces: true, 1, "2 b=1"))];
        using var reader = new StateReader(Segments.All, [one, other]);
        Assert.Equal(["1 a=1", "2 b=1"], Segments.Read(reader));
    }

    [Fact]
    public void A_segment_of_other_key_groups_is_not_opened()
    {
        SegmentSource segment = SegmentSource.Of(Segments.Full("100 a=1")) with { Open = () => throw new InvalidOperationException() };
        using var reader = new StateReader(KeyGroupAssignment.RangeOf(0, 2), [[segment]]);
        Assert.True(reader.IsEmpty);
        Assert.Empty(Segments.Read(reader));
    }

    [Fact]
    public void Entries_name_the_state_by_its_place_among_all_states()
    {
        var later = new SegmentWriter("counter", 0, SnapshotKind.Incremental);
        int other = later.Declare(new StateSchema("sums", "value", "string", "int64"));
        int counts = later.Declare(Segments.Counts);
        later.Put(other, 1, [], []);
        later.Put(counts, 1, [], []);
        using StateReader reader = StateReader.Of(Segments.All, Segments.Full("1 a=1"), later.Complete());
        var found = new List<int>();
        while (reader.Next(out SegmentEntry entry))
        {
            Assert.Same(entry.State, reader.States[entry.StateIndex]);
            found.Add(entry.StateIndex);
        }

        Assert.Equal([0, 1, 0], found);
    }
}
