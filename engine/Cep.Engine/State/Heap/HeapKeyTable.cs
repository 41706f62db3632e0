using System.Numerics;
using System.Runtime.CompilerServices;

namespace Cep.Engine.State.Heap;

/// <summary>Gives every key that has state a small number, its slot, by which the columns of the states are indexed. A hash table with chains.</summary>
/// <typeparam name="TKey">The type of the keys.</typeparam>
/// <remarks>Slots of removed keys are given to new ones before the table grows. One thread only.</remarks>
internal sealed class HeapKeyTable<TKey>
    where TKey : notnull
{
    public const int InitialCapacity = 16;

    // For values the comparer is known to the compiler; for objects asking for it each time costs a lookup.
    private static readonly EqualityComparer<TKey>? ObjectComparer = typeof(TKey).IsValueType ? null : EqualityComparer<TKey>.Default;

    private int[] _buckets = new int[InitialCapacity];
    private Entry[] _entries = new Entry[InitialCapacity];
    private int _free = -1;

    /// <summary>The number of keys.</summary>
    public int Count { get; private set; }

    /// <summary>Every slot in use is below this.</summary>
    public int Limit { get; private set; }

    /// <summary>The number of slots there is room for.</summary>
    public int Capacity => _entries.Length;

    public TKey KeyAt(int slot) => _entries[slot].Key;

    public int KeyGroupAt(int slot) => _entries[slot].KeyGroup;

    public bool IsUsed(int slot) => _entries[slot].KeyGroup >= 0;

    /// <summary>The slot of a key, or -1.</summary>
    public int Find(TKey key)
    {
        Entry[] entries = _entries;
        int slot = _buckets[BucketOf(key)] - 1;
        while (unchecked((uint)slot) < (uint)entries.Length)
        {
            ref Entry entry = ref entries[slot];
            if (AreEqual(entry.Key, key)) return slot;
            slot = entry.Next;
        }

        return -1;
    }

    /// <summary>Gives a key that has none a slot.</summary>
    public int Add(TKey key, int keyGroup)
    {
        int slot = _free;
        if (slot >= 0)
        {
            _free = _entries[slot].Next;
        }
        else
        {
            if (Limit == _entries.Length) Resize(Limit * 2);
            slot = Limit++;
        }

        int bucket = BucketOf(key);
        _entries[slot] = new Entry { Key = key, KeyGroup = keyGroup, Next = _buckets[bucket] - 1 };
        _buckets[bucket] = slot + 1;
        Count++;
        return slot;
    }

    /// <summary>Takes the slot from its key.</summary>
    public void Remove(int slot)
    {
        int bucket = BucketOf(_entries[slot].Key);
        int next = _entries[slot].Next;
        int at = _buckets[bucket] - 1;
        if (at == slot)
        {
            _buckets[bucket] = next + 1;
        }
        else
        {
            while (_entries[at].Next != slot) at = _entries[at].Next;
            _entries[at].Next = next;
        }

        _entries[slot] = new Entry { KeyGroup = -1, Next = _free };
        _free = slot;
        Count--;
    }

    /// <summary>Moves the keys to the lowest slots, in their order, and gives back room.</summary>
    /// <returns>By new slot the old one.</returns>
    public int[] Compact()
    {
        var from = new int[Count];
        int used = 0;
        for (int slot = 0; slot < Limit; slot++)
        {
            if (!IsUsed(slot)) continue;
            _entries[used] = _entries[slot];
            from[used++] = slot;
        }

        Limit = used;
        _free = -1;
        Resize(Math.Max(InitialCapacity, (int)BitOperations.RoundUpToPowerOf2((uint)used + 1)));
        return from;
    }

    private void Resize(int capacity)
    {
        Array.Resize(ref _entries, capacity);
        _buckets = new int[capacity];
        for (int slot = 0; slot < Limit; slot++)
        {
            ref Entry entry = ref _entries[slot];
            int bucket = BucketOf(entry.Key);
            entry.Next = _buckets[bucket] - 1;
            _buckets[bucket] = slot + 1;
        }
    }

    // The table has a power of two of buckets: one multiplication, and the top bits, spread keys that differ in high bits only.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int BucketOf(TKey key)
    {
        uint hash = unchecked((uint)key.GetHashCode() * 0x9E3779B9);
        return (int)(hash >> (BitOperations.LeadingZeroCount((uint)_buckets.Length) + 1));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool AreEqual(TKey left, TKey right) =>
        typeof(TKey).IsValueType ? EqualityComparer<TKey>.Default.Equals(left, right) : ObjectComparer!.Equals(left, right);

    private struct Entry
    {
        public int Next;
        public int KeyGroup;
        public TKey Key;
    }
}
