using Cep.Engine.Checkpoints;
using Xunit;

namespace Cep.Engine.Tests.Checkpoints;

public class SegmentFormatTests
{
    /// <summary>The segment of <see cref="Write"/> as version 1 has it.</summary>
    private const string Golden =
        "4345505301000000566a351909000000fa758c760101050573636f7265570000007b95fd1c02000108706f736974696f6e086f70657261746f720005"
        + "696e7436340100066f6666736574023137040006636f756e74730576616c756506737472696e6705696e743634050404616e6e610333303006800104"
        + "6265727443000000a006bae503020108706f736974696f6e086f70657261746f720005696e7436340006636f756e74730576616c756506737472696e"
        + "6705696e743634030080011816e686199b1e57";

    [Fact]
    public void The_bytes_of_version_1_do_not_change()
    {
        using Segment segment = Write();
        Assert.Equal(Golden, Convert.ToHexStringLower(segment.ToArray()));
    }

    [Fact]
    public void The_bytes_of_version_1_are_read()
    {
        byte[] bytes = Convert.FromHexString(Golden);
        Assert.Equal(["-1 offset=17", "3 anna=300", "127 bert"], Segments.Read(bytes));
        SegmentSummary summary = SegmentReader.Verify("a.seg", new MemoryStream(bytes), bytes.Length);
        Assert.Equal(("score", 5, SnapshotKind.Incremental, 3L, -1, 127), (summary.OperatorUid, summary.Subtask, summary.Kind, summary.Entries, summary.FirstKeyGroup, summary.LastKeyGroup));
        Assert.Equal([new StateSchema("position", "operator", "", "int64"), new StateSchema("counts", "value", "string", "int64")], summary.States);
        Assert.Equal(["position"], summary.Replaced);
    }

    [Fact]
    public void A_newer_version_is_refused_with_both_versions()
    {
        byte[] bytes = Convert.FromHexString(Golden);
        bytes[4] = 2;
        BitConverter.TryWriteBytes(bytes.AsSpan(8), Crc32C.Of(bytes.AsSpan(0, 8)));
        var refused = Assert.Throws<SnapshotVersionException>(() => new SegmentReader("a.seg", new MemoryStream(bytes), bytes.Length));
        Assert.Equal(
            "The snapshot file a.seg has format version 2; this program reads versions up to 1. Use the version of the program that wrote it, or a newer one.",
            refused.Message);
    }

    [Theory]
    [InlineData("", 0x00000000u)]
    [InlineData("123456789", 0xE3069283u)]
    public void The_checksum_is_the_one_of_the_standard(string text, uint expected) => Assert.Equal(expected, Crc32C.Of(Segments.Utf8(text)));

    [Theory]
    [InlineData(0ul, 1)]
    [InlineData(127ul, 1)]
    [InlineData(128ul, 2)]
    [InlineData(16_383ul, 2)]
    [InlineData(16_384ul, 3)]
    [InlineData(ulong.MaxValue, 10)]
    public void A_number_takes_a_byte_for_seven_bits(ulong value, int bytes) =>
        Assert.Equal(bytes, SegmentFormat.WriteVarint(new byte[SegmentFormat.MaxVarintBytes], value));

    private static Segment Write()
    {
        var writer = new SegmentWriter("score", 5, SnapshotKind.Incremental);
        int position = writer.Declare(new StateSchema("position", "operator", "", "int64"), replaces: true);
        writer.Put(position, SegmentWriter.NonKeyed, Segments.Utf8("offset"), Segments.Utf8("17"));
        int counts = writer.Declare(Segments.Counts);
        writer.Put(counts, 3, Segments.Utf8("anna"), Segments.Utf8("300"));
        writer.Delete(counts, 127, Segments.Utf8("bert"));
        return writer.Complete();
    }
}
