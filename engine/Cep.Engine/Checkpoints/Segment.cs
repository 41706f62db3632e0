using System.Buffers;

namespace Cep.Engine.Checkpoints;

/// <summary>What one subtask wrote for one checkpoint, in memory on its way to the store. Immutable.</summary>
public sealed class Segment
{
    private readonly IReadOnlyList<ReadOnlyMemory<byte>> _chunks;

    internal Segment(IReadOnlyList<ReadOnlyMemory<byte>> chunks, SnapshotKind kind)
    {
        _chunks = chunks;
        Kind = kind;
        Bytes = chunks.Sum(chunk => (long)chunk.Length);
    }

    /// <summary>What it holds.</summary>
    public SnapshotKind Kind { get; }

    /// <summary>Its size.</summary>
    public long Bytes { get; }

    /// <summary>The bytes, in order.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Chunks => _chunks;

    /// <summary>The bytes in one piece.</summary>
    public byte[] ToArray()
    {
        var buffer = new ArrayBufferWriter<byte>((int)Math.Max(1, Bytes));
        foreach (ReadOnlyMemory<byte> chunk in _chunks) buffer.Write(chunk.Span);
        return buffer.WrittenSpan.ToArray();
    }
}
