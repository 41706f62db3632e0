using System.Runtime.CompilerServices;
using Cep.Engine.Connectors;
using Cep.Engine.Graph;

namespace Cep.Engine.Runtime;

/// <summary>What the stateless chains of one edge made of a batch of a split: values with the time of their record, in its place.</summary>
/// <typeparam name="T">The type of the source's records.</typeparam>
internal abstract class ChainedBatch<T>
{
    /// <summary>Whether a record gave several values.</summary>
    public bool IsWider { get; protected set; }

    /// <summary>Sends the records of a batch through the chains. On the split's thread.</summary>
    public abstract void Fill(SplitBatch<T> batch);

    /// <summary>Raises the width of each position to the number of values made of it.</summary>
    public abstract void MeasureWidths(Span<int> widths);

    /// <summary>Moves the values to where their positions begin now, those of one record side by side.</summary>
    public abstract void MoveTo(ReadOnlySpan<int> starts);

    public abstract void Clear();
}

/// <inheritdoc/>
/// <typeparam name="T">The type of the source's records.</typeparam>
/// <typeparam name="TEnd">The type of the values.</typeparam>
internal sealed class ChainedBatch<T, TEnd> : ChainedBatch<T>
{
    private readonly Step<T>[] _heads;
    private readonly bool _takesLate;
    private SplitBatch<TEnd>.Entry[] _values = new SplitBatch<TEnd>.Entry[Batch.Capacity];
    private int _count;
    private int _position;
    private long _timestampMs;

    /// <summary>Makes the chains.</summary>
    /// <param name="headsOf">The first stages of the chains, given the last.</param>
    /// <param name="takesLate">Whether late records go through them too.</param>
    public ChainedBatch(Func<Step<TEnd>, Step<T>[]> headsOf, bool takesLate)
    {
        _heads = headsOf(new Last(this));
        _takesLate = takesLate;
    }

    public ReadOnlySpan<SplitBatch<TEnd>.Entry> Values => _values.AsSpan(0, _count);

    public override void Fill(SplitBatch<T> batch)
    {
        int late = 0;
        int lateCount = _takesLate ? batch.LateCount : 0;
        foreach (ref readonly SplitBatch<T>.Entry record in batch.Records)
        {
            for (; late < lateCount && batch.Late[late].Sequence < record.Position; late++) Push(batch.Late[late]);
            Push(record.Value, record.TimestampMs, record.Position);
        }

        for (; late < lateCount; late++) Push(batch.Late[late]);
    }

    public override void MeasureWidths(Span<int> widths)
    {
        int width = 0;
        for (int i = 0; i < _count; i++)
        {
            width = IsSameRecord(i) ? width + 1 : 1;
            ref int widest = ref widths[_values[i].Position];
            widest = Math.Max(widest, width);
        }
    }

    public override void MoveTo(ReadOnlySpan<int> starts)
    {
        int record = -1;
        int next = 0;
        foreach (ref SplitBatch<TEnd>.Entry value in _values.AsSpan(0, _count))
        {
            next = value.Position == record ? next + 1 : starts[value.Position];
            record = value.Position;
            value = value.At(next);
        }
    }

    public override void Clear()
    {
        if (_values.Length > 8 * Batch.Capacity) _values = new SplitBatch<TEnd>.Entry[Batch.Capacity];
        else if (RuntimeHelpers.IsReferenceOrContainsReferences<TEnd>()) Array.Clear(_values, 0, _count);
        _count = 0;
        IsWider = false;
    }

    private bool IsSameRecord(int i) => i > 0 && _values[i - 1].Position == _values[i].Position;

    private void Push(in LateRecord<T> late) => Push(late.Value, late.TimestampMs, (int)late.Sequence);

    private void Push(T value, long timestampMs, int position)
    {
        _position = position;
        _timestampMs = timestampMs;
        foreach (Step<T> head in _heads) head.Push(value);
    }

    private void Add(TEnd value)
    {
        if (_count == _values.Length) Array.Resize(ref _values, 2 * _count);
        _values[_count] = new SplitBatch<TEnd>.Entry(value, _timestampMs, _position);
        IsWider |= IsSameRecord(_count++);
    }

    private sealed class Last(ChainedBatch<T, TEnd> batch) : Step<TEnd>
    {
        public override void Push(TEnd value) => batch.Add(value);
    }
}
