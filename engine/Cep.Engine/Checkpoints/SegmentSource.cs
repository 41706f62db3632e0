namespace Cep.Engine.Checkpoints;

/// <summary>A segment that has been verified and can be read, any number of times.</summary>
/// <param name="Name">Its name in the store, for errors.</param>
/// <param name="Summary">What it says of itself.</param>
/// <param name="Open">Opens it at its beginning.</param>
public sealed record SegmentSource(string Name, SegmentSummary Summary, Func<Stream> Open)
{
    /// <summary>Verifies a segment.</summary>
    /// <param name="name">Its name in the store.</param>
    /// <param name="bytes">How long it is to be.</param>
    /// <param name="open">Opens it at its beginning.</param>
    /// <exception cref="CorruptSnapshotException">It is damaged.</exception>
    /// <exception cref="SnapshotVersionException">It is of a version that is not known.</exception>
    public static SegmentSource Verify(string name, long bytes, Func<Stream> open) => new(name, SegmentReader.Verify(name, open(), bytes), open);

    /// <summary>A segment in memory, which stays readable when the segment is disposed.</summary>
    public static SegmentSource Of(Segment segment)
    {
        byte[] bytes = segment.ToArray();
        string name = $"{segment.OperatorUid}/{segment.Subtask}";
        return Verify(name, bytes.Length, () => new MemoryStream(bytes, writable: false));
    }
}
