using System.Buffers;

namespace Cep.Engine.Checkpoints;

/// <summary>The memory of a segment: pooled arrays, of which each is filled from its beginning.</summary>
internal sealed class SegmentChunks : IDisposable
{
    private const int Smallest = 4 << 10;

    // Large enough to lie where the garbage collector does not move it, and small enough that the last one wastes little.
    private const int Largest = 1 << 20;

    private static readonly ArrayPool<byte> Pool = ArrayPool<byte>.Create(Largest, maxArraysPerBucket: 32);

    private readonly List<ReadOnlyMemory<byte>> _filled = [];
    private readonly List<byte[]> _arrays = [];

    public IReadOnlyList<ReadOnlyMemory<byte>> Filled => _filled;

    public long Bytes { get; private set; }

    /// <summary>A chunk, the larger the more was written before.</summary>
    public static byte[] Rent(long written, int least) => Pool.Rent(Math.Max(least, (int)Math.Clamp(written, Smallest, Largest)));

    public static void Return(byte[] chunk)
    {
        if (chunk.Length > 0) Pool.Return(chunk);
    }

    public void Add(byte[] chunk, int length)
    {
        _arrays.Add(chunk);
        _filled.Add(chunk.AsMemory(0, length));
        Bytes += length;
    }

    public void Dispose()
    {
        foreach (byte[] array in _arrays) Return(array);
        _arrays.Clear();
        _filled.Clear();
    }
}
