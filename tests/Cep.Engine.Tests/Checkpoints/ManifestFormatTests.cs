using System.Text;
using Cep.Engine.Checkpoints;
using Xunit;

namespace Cep.Engine.Tests.Checkpoints;

public class ManifestFormatTests
{
    private static readonly Manifest Sample = new(
        17,
        false,
        1_700_000_000_000,
        2,
        128,
        [
            new OperatorState("score", "score cards", [new SegmentChain(0, [new SegmentFile("chk-16/a.seg", 900, 0xFEDCBA9876543210), new SegmentFile("chk-17/a.seg", 9, 1)])]),
            new OperatorState("zähler \"2\"", "", [new SegmentChain(1, [new SegmentFile("chk-17/b.seg", 5, 0)])]),
        ],
        new Dictionary<string, string> { ["rules"] = "match\n", ["version"] = "3" });

    [Fact]
    public void A_manifest_is_read_as_it_was_written()
    {
        Manifest read = ManifestFormat.Read("m", ManifestFormat.Write(Sample));
        Assert.Equal(Text(ManifestFormat.Write(Sample)), Text(ManifestFormat.Write(read)));
        Assert.Equal(Sample.Files, read.Files);
        Assert.Equal(Sample.Properties, read.Properties);
        Assert.Equal((17, false, 1_700_000_000_000, 2, 128), (read.CheckpointId, read.IsSavepoint, read.CreatedMs, read.Parallelism, read.KeyGroups));
        Assert.Equal(Sample.Operators.Select(o => (o.Uid, o.Name, o.Subtasks.Single().Subtask)), read.Operators.Select(o => (o.Uid, o.Name, o.Subtasks.Single().Subtask)));
        Assert.True(ManifestFormat.Read("m", ManifestFormat.Write(Sample with { IsSavepoint = true })).IsSavepoint);
    }

    [Fact]
    public void The_text_of_version_1_does_not_change()
    {
        var small = new Manifest(3, true, 5, 1, 128, [new OperatorState("a", "A", [new SegmentChain(0, [new SegmentFile("segments/a.seg", 7, 0xAB)])])], new Dictionary<string, string> { ["k"] = "v" });
        const string Golden = """
            {
              "format": 1,
              "id": 3,
              "kind": "savepoint",
              "createdMs": 5,
              "parallelism": 1,
              "keyGroups": 128,
              "operators": [
                {
                  "uid": "a",
                  "name": "A",
                  "subtasks": [
                    {
                      "subtask": 0,
                      "segments": [
                        {
                          "file": "segments/a.seg",
                          "bytes": 7,
                          "checksum": "00000000000000ab"
                        }
                      ]
                    }
                  ]
                }
              ],
              "properties": {
                "k": "v"
              }
            }
            crc32c 11f60237

            """;
        Assert.Equal(Golden, Text(ManifestFormat.Write(small)));
    }

    [Fact]
    public void Any_change_of_a_bit_and_any_cut_is_found()
    {
        byte[] bytes = ManifestFormat.Write(Sample);
        for (int bit = 0; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Throws<CorruptSnapshotException>(() => ManifestFormat.Read("m", bytes));
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }

        for (int length = 0; length < bytes.Length; length++) Assert.Throws<CorruptSnapshotException>(() => ManifestFormat.Read("m", bytes[..length]));
        Assert.Throws<CorruptSnapshotException>(() => ManifestFormat.Read("m", (byte[])[.. bytes, (byte)'\n']));
    }

    [Fact]
    public void A_newer_version_is_refused_with_both_versions()
    {
        byte[] newer = Signed("""{ "format": 2, "chapters": [] }""");
        var refused = Assert.Throws<SnapshotVersionException>(() => ManifestFormat.Read("chk-3/manifest.json", newer));
        Assert.Equal(
            "The snapshot file chk-3/manifest.json has format version 2; this program reads versions up to 1. Use the version of the program that wrote it, or a newer one.",
            refused.Message);
    }

    [Theory]
    [InlineData("../../etc/passwd")]
    [InlineData("/etc/passwd")]
    [InlineData("a\\..\\b")]
    [InlineData("chk-1/../../b")]
    [InlineData("")]
    public void A_file_outside_is_refused(string file)
    {
        var manifest = Sample with { Operators = [new OperatorState("a", "a", [new SegmentChain(0, [new SegmentFile(file, 1, 0)])])] };
        var refused = Assert.Throws<CorruptSnapshotException>(() => ManifestFormat.Read("m", ManifestFormat.Write(manifest)));
        Assert.Equal($"The snapshot file m is damaged: '{file}' is no name of a file of its own.", refused.Message);
    }

    [Fact]
    public void What_does_not_hang_together_is_refused()
    {
        OperatorState state = Sample.Operators[0];
        Refused("it lists the operator score twice", Sample with { Operators = [state, state with { Subtasks = [] }] });
        Refused("it lists a subtask twice", Sample with { Operators = [state with { Subtasks = [.. state.Subtasks, .. state.Subtasks] }] });
        Refused("it names the file chk-16/a.seg twice", Sample with { Operators = [state, state with { Uid = "b" }] });
        Refused("it has an empty chain of segments", Sample with { Operators = [state with { Subtasks = [new SegmentChain(0, [])] }] });
        Refused("it has 256 key groups, and this program 128", Sample with { KeyGroups = 256 });
        Refused("its parallelism is 0", Sample with { Parallelism = 0 });
        Refused("its number is 0", Sample with { CheckpointId = 0 });
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("not json")]
    [InlineData("""{ "format": 1, "id": "x" }""")]
    [InlineData("""{ "format": 1.5 }""")]
    public void What_is_no_manifest_is_refused(string json)
    {
        var refused = Assert.Throws<CorruptSnapshotException>(() => ManifestFormat.Read("m", Signed(json)));
        Assert.StartsWith("The snapshot file m is damaged: it is no manifest (", refused.Message);
    }

    private static void Refused(string reason, Manifest manifest) =>
        Assert.Equal(reason, Assert.Throws<CorruptSnapshotException>(() => ManifestFormat.Read("m", ManifestFormat.Write(manifest))).Reason);

    private static byte[] Signed(string json)
    {
        byte[] body = Encoding.UTF8.GetBytes(json + "\n");
        return [.. body, .. Encoding.UTF8.GetBytes($"crc32c {Crc32C.Of(body):x8}\n")];
    }

    private static string Text(byte[] bytes) => Encoding.UTF8.GetString(bytes);
}
