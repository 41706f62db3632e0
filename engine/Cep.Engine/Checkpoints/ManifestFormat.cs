using System.Globalization;
using System.Text;
using System.Text.Json;
using Cep.Engine.Keys;

namespace Cep.Engine.Checkpoints;

/// <summary>Owns the bytes of a manifest: JSON that people can read, and a last line with the checksum of what is before it.</summary>
/// <remarks>
/// <code>
/// { "format": 1, "id": 17, "kind": "checkpoint" or "savepoint", "createdMs": 0, "parallelism": 2, "keyGroups": 128,
///   "operators": [ { "uid": "score", "name": "score", "subtasks": [ { "subtask": 0, "segments": [ { "file": "…", "bytes": 9, "checksum": "16 hex digits" } ] } ] } ],
///   "properties": { "name": "value" } }
/// crc32c 8 hex digits
/// </code>
/// The last line and the place of <c>format</c> are the same in every version. Members that are not known are passed over. File names are checked to
/// be names in a store, so that a manifest from elsewhere leads nowhere else.
/// </remarks>
internal static class ManifestFormat
{
    /// <summary>The version that is written, and the newest that is read.</summary>
    public const int Version = 1;

    private const string ChecksumLine = "crc32c ";
    private const string Checkpoint = "checkpoint";
    private const string Savepoint = "savepoint";

    public static byte[] Write(Manifest manifest)
    {
        using var json = new MemoryStream();
        using (var writer = new Utf8JsonWriter(json, new JsonWriterOptions { Indented = true, NewLine = "\n" })) Write(manifest, writer);
        json.WriteByte((byte)'\n');
        byte[] body = json.ToArray();
        return [.. body, .. Encoding.ASCII.GetBytes(LastLine(body))];
    }

    /// <summary>Reads a manifest.</summary>
    /// <param name="name">Its name, for errors.</param>
    /// <param name="bytes">All of it.</param>
    /// <exception cref="CorruptSnapshotException">It is damaged, or does not hang together.</exception>
    /// <exception cref="SnapshotVersionException">It is of a version that is not known.</exception>
    public static Manifest Read(string name, ReadOnlyMemory<byte> bytes)
    {
        int end = bytes.Length == 0 ? -1 : bytes.Span[..^1].LastIndexOf((byte)'\n');
        if (end < 0) throw new CorruptSnapshotException(name, "it is cut off");
        ReadOnlyMemory<byte> body = bytes[..(end + 1)];
        if (!bytes.Span[(end + 1)..].SequenceEqual(Encoding.ASCII.GetBytes(LastLine(body.Span))))
            throw new CorruptSnapshotException(name, "its checksum is wrong");
        try
        {
            using JsonDocument json = JsonDocument.Parse(body);
            long version = json.RootElement.GetProperty("format").GetInt64();
            if (version is < 1 or > Version) throw new SnapshotVersionException(name, version, Version);
            return Check(name, ReadManifest(json.RootElement));
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new CorruptSnapshotException(name, $"it is no manifest ({e.Message.TrimEnd('.')})");
        }
    }

    private static string LastLine(ReadOnlySpan<byte> body) => $"{ChecksumLine}{Crc32C.Of(body):x8}\n";

    private static void Write(Manifest manifest, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteNumber("format", Version);
        json.WriteNumber("id", manifest.CheckpointId);
        json.WriteString("kind", manifest.IsSavepoint ? Savepoint : Checkpoint);
        json.WriteNumber("createdMs", manifest.CreatedMs);
        json.WriteNumber("parallelism", manifest.Parallelism);
        json.WriteNumber("keyGroups", manifest.KeyGroups);
        json.WriteStartArray("operators");
        foreach (OperatorState state in manifest.Operators) Write(state, json);
        json.WriteEndArray();
        json.WriteStartObject("properties");
        foreach ((string key, string value) in manifest.Properties.OrderBy(p => p.Key, StringComparer.Ordinal)) json.WriteString(key, value);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Write(OperatorState state, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("uid", state.Uid);
        json.WriteString("name", state.Name);
        json.WriteStartArray("subtasks");
        foreach (SegmentChain chain in state.Subtasks)
        {
            json.WriteStartObject();
            json.WriteNumber("subtask", chain.Subtask);
            json.WriteStartArray("segments");
            foreach (SegmentFile file in chain.Segments) Write(file, json);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(SegmentFile file, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("file", file.Name);
        json.WriteNumber("bytes", file.Bytes);
        json.WriteString("checksum", file.Checksum.ToString("x16", CultureInfo.InvariantCulture));
        json.WriteEndObject();
    }

    private static Manifest ReadManifest(JsonElement json) => new(
        json.GetProperty("id").GetInt64(),
        json.GetProperty("kind").GetString() == Savepoint,
        json.GetProperty("createdMs").GetInt64(),
        json.GetProperty("parallelism").GetInt32(),
        json.GetProperty("keyGroups").GetInt32(),
        json.GetProperty("operators").EnumerateArray().Select(ReadOperator).ToArray(),
        json.GetProperty("properties").EnumerateObject().ToDictionary(p => p.Name, p => Text(p.Value)));

    private static OperatorState ReadOperator(JsonElement json) => new(
        Text(json.GetProperty("uid")),
        Text(json.GetProperty("name")),
        json.GetProperty("subtasks").EnumerateArray()
            .Select(s => new SegmentChain(s.GetProperty("subtask").GetInt32(), s.GetProperty("segments").EnumerateArray().Select(ReadFile).ToArray())).ToArray());

    private static SegmentFile ReadFile(JsonElement json) => new(
        Text(json.GetProperty("file")),
        json.GetProperty("bytes").GetInt64(),
        ulong.Parse(Text(json.GetProperty("checksum")), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));

    private static string Text(JsonElement json) => json.GetString() ?? throw new FormatException("null where a text is to be");

    private static Manifest Check(string name, Manifest manifest)
    {
        string? problem = manifest switch
        {
            { CheckpointId: < 1 } => $"its number is {manifest.CheckpointId}",
            { Parallelism: < 1 or > KeyGroupAssignment.KeyGroups } => $"its parallelism is {manifest.Parallelism}",
            { KeyGroups: not KeyGroupAssignment.KeyGroups } => $"it has {manifest.KeyGroups} key groups, and this program {KeyGroupAssignment.KeyGroups}",
            _ when manifest.Operators.Any(o => o.Subtasks.Any(s => s.Segments.Count == 0)) => "it has an empty chain of segments",
            _ when Repeated(manifest.Operators.Select(o => o.Uid)) is { } uid => $"it lists the operator {uid} twice",
            _ when manifest.Operators.Any(o => Repeated(o.Subtasks.Select(s => s.Subtask.ToString())) is not null) => "it lists a subtask twice",
            _ when Repeated(manifest.Files.Select(f => f.Name)) is { } file => $"it names the file {file} twice",
            _ when manifest.Files.FirstOrDefault(f => f.Bytes < 1) is { } file => $"the file {file.Name} is to have {file.Bytes} bytes",
            _ when manifest.Files.FirstOrDefault(f => !StoreName.IsValid(f.Name)) is { } file => $"'{file.Name}' is no name of a file of its own",
            _ => null,
        };
        return problem is null ? manifest : throw new CorruptSnapshotException(name, problem);
    }

    private static string? Repeated(IEnumerable<string> values) => values.GroupBy(v => v).FirstOrDefault(g => g.Count() > 1)?.Key;
}
