using Cep.Engine.Checkpoints;
using Cep.Engine.Keys;
using Cep.Engine.Operators;
using Cep.Engine.State.Heap;

namespace Cep.Engine.State;

/// <summary>Holds the keyed states of one subtask of an operator: for each key of the subtask's key groups, one entry of each state.</summary>
/// <typeparam name="TKey">The type of the keys.</typeparam>
/// <remarks>
/// A state object is asked for once, when the operator opens, and always stands for the key set last. What every implementation must hold is written as
/// tests (<c>KeyedStateBackendContract</c>). One thread only.
/// </remarks>
/// <param name="keyType">The type of the keys.</param>
/// <param name="keyGroups">The key groups of the subtask.</param>
public abstract class KeyedStateBackend<TKey>(KeyType<TKey> keyType, KeyGroupRange keyGroups)
    where TKey : notnull
{
    /// <summary>The type of the keys.</summary>
    public KeyType<TKey> KeyType { get; } = keyType;

    /// <summary>The key groups whose keys are kept here.</summary>
    public KeyGroupRange KeyGroups { get; } = keyGroups;

    /// <summary>The watermark; <see cref="long.MinValue"/> before the first.</summary>
    public long WatermarkMs { get; protected set; } = long.MinValue;

    /// <summary>The processing time, Unix milliseconds; <see cref="long.MinValue"/> before the first.</summary>
    public long ProcessingTimeMs { get; protected set; } = long.MinValue;

    /// <summary>The number of keys of which something is remembered, those among it whose removal is still to be written.</summary>
    public abstract long KeyCount { get; }

    /// <summary>Sets the key that the states stand for.</summary>
    /// <param name="key">The key.</param>
    /// <param name="keyGroup">Its key group, one of <see cref="KeyGroups"/>.</param>
    /// <param name="timestampMs">The time of the record or timer that is processed: a write counts from then, for an event-time time to live.</param>
    public abstract void SetCurrentKey(TKey key, int keyGroup, long timestampMs);

    /// <summary>The state of a descriptor; the same for the same name.</summary>
    /// <exception cref="InvalidOperationException">There is a state of that name and another kind or type.</exception>
    public abstract ValueState<T> State<T>(ValueStateDescriptor<T> descriptor);

    /// <inheritdoc cref="State{T}(ValueStateDescriptor{T})"/>
    public abstract ListState<T> State<T>(ListStateDescriptor<T> descriptor);

    /// <inheritdoc cref="State{T}(ValueStateDescriptor{T})"/>
    public abstract MapState<TMapKey, TValue> State<TMapKey, TValue>(MapStateDescriptor<TMapKey, TValue> descriptor)
        where TMapKey : notnull;

    /// <inheritdoc cref="State{T}(ValueStateDescriptor{T})"/>
    public abstract ReducingState<T> State<T>(ReducingStateDescriptor<T> descriptor);

    /// <inheritdoc cref="State{T}(ValueStateDescriptor{T})"/>
    public abstract AggregatingState<TIn, TOut> State<TIn, TAccumulator, TOut>(AggregatingStateDescriptor<TIn, TAccumulator, TOut> descriptor);

    /// <summary>Consents that what a snapshot holds of a state which the operator has no more is dropped.</summary>
    public abstract void Forget(string stateName);

    /// <summary>The watermark has moved on: entries that lived by event time may be gone.</summary>
    public abstract void AdvanceWatermark(long watermarkMs);

    /// <summary>The clock has moved on: entries that lived by processing time may be gone.</summary>
    public abstract void AdvanceProcessingTime(long nowMs);

    /// <summary>Fixes what a snapshot holds: the entries as they are now. See <see cref="OperatorSnapshot"/>.</summary>
    /// <exception cref="InvalidOperationException">A snapshot is still being written.</exception>
    public abstract OperatorSnapshot BeginSnapshot(SnapshotKind kind);

    /// <summary>Takes over an entry, before any key was set; a later entry of the same key takes its place.</summary>
    /// <exception cref="Serializers.StateSchemaException">No such state is declared, or its type has changed too much; the message names it.</exception>
    /// <exception cref="InvalidDataException">The bytes are no such entry.</exception>
    public abstract void Restore(in SegmentEntry entry);
}

/// <summary>Makes the backends of the subtasks of a job.</summary>
public abstract class StateBackend
{
    /// <summary>State in memory, as objects.</summary>
    public static StateBackend Heap { get; } = new HeapStateBackend();

    /// <summary>A backend without state.</summary>
    public abstract KeyedStateBackend<TKey> Create<TKey>(KeyType<TKey> keyType, KeyGroupRange keyGroups)
        where TKey : notnull;
}
