using System.Runtime.CompilerServices;
using Cep.Engine.Checkpoints;
using Cep.Engine.State.Serializers;

namespace Cep.Engine.State.Heap;

/// <summary>What is known of one state's entry of one slot.</summary>
[Flags]
internal enum EntryFlags : byte
{
    None = 0,

    /// <summary>The key has an entry.</summary>
    Present = 1,

    /// <summary>It was put or removed since the last full or incremental snapshot.</summary>
    Dirty = 2,

    /// <summary>That snapshot, or one before it, has an entry of the key: a removal must be written.</summary>
    Persisted = 4,

    /// <summary>The walk of the snapshot that is being written has not come here and need not come any more.</summary>
    Fixed = 8,
}

/// <summary>One state of all keys: an array by slot, with flags by slot.</summary>
/// <remarks>
/// While a snapshot is being written, the column is walked from slot 0 up to those there were at the barrier. A slot ahead of the walk is written before it
/// is changed for the first time, and is then <see cref="EntryFlags.Fixed"/>. An absent entry that is to be written as removed keeps its slot until then.
/// </remarks>
internal abstract class HeapColumn<TKey>(HeapKeyedStateBackend<TKey> owner, StateDescriptor descriptor, string kind)
    where TKey : notnull
{
    private long[]? _touchedMs = descriptor.TimeToLive is null ? null : new long[owner.Capacity];
    private int _walked;
    private int _walkLimit;
    private int _swept;
    private HeapSnapshot<TKey>? _walk;

    protected EntryFlags[] Flags { get; private set; } = new EntryFlags[owner.Capacity];

    protected HeapKeyedStateBackend<TKey> Owner { get; } = owner;

    public string Name { get; } = descriptor.Name;

    public TtlTimer? Ttl { get; } = descriptor.TimeToLive is { } timeToLive ? new TtlTimer(timeToLive) : null;

    /// <summary>The state's number in the segment that is being written.</summary>
    public int Number { get; set; }

    protected HeapSnapshot<TKey>? Snapshot => _walk;

    public StateSchema Schema => new(Name, kind, KeySchema, Ttl is null ? ValueSchema : $"{Ttl.SchemaPrefix}{ValueSchema}");

    protected virtual string KeySchema => Owner.KeyType.Serializer.Schema;

    protected abstract string ValueSchema { get; }

    public bool IsUsed(int slot) => (Flags[slot] & ~EntryFlags.Fixed) != 0;

    public bool IsPresent(int slot) => (Flags[slot] & EntryFlags.Present) != 0;

    /// <summary>Whether the slot has an entry that is not too old; one that is, is removed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Has(int slot) => slot >= 0 && (Flags[slot] & EntryFlags.Present) != 0 && (Ttl is null || IsAlive(slot));

    /// <summary>Begins a change of an entry: called before every write.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void BeginWrite(int slot)
    {
        if (slot < _walkLimit) FixBeforeWrite(slot);
        if (_touchedMs is not null) Stamp(slot);
        Flags[slot] |= EntryFlags.Present | EntryFlags.Dirty;
    }

    /// <summary>Removes an entry that is there.</summary>
    public void Remove(int slot)
    {
        if (slot < _walkLimit) FixBeforeWrite(slot);
        Flags[slot] = Removed(slot, Flags[slot]);
        if (!IsUsed(slot)) Owner.TryFree(slot);
    }

    public virtual void Resize(int capacity)
    {
        EntryFlags[] flags = Flags;
        Array.Resize(ref flags, capacity);
        Flags = flags;
        if (_touchedMs is not null) Array.Resize(ref _touchedMs, capacity);
    }

    /// <summary>Moves entries: by new slot the old one, never below the new.</summary>
    public virtual void Move(int[] from, int capacity)
    {
        Flags = Moved(Flags, from, capacity);
        if (_touchedMs is not null) _touchedMs = Moved(_touchedMs, from, capacity);
        _swept = 0;
    }

    public void BeginWalk(HeapSnapshot<TKey> walk)
    {
        _walk = walk;
        _walked = 0;
        _walkLimit = Owner.Limit;
    }

    /// <summary>Writes on, until the writer has so many bytes.</summary>
    /// <returns>Whether the column is at its end.</returns>
    public bool Walk(SegmentWriter writer, long untilBytes)
    {
        while (true)
        {
            _walked += CountIdle();
            if (_walked == _walkLimit) break;
            if (writer.Bytes >= untilBytes) return false;
            VisitNext();
        }

        (_walk, _walked, _walkLimit) = (null, 0, 0);
        return true;
    }

    public void AbandonWalk()
    {
        for (; _walked < _walkLimit; _walked++) Flags[_walked] &= ~EntryFlags.Fixed;
        (_walk, _walked, _walkLimit) = (null, 0, 0);
    }

    /// <summary>Looks at some more entries, and removes those that are too old.</summary>
    public void Sweep(int count)
    {
        if (Ttl is null) return;
        for (; count > 0 && Owner.Limit > 0; count--)
        {
            if (_swept >= Owner.Limit) _swept = 0;
            SweepSlot(_swept++);
        }
    }

    /// <summary>Code that takes over entries written under a schema.</summary>
    public abstract RestoreEntry ReaderOf(StateSchema written);

    protected delegate void RestoreValue(int slot, StateInput input, long touchedMs);

    /// <summary>Writes what the snapshot is to have of an entry.</summary>
    /// <returns>The flags afterwards.</returns>
    protected virtual EntryFlags Save(int slot, EntryFlags flags)
    {
        bool isPresent = (flags & EntryFlags.Present) != 0;
        if (isPresent && (_touchedMs is null || !_walk!.IsOver(Ttl, _touchedMs[slot])))
        {
            if (_walk!.Holds(flags)) _walk.Put(this, slot, Owner.KeyBytes(slot), ValueBytes(slot));
            return _walk.Resets ? EntryFlags.Present | EntryFlags.Persisted : flags;
        }

        if (_walk!.HoldsRemovals && (flags & EntryFlags.Persisted) != 0) _walk.Delete(this, slot, Owner.KeyBytes(slot));
        if (!_walk.Resets) return flags;
        if (isPresent) Drop(slot);
        return EntryFlags.None;
    }

    /// <summary>Writes the value of a slot.</summary>
    protected abstract void WriteValue(int slot, StateOutput output);

    /// <summary>Lets the value of a slot go.</summary>
    protected abstract void Drop(int slot);

    /// <summary>The flags of an entry that is removed now.</summary>
    protected virtual EntryFlags Removed(int slot, EntryFlags flags)
    {
        Drop(slot);
        return (flags & EntryFlags.Fixed) | ((flags & EntryFlags.Persisted) != 0 ? EntryFlags.Dirty | EntryFlags.Persisted : EntryFlags.None);
    }

    protected virtual void SweepSlot(int slot)
    {
        if (IsPresent(slot)) IsAlive(slot, isRead: false);
    }

    /// <summary>Takes over the value of a slot.</summary>
    protected void Restored(int slot, long touchedMs)
    {
        Flags[slot] = EntryFlags.Present | EntryFlags.Persisted;
        if (_touchedMs is not null) _touchedMs[slot] = touchedMs;
    }

    protected void RestoredAsRemoved(int slot)
    {
        if (IsPresent(slot)) Drop(slot);
        Flags[slot] = EntryFlags.None;
        Owner.TryFree(slot);
    }

    protected void Set(int slot, EntryFlags flags) => Flags[slot] = flags;

    protected static T[] Moved<T>(T[] values, int[] from, int capacity)
    {
        var moved = new T[capacity];
        for (int slot = 0; slot < from.Length; slot++) moved[slot] = values[from[slot]];
        return moved;
    }

    protected ReadOnlySpan<byte> ValueBytes(int slot)
    {
        StateOutput output = Owner.ValueOutput;
        output.Clear();
        if (Ttl is not null) output.Long(_touchedMs![slot]);
        WriteValue(slot, output);
        return output.Written;
    }

    private void FixBeforeWrite(int slot)
    {
        EntryFlags flags = Flags[slot];
        if (slot >= _walked && (flags & EntryFlags.Fixed) == 0) Flags[slot] = Save(slot, flags) | EntryFlags.Fixed;
    }

    private void VisitNext()
    {
        int slot = _walked++;
        EntryFlags flags = Flags[slot];
        bool isFixed = (flags & EntryFlags.Fixed) != 0;
        Flags[slot] = isFixed ? flags & ~EntryFlags.Fixed : Save(slot, flags);
        if (!IsUsed(slot)) Owner.TryFree(slot);
    }

    /// <summary>How many slots there are before the next at which the walk has something to do.</summary>
    private int CountIdle()
    {
        ReadOnlySpan<byte> flags = System.Runtime.InteropServices.MemoryMarshal.AsBytes(Flags.AsSpan(_walked, _walkLimit - _walked));
        int count = _walk!.HoldsEverything
            ? flags.IndexOfAnyExcept((byte)EntryFlags.None)
            : flags.IndexOfAnyExcept((byte)EntryFlags.None, (byte)(EntryFlags.Present | EntryFlags.Persisted));
        return count < 0 ? flags.Length : count;
    }

    private bool IsAlive(int slot, bool isRead = true)
    {
        if (Ttl!.IsOver(_touchedMs![slot], Owner))
        {
            Remove(slot);
            return false;
        }

        if ((isRead && Ttl.RefreshesOnRead) || _touchedMs[slot] == TtlTimer.Unknown) BeginWrite(slot);
        return true;
    }

    private void Stamp(int slot) => _touchedMs![slot] = Ttl!.Touched(IsPresent(slot) ? _touchedMs[slot] : TtlTimer.Unknown, Owner);
}

/// <summary>Takes over an entry of a snapshot.</summary>
internal delegate void RestoreEntry(in SegmentEntry entry);
