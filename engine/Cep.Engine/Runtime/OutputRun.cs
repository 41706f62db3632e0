using System.Runtime.CompilerServices;

namespace Cep.Engine.Runtime;

/// <summary>What one producer emitted to one output in one epoch.</summary>
internal abstract class OutputRun
{
    /// <summary>The number of values.</summary>
    public int Count { get; protected set; }

    /// <summary>Brings the values into order: time, order, rank, emission.</summary>
    public abstract void Sort();

    public abstract void Clear();
}

/// <inheritdoc/>
internal sealed class OutputRun<T> : OutputRun
{
    // A run that once was long must not keep its room for ever.
    private const int KeptCapacity = 4096;

    private Item[] _items = [];
    private bool _isSorted = true;

    public ReadOnlySpan<Item> Items => _items.AsSpan(0, Count);

    public void Add(T value, long timestampMs, long order, int rank)
    {
        if (Count == _items.Length) Array.Resize(ref _items, Math.Max(16, Count * 2));
        var item = new Item(value, timestampMs, order, rank, Count);
        if (Count > 0 && item.CompareTo(_items[Count - 1]) < 0) _isSorted = false;
        _items[Count++] = item;
    }

    public override void Sort()
    {
        if (!_isSorted) _items.AsSpan(0, Count).Sort();
        _isSorted = true;
    }

    public override void Clear()
    {
        if (_items.Length > KeptCapacity) _items = [];
        else if (RuntimeHelpers.IsReferenceOrContainsReferences<T>()) Array.Clear(_items, 0, Count);
        Count = 0;
        _isSorted = true;
    }

    internal readonly struct Item(T value, long timestampMs, long order, int rank, int emission) : IComparable<Item>
    {
        public readonly T Value = value;
        public readonly long TimestampMs = timestampMs;
        public readonly long Order = order;
        private readonly int _rank = rank;
        private readonly int _emission = emission;

        public int CompareTo(Item other)
        {
            int byPlace = ComparePlace(other);
            return byPlace != 0 ? byPlace : _emission.CompareTo(other._emission);
        }

        /// <summary>Compares time, order and rank.</summary>
        public int ComparePlace(in Item other)
        {
            int byTime = TimestampMs.CompareTo(other.TimestampMs);
            if (byTime != 0) return byTime;
            int byOrder = Order.CompareTo(other.Order);
            return byOrder != 0 ? byOrder : _rank.CompareTo(other._rank);
        }
    }
}
