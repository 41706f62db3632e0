using System.Diagnostics.CodeAnalysis;

namespace Cep.Engine.State;

/// <summary>One value of the current key.</summary>
/// <typeparam name="T">The type of the value. Immutable is best.</typeparam>
/// <remarks>
/// Reading gives the value itself, no copy. An object that was changed must be set again, in the same call of the function: only a set value counts as
/// changed and comes into the next snapshot. While a checkpoint is being written a mutable object that is changed before it is set may come into that
/// checkpoint as changed, which breaks exactly-once: set a copy, or <see cref="Touch"/> the state before the change.
/// </remarks>
public abstract class ValueState<T>
{
    /// <summary>The value; the default of the type where there is none. Setting null clears.</summary>
    public abstract T? Value { get; set; }

    /// <summary>The value, if there is one.</summary>
    public abstract bool TryGet([MaybeNullWhen(false)] out T value);

    /// <summary>Says that the object which is the value is about to be changed in place.</summary>
    /// <returns>False when there is no value.</returns>
    public abstract bool Touch();

    /// <summary>Removes the value.</summary>
    public abstract void Clear();
}

/// <summary>A list of the current key.</summary>
/// <typeparam name="T">The type of the elements, which are not changed in place.</typeparam>
public abstract class ListState<T>
{
    /// <summary>The elements in the order they were added; valid until the next write.</summary>
    public abstract ReadOnlySpan<T> Items { get; }

    /// <summary>Adds an element.</summary>
    public abstract void Add(T value);

    /// <summary>Puts other elements in place of all; none clears.</summary>
    public abstract void Set(ReadOnlySpan<T> values);

    /// <summary>Removes all elements.</summary>
    public abstract void Clear();
}

/// <summary>A map of the current key. A snapshot holds each entry by itself, so a large map with few changes costs little.</summary>
/// <typeparam name="TMapKey">The type of the keys in the map.</typeparam>
/// <typeparam name="TValue">The type of the values, which are not changed in place.</typeparam>
public abstract class MapState<TMapKey, TValue>
    where TMapKey : notnull
{
    /// <summary>The number of entries; some of them may have grown too old and not be given any more.</summary>
    public abstract int Count { get; }

    /// <summary>Puts an entry, or reads one.</summary>
    /// <exception cref="KeyNotFoundException">Read, and there is none.</exception>
    public TValue this[TMapKey key]
    {
        get => TryGet(key, out TValue? value) ? value : throw new KeyNotFoundException("The map state has no entry of this key.");
        set => Set(key, value);
    }

    /// <summary>The value of an entry, if there is one.</summary>
    public abstract bool TryGet(TMapKey key, [MaybeNullWhen(false)] out TValue value);

    /// <summary>Puts an entry.</summary>
    public abstract void Set(TMapKey key, TValue value);

    /// <summary>Removes an entry.</summary>
    /// <returns>Whether there was one.</returns>
    public abstract bool Remove(TMapKey key);

    /// <summary>The entries, in no order to rely on: output that depends on it changes with a restore. The map is not written meanwhile.</summary>
    public abstract IEnumerable<KeyValuePair<TMapKey, TValue>> Entries { get; }

    /// <summary>Removes all entries.</summary>
    public abstract void Clear();
}

/// <summary>The sum, in a wide sense, of what was added for the current key.</summary>
/// <typeparam name="TIn">The type of what is added.</typeparam>
/// <typeparam name="TOut">The type of the result.</typeparam>
public abstract class AggregatingState<TIn, TOut>
{
    /// <summary>Adds a value.</summary>
    public abstract void Add(TIn value);

    /// <summary>The result, if anything was added.</summary>
    public abstract bool TryGet([MaybeNullWhen(false)] out TOut result);

    /// <summary>Forgets what was added.</summary>
    public abstract void Clear();
}

/// <summary>An <see cref="AggregatingState{TIn,TOut}"/> whose values and result are of one type.</summary>
/// <typeparam name="T">The type of the values and of the result.</typeparam>
public abstract class ReducingState<T> : AggregatingState<T, T>;
