using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Cep.Engine.Checkpoints;

/// <summary>Says what a checkpoint or savepoint consists of. Written last: a checkpoint without it does not exist.</summary>
/// <param name="CheckpointId">Its number.</param>
/// <param name="IsSavepoint">Whether its owner keeps it, and it stands for itself.</param>
/// <param name="CreatedMs">When it was complete, Unix milliseconds.</param>
/// <param name="Parallelism">The number of subtasks of each operator.</param>
/// <param name="KeyGroups">The number of key groups, fixed for the life of the state.</param>
/// <param name="Operators">What each operator remembers.</param>
/// <param name="Properties">What the application keeps with it, such as the rules that ran.</param>
public sealed record Manifest(
    long CheckpointId,
    bool IsSavepoint,
    long CreatedMs,
    int Parallelism,
    int KeyGroups,
    IReadOnlyList<OperatorState> Operators,
    IReadOnlyDictionary<string, string> Properties)
{
    /// <summary>The version that is written. A newer one is refused.</summary>
    public const int FormatVersion = 1;

    private const string ChecksumLine = "crc32c ";

    /// <summary>The version it was read with.</summary>
    public int Format { get; init; } = FormatVersion;

    /// <summary>All files it names.</summary>
    [JsonIgnore]
    public IEnumerable<SegmentFile> Files => Operators.SelectMany(op => op.Subtasks).SelectMany(chain => chain.Segments);

    /// <summary>The bytes to store: JSON, and a line with the checksum of it.</summary>
    public byte[] ToBytes()
    {
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(this, ManifestJson.Default.Manifest);
        string checksum = SegmentFormat.Checksum(json).ToString("x8", CultureInfo.InvariantCulture);
        return [.. json, (byte)'\n', .. Encoding.ASCII.GetBytes(ChecksumLine + checksum + "\n")];
    }

    /// <summary>Reads what <see cref="ToBytes"/> wrote.</summary>
    /// <param name="name">For messages.</param>
    /// <param name="bytes">All of it.</param>
    /// <exception cref="CorruptSnapshotException">It is damaged, cut, or of a newer version.</exception>
    public static Manifest Parse(string name, ReadOnlySpan<byte> bytes)
    {
        int last = bytes.TrimEnd((byte)'\n').LastIndexOf((byte)'\n');
        if (last < 0) throw new CorruptSnapshotException(name, "It is cut short.");
        string line = Encoding.ASCII.GetString(bytes[(last + 1)..]).TrimEnd('\n');
        string expected = ChecksumLine + SegmentFormat.Checksum(bytes[..last]).ToString("x8", CultureInfo.InvariantCulture);
        if (line != expected) throw new CorruptSnapshotException(name, "It is damaged: its checksum does not fit.");
        try
        {
            Manifest manifest = JsonSerializer.Deserialize(bytes[..last], ManifestJson.Default.Manifest)!;
            if (manifest.Format <= FormatVersion) return manifest;
            throw new CorruptSnapshotException(name, $"Its format has version {manifest.Format}; this program reads versions up to {FormatVersion}.");
        }
        catch (JsonException problem)
        {
            throw new CorruptSnapshotException(name, $"It is no manifest: {problem.Message}");
        }
    }
}

/// <summary>What one operator remembers.</summary>
/// <param name="Uid">The operator.</param>
/// <param name="Subtasks">The chain of each subtask that remembers anything.</param>
public sealed record OperatorState(string Uid, IReadOnlyList<SegmentChain> Subtasks);

/// <summary>A full segment and those that change it, oldest first.</summary>
/// <param name="Segments">At least one.</param>
public sealed record SegmentChain(IReadOnlyList<SegmentFile> Segments);

/// <summary>A segment in the store.</summary>
/// <param name="Name">Its name there.</param>
/// <param name="Bytes">Its size.</param>
public sealed record SegmentFile(string Name, long Bytes);

[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Manifest))]
internal sealed partial class ManifestJson : JsonSerializerContext;
