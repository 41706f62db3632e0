using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Cep.Engine.Checkpoints;
using Cep.Engine.State.Serializers;

namespace Cep.Engine.State.Heap;

/// <summary>A map a slot. The entries of a map have flags of their own, so a snapshot holds those that changed.</summary>
/// <remarks>The flags of a slot are those of all its entries together; a removed entry that is still to be written as such stays in the map until then.</remarks>
internal sealed class HeapMapColumn<TKey, TMapKey, TValue>(HeapKeyedStateBackend<TKey> owner, MapStateDescriptor<TMapKey, TValue> descriptor)
    : HeapColumn<TKey>(owner, descriptor, "map")
    where TKey : notnull
    where TMapKey : notnull
{
    private readonly StateSerializer<TMapKey> _keySerializer = descriptor.KeySerializer;
    private readonly StateSerializer<TValue> _valueSerializer = descriptor.ValueSerializer;
    private readonly List<TMapKey> _gone = [];
    private readonly List<TMapKey> _expired = [];
    private HeapMap?[] _maps = new HeapMap?[owner.Capacity];

    // A map entry's bytes of a key are those of the key and of the map's key, one after the other.
    protected override string KeySchema => $"{base.KeySchema}|{_keySerializer.Schema}";

    protected override string ValueSchema => _valueSerializer.Schema;

    public int Count(int slot) => slot >= 0 && IsPresent(slot) ? _maps[slot]!.Live : 0;

    public bool TryGet(int slot, TMapKey key, [MaybeNullWhen(false)] out TValue value)
    {
        value = default;
        if (slot < 0 || !IsPresent(slot)) return false;
        ref MapCell cell = ref CollectionsMarshal.GetValueRefOrNullRef(_maps[slot]!.Cells, key);
        if (Unsafe.IsNullRef(ref cell) || (cell.Flags & EntryFlags.Present) == 0) return false;
        value = cell.Value;
        if (Ttl is null) return true;
        if (Ttl.IsOver(cell.TouchedMs, Owner))
        {
            RemoveEntry(slot, key);
            value = default;
            return false;
        }

        if (Ttl.RefreshesOnRead || cell.TouchedMs == TtlTimer.Unknown) Put(slot, key, value);
        return true;
    }

    public void Put(int slot, TMapKey key, TValue value)
    {
        BeginWrite(slot);
        HeapMap map = _maps[slot] ??= new HeapMap();
        ref MapCell cell = ref CollectionsMarshal.GetValueRefOrAddDefault(map.Cells, key, out bool exists);
        if (!exists) cell.TouchedMs = TtlTimer.Unknown;
        if ((cell.Flags & EntryFlags.Present) == 0) map.Live++;
        cell.Value = value;
        cell.Flags |= EntryFlags.Present | EntryFlags.Dirty;
        if (Ttl is not null) cell.TouchedMs = Ttl.Touched(cell.TouchedMs, Owner);
    }

    /// <summary>Removes an entry that is there.</summary>
    public void RemoveEntry(int slot, TMapKey key)
    {
        // A snapshot that is being written may drop what is too old, up to the whole map.
        BeginWrite(slot);
        HeapMap? map = _maps[slot];
        if (map is not null) RemoveFrom(map, key);
        if (map is { Live: > 0 }) return;
        Set(slot, (Flags[slot] & EntryFlags.Fixed) | LeftOf(slot));
        if (!IsUsed(slot)) Owner.TryFree(slot);
    }

    public IEnumerable<KeyValuePair<TMapKey, TValue>> Entries(int slot)
    {
        if (slot < 0 || !IsPresent(slot)) yield break;
        foreach ((TMapKey key, MapCell cell) in _maps[slot]!.Cells)
        {
            bool isAlive = (cell.Flags & EntryFlags.Present) != 0 && (Ttl is null || !Ttl.IsOver(cell.TouchedMs, Owner));
            if (isAlive) yield return new(key, cell.Value);
        }
    }

    public override void Resize(int capacity)
    {
        base.Resize(capacity);
        Array.Resize(ref _maps, capacity);
    }

    public override void Move(int[] from, int capacity)
    {
        base.Move(from, capacity);
        _maps = Moved(_maps, from, capacity);
    }

    public override RestoreEntry ReaderOf(StateSchema written)
    {
        string[] keys = written.Key.Split('|', 2);
        if (keys.Length < 2) throw new StateSchemaException($"The state '{Name}' was written without the keys of its maps.");
        Func<StateInput, TKey> readKey = EntryReaders.OfKey(Owner, keys[0], Name);
        Func<StateInput, TMapKey> readMapKey = _keySerializer.ReaderOf(keys[1], $"the map's key of state '{Name}'");
        Func<StateInput, TValue> readValue = EntryReaders.OfValue(_valueSerializer, written, Name, out string prefix);
        return (in SegmentEntry entry) =>
        {
            Owner.KeyInput.Reset(entry.Key);
            int slot = Owner.SlotOf(readKey(Owner.KeyInput), entry.KeyGroup);
            TMapKey key = readMapKey(Owner.KeyInput);
            Owner.KeyInput.End();
            if (entry.IsDelete)
            {
                RestoreRemoval(slot, key);
                return;
            }

            Owner.ValueInput.Reset(entry.Value);
            long touchedMs = EntryReaders.Touched(prefix, Ttl, Owner.ValueInput);
            RestoreCell(slot, key, readValue(Owner.ValueInput), touchedMs);
            Owner.ValueInput.End();
        };
    }

    protected override EntryFlags Save(int slot, EntryFlags flags)
    {
        HeapMap? map = _maps[slot];
        if (map is null) return Snapshot!.Resets ? EntryFlags.None : flags;
        foreach (TMapKey key in map.Cells.Keys) SaveCell(slot, key, ref CollectionsMarshal.GetValueRefOrNullRef(map.Cells, key));
        if (!Snapshot!.Resets) return flags;
        foreach (TMapKey key in _gone) Forget(map, key);
        _gone.Clear();
        return LeftOf(slot);
    }

    protected override void WriteValue(int slot, StateOutput output) => throw new InvalidOperationException("A map is written by its entries.");

    protected override void Drop(int slot) => throw new InvalidOperationException("A map is removed by its entries.");

    protected override EntryFlags Removed(int slot, EntryFlags flags)
    {
        if (_maps[slot] is { } map)
        {
            foreach (TMapKey key in map.Cells.Keys.ToArray()) RemoveFrom(map, key);
        }

        return (flags & EntryFlags.Fixed) | LeftOf(slot);
    }

    protected override void SweepSlot(int slot)
    {
        if (!IsPresent(slot)) return;
        foreach ((TMapKey key, MapCell cell) in _maps[slot]!.Cells)
        {
            if ((cell.Flags & EntryFlags.Present) != 0 && Ttl!.IsOver(cell.TouchedMs, Owner)) _expired.Add(key);
        }

        foreach (TMapKey key in _expired) RemoveEntry(slot, key);
        _expired.Clear();
    }

    private void SaveCell(int slot, TMapKey key, ref MapCell cell)
    {
        if ((cell.Flags & EntryFlags.Present) != 0 && !Snapshot!.IsOver(Ttl, cell.TouchedMs))
        {
            if (Snapshot.Holds(cell.Flags)) Snapshot.Put(this, slot, KeyBytes(slot, key), CellBytes(cell));
            if (Snapshot.Resets) cell.Flags = EntryFlags.Present | EntryFlags.Persisted;
            return;
        }

        if (Snapshot!.HoldsRemovals && (cell.Flags & EntryFlags.Persisted) != 0) Snapshot.Delete(this, slot, KeyBytes(slot, key));
        if (Snapshot.Resets) _gone.Add(key);
    }

    private ReadOnlySpan<byte> KeyBytes(int slot, TMapKey key)
    {
        StateOutput output = Owner.KeyOutput(slot);
        _keySerializer.Write(key, output);
        return output.Written;
    }

    private ReadOnlySpan<byte> CellBytes(in MapCell cell)
    {
        StateOutput output = Owner.ValueOutput;
        output.Clear();
        if (Ttl is not null) output.Long(cell.TouchedMs);
        _valueSerializer.Write(cell.Value, output);
        return output.Written;
    }

    private static void RemoveFrom(HeapMap map, TMapKey key)
    {
        ref MapCell cell = ref CollectionsMarshal.GetValueRefOrNullRef(map.Cells, key);
        if (Unsafe.IsNullRef(ref cell)) return;
        if ((cell.Flags & EntryFlags.Present) != 0) map.Live--;
        if ((cell.Flags & EntryFlags.Persisted) != 0) cell = new MapCell { Flags = EntryFlags.Dirty | EntryFlags.Persisted, TouchedMs = TtlTimer.Unknown };
        else map.Cells.Remove(key);
    }

    private static void Forget(HeapMap map, TMapKey key)
    {
        if (map.Cells.Remove(key, out MapCell cell) && (cell.Flags & EntryFlags.Present) != 0) map.Live--;
    }

    /// <summary>The flags of what a map has left; a map that has nothing left is let go.</summary>
    private EntryFlags LeftOf(int slot)
    {
        EntryFlags flags = EntryFlags.None;
        if (_maps[slot] is not { } map) return flags;
        foreach (MapCell cell in map.Cells.Values) flags |= cell.Flags;
        if (map.Cells.Count == 0) _maps[slot] = null;
        return flags;
    }

    private void RestoreCell(int slot, TMapKey key, TValue value, long touchedMs)
    {
        HeapMap map = _maps[slot] ??= new HeapMap();
        if (!map.Cells.ContainsKey(key)) map.Live++;
        map.Cells[key] = new MapCell { Value = value, Flags = EntryFlags.Present | EntryFlags.Persisted, TouchedMs = touchedMs };
        Set(slot, EntryFlags.Present | EntryFlags.Persisted);
    }

    private void RestoreRemoval(int slot, TMapKey key)
    {
        if (_maps[slot] is { } map)
        {
            Forget(map, key);
            if (map.Cells.Count > 0) return;
            _maps[slot] = null;
        }

        Set(slot, EntryFlags.None);
        Owner.TryFree(slot);
    }

    private sealed class HeapMap
    {
        public Dictionary<TMapKey, MapCell> Cells { get; } = [];

        /// <summary>The number of entries that are not removed.</summary>
        public int Live { get; set; }
    }

    private struct MapCell
    {
        public TValue Value;
        public long TouchedMs;
        public EntryFlags Flags;
    }
}

/// <inheritdoc/>
internal sealed class HeapMapState<TKey, TMapKey, TValue>(HeapKeyedStateBackend<TKey> owner, HeapMapColumn<TKey, TMapKey, TValue> column) : MapState<TMapKey, TValue>
    where TKey : notnull
    where TMapKey : notnull
{
    public override int Count => column.Count(owner.Current);

    public override IEnumerable<KeyValuePair<TMapKey, TValue>> Entries => column.Entries(owner.Current);

    public override bool TryGet(TMapKey key, [MaybeNullWhen(false)] out TValue value) => column.TryGet(owner.Current, key, out value);

    public override void Set(TMapKey key, TValue value) => column.Put(owner.CurrentForWrite(), key, value);

    public override bool Remove(TMapKey key)
    {
        bool has = column.TryGet(owner.Current, key, out _);
        if (has) column.RemoveEntry(owner.Current, key);
        return has;
    }

    public override void Clear()
    {
        if (column.Count(owner.Current) > 0) column.Remove(owner.Current);
    }
}
