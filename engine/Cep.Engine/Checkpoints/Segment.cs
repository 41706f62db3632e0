namespace Cep.Engine.Checkpoints;

/// <summary>What one subtask of an operator wrote at one barrier; it does not change any more.</summary>
/// <remarks>Holds pooled memory until it is disposed; what it says of itself can be read also afterwards.</remarks>
public sealed class Segment : IDisposable
{
    private readonly SegmentChunks _chunks;
    private bool _isDisposed;

    internal Segment(string operatorUid, int subtask, SnapshotKind kind, SegmentChunks chunks)
    {
        (OperatorUid, Subtask, Kind, _chunks) = (operatorUid, subtask, kind, chunks);
        Bytes = chunks.Bytes;
    }

    /// <summary>The operator's uid.</summary>
    public string OperatorUid { get; }

    /// <summary>The subtask, from 0.</summary>
    public int Subtask { get; }

    /// <summary>What it holds.</summary>
    public SnapshotKind Kind { get; }

    /// <summary>Its length.</summary>
    public long Bytes { get; }

    /// <summary>Tells it from every other segment; a manifest repeats it.</summary>
    public required ulong Checksum { get; init; }

    /// <summary>The number of entries, deletions among them.</summary>
    public required long Entries { get; init; }

    /// <summary>The lowest key group of an entry, <see cref="SegmentWriter.NonKeyed"/> when there is operator state; above <see cref="LastKeyGroup"/> when there are no entries.</summary>
    public required int FirstKeyGroup { get; init; }

    /// <summary>The highest key group of an entry.</summary>
    public required int LastKeyGroup { get; init; }

    /// <summary>The bytes, piece by piece.</summary>
    /// <exception cref="ObjectDisposedException">The segment is disposed.</exception>
    public IReadOnlyList<ReadOnlyMemory<byte>> Chunks
    {
        get
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return _chunks.Filled;
        }
    }

    /// <summary>A copy of the bytes.</summary>
    /// <exception cref="ObjectDisposedException">The segment is disposed.</exception>
    public byte[] ToArray()
    {
        var bytes = new byte[Bytes];
        int at = 0;
        foreach (ReadOnlyMemory<byte> chunk in Chunks)
        {
            chunk.Span.CopyTo(bytes.AsSpan(at));
            at += chunk.Length;
        }

        return bytes;
    }

    /// <summary>Gives the memory back.</summary>
    public void Dispose()
    {
        if (_isDisposed) return;
        _isDisposed = true;
        _chunks.Dispose();
    }
}
