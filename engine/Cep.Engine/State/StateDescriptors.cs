using Cep.Engine.State.Serializers;

namespace Cep.Engine.State;

/// <summary>Names a state of an operator. The name is what finds the state in a snapshot: it must stay, as the class may not.</summary>
public abstract class StateDescriptor
{
    private protected StateDescriptor(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        Name = name;
    }

    /// <summary>The name, unique in the operator.</summary>
    public string Name { get; }

    /// <summary>How long untouched entries live. Default: for ever.</summary>
    public TimeToLive? TimeToLive { get; init; }
}

/// <summary>One value a key.</summary>
/// <param name="name">The name, unique in the operator.</param>
/// <param name="serializer">Writes and reads values; null for a generated one.</param>
public sealed class ValueStateDescriptor<T>(string name, StateSerializer<T>? serializer = null) : StateDescriptor(name)
{
    /// <summary>Writes and reads values.</summary>
    public StateSerializer<T> Serializer { get; } = serializer ?? StateSerializer.Of<T>();
}

/// <summary>A list of values a key.</summary>
/// <param name="name">The name, unique in the operator.</param>
/// <param name="serializer">Writes and reads elements; null for a generated one.</param>
public sealed class ListStateDescriptor<T>(string name, StateSerializer<T>? serializer = null) : StateDescriptor(name)
{
    /// <summary>Writes and reads elements.</summary>
    public StateSerializer<T> Serializer { get; } = serializer ?? StateSerializer.Of<T>();
}

/// <summary>A map of values a key.</summary>
/// <param name="name">The name, unique in the operator.</param>
/// <param name="keySerializer">Writes and reads the keys of the map; null for a generated one.</param>
/// <param name="valueSerializer">Writes and reads the values of the map; null for a generated one.</param>
public sealed class MapStateDescriptor<TMapKey, TValue>(
    string name, StateSerializer<TMapKey>? keySerializer = null, StateSerializer<TValue>? valueSerializer = null) : StateDescriptor(name)
    where TMapKey : notnull
{
    /// <summary>Writes and reads the keys of the map.</summary>
    public StateSerializer<TMapKey> KeySerializer { get; } = keySerializer ?? StateSerializer.Of<TMapKey>();

    /// <summary>Writes and reads the values of the map.</summary>
    public StateSerializer<TValue> ValueSerializer { get; } = valueSerializer ?? StateSerializer.Of<TValue>();
}

/// <summary>One value a key, to which others are added by a function.</summary>
/// <param name="name">The name, unique in the operator.</param>
/// <param name="reduce">The value and one to add, to the next value; associative.</param>
/// <param name="serializer">Writes and reads values; null for a generated one.</param>
public sealed class ReducingStateDescriptor<T>(string name, Func<T, T, T> reduce, StateSerializer<T>? serializer = null) : StateDescriptor(name)
{
    /// <summary>The value and one to add, to the next value.</summary>
    public Func<T, T, T> Reduce { get; } = reduce ?? throw new ArgumentNullException(nameof(reduce));

    /// <summary>Writes and reads values.</summary>
    public StateSerializer<T> Serializer { get; } = serializer ?? StateSerializer.Of<T>();
}

/// <summary>One accumulator a key, to which values of another type are added.</summary>
/// <param name="name">The name, unique in the operator.</param>
/// <param name="aggregate">How values are added, and the result found.</param>
/// <param name="serializer">Writes and reads accumulators; null for a generated one.</param>
public sealed class AggregatingStateDescriptor<TIn, TAccumulator, TOut>(
    string name, AggregateFunction<TIn, TAccumulator, TOut> aggregate, StateSerializer<TAccumulator>? serializer = null) : StateDescriptor(name)
{
    /// <summary>How values are added, and the result found.</summary>
    public AggregateFunction<TIn, TAccumulator, TOut> Aggregate { get; } = aggregate ?? throw new ArgumentNullException(nameof(aggregate));

    /// <summary>Writes and reads accumulators.</summary>
    public StateSerializer<TAccumulator> Serializer { get; } = serializer ?? StateSerializer.Of<TAccumulator>();
}
