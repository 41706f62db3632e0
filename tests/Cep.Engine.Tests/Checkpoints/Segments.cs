using System.Text;
using Cep.Engine.Checkpoints;
using Cep.Engine.Keys;

namespace Cep.Engine.Tests.Checkpoints;

/// <summary>Segments as tests write and read them: an entry is a line of text.</summary>
internal static class Segments
{
    public static readonly StateSchema Counts = new("counts", "value", "string", "int64");

    public static ReadOnlySpan<byte> Utf8(string text) => Encoding.UTF8.GetBytes(text);

    public static string Text(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);

    /// <summary>A segment of one state.</summary>
    /// <param name="kind">What it holds.</param>
    /// <param name="replaces">Whether it replaces the state.</param>
    /// <param name="subtask">Who wrote it.</param>
    /// <param name="entries">Each <c>keyGroup key=value</c>, or <c>keyGroup key</c> for a deletion.</param>
    public static Segment Of(SnapshotKind kind, bool replaces, int subtask, params string[] entries)
    {
        var writer = new SegmentWriter("counter", subtask, kind);
        int state = writer.Declare(Counts, replaces);
        foreach (string entry in entries)
        {
            string[] parts = entry.Split(' ', '=');
            int keyGroup = int.Parse(parts[0]);
            if (parts.Length == 2) writer.Delete(state, keyGroup, Utf8(parts[1]));
            else writer.Put(state, keyGroup, Utf8(parts[1]), Utf8(parts[2]));
        }

        return writer.Complete();
    }

    public static Segment Full(params string[] entries) => Of(SnapshotKind.Full, false, 0, entries);

    public static Segment Delta(params string[] entries) => Of(SnapshotKind.Incremental, false, 0, entries);

    public static string[] Read(StateReader reader)
    {
        var lines = new List<string>();
        while (reader.Next(out SegmentEntry entry)) lines.Add(Line(entry));
        return [.. lines];
    }

    public static string[] Read(byte[] bytes)
    {
        var lines = new List<string>();
        using var reader = new SegmentReader("a.seg", new MemoryStream(bytes), bytes.Length);
        while (reader.Next(out SegmentEntry entry)) lines.Add(Line(entry));
        return [.. lines];
    }

    public static readonly KeyGroupRange All = KeyGroupAssignment.RangeOf(0, 1);

    private static string Line(SegmentEntry entry) =>
        entry.IsDelete ? $"{entry.KeyGroup} {Text(entry.Key)}" : $"{entry.KeyGroup} {Text(entry.Key)}={Text(entry.Value)}";
}
