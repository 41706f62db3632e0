using System.Runtime.CompilerServices;
using Cep.Engine.Connectors;

namespace Cep.Engine.Runtime;

/// <summary>A stretch of one split as it was read: records in time, late ones, malformed ones, and the split's watermark after them.
/// Pooled.</summary>
/// <remarks>Each of the three has its position in the stretch, so that the merging loop can number them all in input order.</remarks>
internal sealed class SplitBatch<T>
{
    private readonly Entry[] _records = new Entry[Batch.Capacity];
    private readonly List<LateRecord<T>> _late = [];
    private readonly List<(int Position, MalformedRecord Record)> _malformed = [];
    private int _count;

    /// <summary>Pieces of input so far, of all three kinds; at most <see cref="Batch.Capacity"/>.</summary>
    public int Positions { get; private set; }

    /// <summary>The split's watermark after this batch.</summary>
    public long WatermarkMs { get; set; }

    /// <summary>Where the split stands after this batch.</summary>
    public SourcePosition Position { get; set; }

    /// <summary>Whether the split ends here.</summary>
    public bool IsLast { get; set; }

    /// <summary>The least event time among <see cref="Records"/>; the greatest possible value when there are none.</summary>
    public long EarliestMs { get; private set; } = long.MaxValue;

    public ReadOnlySpan<Entry> Records => _records.AsSpan(0, _count);

    /// <summary>Late against the split's own watermark; <see cref="LateRecord{T}.Sequence"/> is the position in this batch.</summary>
    public IReadOnlyList<LateRecord<T>> Late => _late;

    public IReadOnlyList<(int Position, MalformedRecord Record)> Malformed => _malformed;

    public void Add(T value, long timestampMs)
    {
        _records[_count++] = new Entry(value, timestampMs, Positions++);
        if (timestampMs < EarliestMs) EarliestMs = timestampMs;
    }

    public void AddLate(T value, long timestampMs, long watermarkMs, string source) =>
        _late.Add(new LateRecord<T>(value, timestampMs, watermarkMs, Positions++, source));

    public void AddMalformed(MalformedRecord record) => _malformed.Add((Positions++, record));

    public void Clear()
    {
        if (RuntimeHelpers.IsReferenceOrContainsReferences<T>()) Array.Clear(_records, 0, _count);
        _late.Clear();
        _malformed.Clear();
        _count = Positions = 0;
        IsLast = false;
        EarliestMs = long.MaxValue;
    }

    internal readonly struct Entry(T value, long timestampMs, int position)
    {
        public readonly T Value = value;
        public readonly long TimestampMs = timestampMs;
        public readonly int Position = position;
    }
}
