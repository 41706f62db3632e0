using System.Runtime.CompilerServices;
using Cep.Engine.Connectors;

namespace Cep.Engine.Runtime;

/// <summary>A stretch of one split as it was read: records in time, late ones, malformed ones, and the split's watermark after them.
/// Pooled.</summary>
/// <remarks>Each of the three has its position in the stretch, so that the merging loop can number them all in input order.</remarks>
internal abstract class SplitBatch
{
    /// <summary>Pieces of input so far, of all three kinds; at most <see cref="Batch.Capacity"/> as read.</summary>
    public int Positions { get; protected set; }

    /// <summary>The split's watermark after this batch.</summary>
    public long WatermarkMs { get; set; }

    /// <summary>Where the split stands after this batch.</summary>
    public SourcePosition Position { get; set; }

    /// <summary>Whether the split ends here.</summary>
    public bool IsLast { get; set; }

    /// <summary>The least event time among the records in time; the greatest possible value when there are none.</summary>
    public long EarliestMs { get; protected set; } = long.MaxValue;

    /// <summary>The greatest event time among the records in time; the least possible value when there are none.</summary>
    public long LatestMs { get; protected set; } = long.MinValue;

    /// <summary>The number of records in time.</summary>
    public int Count { get; protected set; }

    public abstract int LateCount { get; }

    public abstract int MalformedCount { get; }
}

/// <inheritdoc/>
/// <param name="chained">What the batch keeps for each edge of the source; null for an edge that the records take as they are.</param>
internal sealed class SplitBatch<T>(ChainedBatch<T>?[] chained) : SplitBatch
{
    private readonly Entry[] _records = new Entry[Batch.Capacity];
    private readonly List<LateRecord<T>> _late = [];
    private readonly List<(int Position, MalformedRecord Record)> _malformed = [];
    private readonly bool _isChained = Array.Exists(chained, c => c is not null);
    private int[] _starts = [];

    public ReadOnlySpan<Entry> Records => _records.AsSpan(0, Count);

    /// <summary>Late against the split's own watermark; <see cref="LateRecord{T}.Sequence"/> is the position in this batch.</summary>
    public IReadOnlyList<LateRecord<T>> Late => _late;

    public IReadOnlyList<(int Position, MalformedRecord Record)> Malformed => _malformed;

    public override int LateCount => _late.Count;

    public override int MalformedCount => _malformed.Count;

    /// <summary>What stateless chains made of the records, by edge; see the constructor.</summary>
    public ChainedBatch<T>?[] Chained => chained;

    public void Add(T value, long timestampMs)
    {
        _records[Count++] = new Entry(value, timestampMs, Positions++);
        if (timestampMs < EarliestMs) EarliestMs = timestampMs;
        if (timestampMs > LatestMs) LatestMs = timestampMs;
    }

    public void AddLate(T value, long timestampMs, long watermarkMs, string source) =>
        _late.Add(new LateRecord<T>(value, timestampMs, watermarkMs, Positions++, source));

    public void AddMalformed(MalformedRecord record) => _malformed.Add((Positions++, record));

    /// <summary>Sends the records through the stateless chains after the source. Called once, when the batch is complete.</summary>
    public void RunChains()
    {
        if (!_isChained) return;
        bool isWider = false;
        foreach (ChainedBatch<T>? edge in chained)
        {
            if (edge is null) continue;
            edge.Fill(this);
            isWider |= edge.IsWider;
        }

        if (isWider) Widen();
    }

    public void Clear()
    {
        if (RuntimeHelpers.IsReferenceOrContainsReferences<T>()) Array.Clear(_records, 0, Count);
        _late.Clear();
        _malformed.Clear();
        foreach (ChainedBatch<T>? edge in chained) edge?.Clear();
        Count = Positions = 0;
        IsLast = false;
        EarliestMs = long.MaxValue;
        LatestMs = long.MinValue;
    }

    /// <summary>A chain made several values of one record: gives each position as much room as the chain that made most of it needs, so that every value
    /// has a position of its own and their order stays.</summary>
    private void Widen()
    {
        if (_starts.Length == 0) _starts = new int[Batch.Capacity + 1];
        Span<int> starts = _starts.AsSpan(0, Positions + 1);
        starts.Fill(1);
        foreach (ChainedBatch<T>? edge in chained) edge?.MeasureWidths(starts);
        int next = 0;
        foreach (ref int start in starts)
        {
            int width = start;
            start = next;
            next += width;
        }

        foreach (ref Entry record in _records.AsSpan(0, Count)) record = record.At(starts[record.Position]);
        for (int i = 0; i < _late.Count; i++) _late[i] = _late[i] with { Sequence = starts[(int)_late[i].Sequence] };
        for (int i = 0; i < _malformed.Count; i++) _malformed[i] = (starts[_malformed[i].Position], _malformed[i].Record);
        foreach (ChainedBatch<T>? edge in chained) edge?.MoveTo(starts);
        Positions = starts[^1];
    }

    internal readonly struct Entry(T value, long timestampMs, int position)
    {
        public readonly T Value = value;
        public readonly long TimestampMs = timestampMs;
        public readonly int Position = position;

        public Entry At(int position) => new(Value, TimestampMs, position);
    }
}
