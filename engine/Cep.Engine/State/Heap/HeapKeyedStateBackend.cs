using Cep.Engine.Checkpoints;
using Cep.Engine.Keys;
using Cep.Engine.Operators;
using Cep.Engine.State.Serializers;

namespace Cep.Engine.State.Heap;

/// <summary>Keyed state in memory: one look-up a record finds the key's slot, by which every state is an array.</summary>
/// <remarks>
/// A key has a slot while it has an entry of some state, or an entry whose removal is still to be written. When few slots of many are in use, the keys
/// move together and the room is given back.
/// </remarks>
internal sealed class HeapKeyedStateBackend<TKey>(KeyType<TKey> keyType, KeyGroupRange keyGroups) : KeyedStateBackend<TKey>(keyType, keyGroups)
    where TKey : notnull
{
    private const int SweptAtWatermark = 256;
    private const int KeptCapacity = 4096;

    private readonly HeapKeyTable<TKey> _keys = new();
    private readonly List<HeapColumn<TKey>> _columns = [];
    private readonly Dictionary<string, (StateDescriptor Descriptor, object State)> _states = [];
    private readonly Dictionary<StateSchema, RestoreEntry> _readers = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<string> _forgotten = [];
    private readonly StateOutput _keyOutput = new();
    private HeapSnapshot<TKey>? _snapshot;
    private bool _mustReplace = true;
    private TKey _currentKey = default!;
    private int _currentKeyGroup;

    public override long KeyCount => _keys.Count;

    public int Capacity => _keys.Capacity;

    public int Limit => _keys.Limit;

    /// <summary>The slot of the current key; -1 when it has none.</summary>
    public int Current { get; private set; } = -1;

    public long TimestampMs { get; private set; } = long.MinValue;

    public StateOutput ValueOutput { get; } = new();

    public StateInput KeyInput { get; } = new();

    public StateInput ValueInput { get; } = new();

    public override void SetCurrentKey(TKey key, int keyGroup, long timestampMs)
    {
        _currentKey = key;
        _currentKeyGroup = keyGroup;
        TimestampMs = timestampMs;
        Current = _keys.Find(key);
    }

    /// <summary>The slot of the current key, which is to have an entry.</summary>
    public int CurrentForWrite() => Current >= 0 ? Current : Current = Add(_currentKey, _currentKeyGroup);

    public int KeyGroupAt(int slot) => _keys.KeyGroupAt(slot);

    public TKey KeyAt(int slot) => _keys.KeyAt(slot);

    /// <summary>The bytes of a key; valid until the next call.</summary>
    public ReadOnlySpan<byte> KeyBytes(int slot) => KeyOutput(slot).Written;

    /// <summary>The bytes of a key, to which more may be added.</summary>
    public StateOutput KeyOutput(int slot)
    {
        _keyOutput.Clear();
        KeyType.Serializer.Write(_keys.KeyAt(slot), _keyOutput);
        return _keyOutput;
    }

    /// <summary>Takes the slot from its key when no state uses it.</summary>
    public void TryFree(int slot)
    {
        if (!_keys.IsUsed(slot)) return;
        foreach (HeapColumn<TKey> column in _columns)
        {
            if (column.IsUsed(slot)) return;
        }

        _keys.Remove(slot);
        if (Current == slot) Current = -1;
    }

    /// <summary>The slot of a key of a snapshot.</summary>
    public int SlotOf(TKey key, int keyGroup)
    {
        int slot = _keys.Find(key);
        return slot >= 0 ? slot : Add(key, keyGroup);
    }

    /// <summary>A full or incremental snapshot was begun and not finished: the next has to hold everything.</summary>
    public void OnSnapshotLost() => _mustReplace = true;

    public override ValueState<T> State<T>(ValueStateDescriptor<T> descriptor) =>
        Declare<ValueState<T>>(descriptor, () => new HeapValueState<TKey, T>(this, Values(descriptor, "value", descriptor.Serializer)));

    public override ListState<T> State<T>(ListStateDescriptor<T> descriptor) =>
        Declare<ListState<T>>(descriptor, () => new HeapListState<TKey, T>(this, Values(descriptor, "list", new HeapListSerializer<T>(descriptor.Serializer))));

    public override MapState<TMapKey, TValue> State<TMapKey, TValue>(MapStateDescriptor<TMapKey, TValue> descriptor) =>
        Declare<MapState<TMapKey, TValue>>(descriptor, () => new HeapMapState<TKey, TMapKey, TValue>(this, Add(new HeapMapColumn<TKey, TMapKey, TValue>(this, descriptor))));

    public override ReducingState<T> State<T>(ReducingStateDescriptor<T> descriptor) => Declare<ReducingState<T>>(
        descriptor,
        () => new HeapReducingState<TKey, T>(this, Values(descriptor, "reducing", descriptor.Serializer), descriptor.Reduce));

    public override AggregatingState<TIn, TOut> State<TIn, TAccumulator, TOut>(AggregatingStateDescriptor<TIn, TAccumulator, TOut> descriptor) =>
        Declare<AggregatingState<TIn, TOut>>(
            descriptor,
            () => new HeapAggregatingState<TKey, TIn, TAccumulator, TOut>(this, Values(descriptor, "aggregating", descriptor.Serializer), descriptor.Aggregate));

    /// <summary>A state that says of a key only whether it is there.</summary>
    public HeapPresence<TKey> Presence(string name, string kind) => new(this, Add(new HeapPresenceColumn<TKey>(this, new ValueStateDescriptor<bool>(name), kind)));

    public override void Forget(string stateName) => _forgotten.Add(stateName);

    public override void AdvanceWatermark(long watermarkMs)
    {
        WatermarkMs = watermarkMs;
        TimestampMs = watermarkMs;
        foreach (HeapColumn<TKey> column in _columns) column.Sweep(SweptAtWatermark);
        if (_keys.Limit > KeptCapacity && _keys.Count < _keys.Limit / 4 && _snapshot is null or { IsDone: true }) Compact();
    }

    public override void AdvanceProcessingTime(long nowMs) => ProcessingTimeMs = nowMs;

    public override OperatorSnapshot BeginSnapshot(SnapshotKind kind)
    {
        if (_snapshot is { IsDone: false }) throw new InvalidOperationException("A snapshot of this state is still being written; finish or abandon it first.");
        _snapshot = new HeapSnapshot<TKey>(this, kind, replaces: kind == SnapshotKind.Incremental && _mustReplace, [.. _columns]);
        if (kind != SnapshotKind.Savepoint) _mustReplace = false;
        foreach (HeapColumn<TKey> column in _columns) column.BeginWalk(_snapshot);
        return _snapshot;
    }

    public override void Restore(in SegmentEntry entry)
    {
        if (_forgotten.Contains(entry.State.Name)) return;
        if (!_readers.TryGetValue(entry.State, out RestoreEntry? read)) _readers[entry.State] = read = ReaderOf(entry.State);
        read(entry);
        _mustReplace = false;
    }

    private RestoreEntry ReaderOf(StateSchema written)
    {
        HeapColumn<TKey> column = _columns.Find(c => c.Name == written.Name) ?? throw new StateSchemaException(
            $"The snapshot has a state '{written.Name}' ({written.Kind}), and the operator declares none of that name. Declare it, or forget it by name.");
        string kind = column.Schema.Kind;
        if (kind != written.Kind) throw new StateSchemaException($"The state '{written.Name}' was written as {written.Kind} and is {kind} now.");
        return column.ReaderOf(written);
    }

    private TState Declare<TState>(StateDescriptor descriptor, Func<TState> create)
        where TState : class
    {
        if (!_states.TryGetValue(descriptor.Name, out (StateDescriptor Descriptor, object State) known))
            _states[descriptor.Name] = known = (descriptor, create());
        return known.State is TState state && known.Descriptor.GetType() == descriptor.GetType()
            ? state
            : throw new InvalidOperationException($"There is a state '{descriptor.Name}' already, and it is of another kind or type.");
    }

    private HeapValueColumn<TKey, T> Values<T>(StateDescriptor descriptor, string kind, StateSerializer<T> serializer) =>
        Add(new HeapValueColumn<TKey, T>(this, descriptor, kind, serializer));

    private TColumn Add<TColumn>(TColumn column)
        where TColumn : HeapColumn<TKey>
    {
        _columns.Add(column);
        return column;
    }

    private int Add(TKey key, int keyGroup)
    {
        int capacity = _keys.Capacity;
        int slot = _keys.Add(key, keyGroup);
        if (_keys.Capacity != capacity)
        {
            foreach (HeapColumn<TKey> column in _columns) column.Resize(_keys.Capacity);
        }

        return slot;
    }

    private void Compact()
    {
        int[] from = _keys.Compact();
        foreach (HeapColumn<TKey> column in _columns) column.Move(from, _keys.Capacity);
        Current = -1;
    }
}
