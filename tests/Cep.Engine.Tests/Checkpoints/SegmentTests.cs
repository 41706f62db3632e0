using Cep.Engine.Checkpoints;
using Xunit;

namespace Cep.Engine.Tests.Checkpoints;

public class SegmentTests
{
    [Fact]
    public void Entries_are_read_as_they_were_written()
    {
        string[] entries = ["-1 offset=17", "3 anna=1", "127 bert=", "0 anna"];
        using Segment segment = Segments.Full(entries);
        Assert.Equal(entries, Segments.Read(segment.ToArray()));
        Assert.Equal((4, -1, 127), (segment.Entries, segment.FirstKeyGroup, segment.LastKeyGroup));
    }

    [Fact]
    public void Segment_tells_who_wrote_it_and_what()
    {
        var writer = new SegmentWriter("zähler", 3, SnapshotKind.Incremental);
        writer.Declare(new StateSchema("a", "map", "int64", "string"));
        writer.Declare(new StateSchema("b", "list", "", "int64"), replaces: true);
        byte[] bytes = writer.Complete().ToArray();
        SegmentSummary summary = SegmentReader.Verify("a.seg", new MemoryStream(bytes), bytes.Length);
        Assert.Equal(("zähler", 3, SnapshotKind.Incremental, 0L), (summary.OperatorUid, summary.Subtask, summary.Kind, summary.Entries));
        Assert.Equal(["a (map)", "b (list)"], summary.States.Select(s => s.ToString()));
        Assert.Equal(["b"], summary.Replaced);
        Assert.True(summary.FirstKeyGroup > summary.LastKeyGroup);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Any_sizes_of_entries_come_back(int seed)
    {
        var random = new Random(seed);
        var written = new List<(int Group, byte[] Key, byte[] Value)>();
        var writer = new SegmentWriter("counter", 0, SnapshotKind.Full);
        int state = writer.Declare(Segments.Counts);
        for (int i = 0; i < 400; i++)
        {
            var value = new byte[random.Next(20) == 0 ? random.Next(300_000) : random.Next(200)];
            random.NextBytes(value);
            written.Add((random.Next(-1, 128), BitConverter.GetBytes(random.NextInt64())[..random.Next(8)], value));
            writer.Put(state, written[^1].Group, written[^1].Key, value);
        }

        long before = writer.Bytes;
        using Segment segment = writer.Complete();
        Assert.InRange(segment.Bytes, before, before + 200);
        byte[] bytes = segment.ToArray();
        using var reader = new SegmentReader("a.seg", new MemoryStream(bytes), bytes.Length);
        foreach ((int group, byte[] key, byte[] value) in written)
        {
            Assert.True(reader.Next(out SegmentEntry entry));
            Assert.Equal(group, entry.KeyGroup);
            Assert.True(entry.Key.SequenceEqual(key) && entry.Value.SequenceEqual(value));
        }

        Assert.False(reader.Next(out _));
    }

    [Fact]
    public void A_flipped_bit_is_found_wherever_it_is()
    {
        byte[] bytes = Segments.Full("3 anna=1", "127 bert=2", "-1 offset=17").ToArray();
        for (int bit = 0; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Throws<CorruptSnapshotException>(() => SegmentReader.Verify("a.seg", new MemoryStream(bytes), bytes.Length));
            Assert.Throws<CorruptSnapshotException>(() => Segments.Read(bytes));
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Fact]
    public void A_cut_or_longer_segment_is_found()
    {
        byte[] bytes = Segments.Full("3 anna=1", "127 bert=2").ToArray();
        for (int length = 0; length < bytes.Length; length++)
        {
            Assert.Throws<CorruptSnapshotException>(() => Segments.Read(bytes[..length]));
            Assert.Throws<CorruptSnapshotException>(() => SegmentReader.Verify("a.seg", new MemoryStream(bytes[..length]), bytes.Length));
        }

        Assert.Throws<CorruptSnapshotException>(() => Segments.Read([.. bytes, 0]));
    }

    [Fact]
    public void A_state_cannot_be_declared_twice()
    {
        using var writer = new SegmentWriter("counter", 0, SnapshotKind.Full);
        writer.Declare(Segments.Counts);
        Assert.Throws<ArgumentException>(() => writer.Declare(Segments.Counts with { Kind = "list" }));
    }

    [Fact]
    public void Writing_entries_allocates_nothing()
    {
        using var writer = new SegmentWriter("counter", 0, SnapshotKind.Full);
        int state = writer.Declare(Segments.Counts);
        Span<byte> key = stackalloc byte[8];
        for (int i = 0; i < 100; i++) writer.Put(state, 1, key, key);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 50; i++)
        {
            writer.Put(state, 1, key, key);
            writer.Delete(state, 1, key);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }
}
