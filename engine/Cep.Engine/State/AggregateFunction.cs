namespace Cep.Engine.State;

/// <summary>Adds values up one by one in an accumulator, and finds a result in it.</summary>
/// <typeparam name="TIn">The type of the values.</typeparam>
/// <typeparam name="TAccumulator">The type of the accumulator; it must have a serializer.</typeparam>
/// <typeparam name="TOut">The type of the result.</typeparam>
/// <remarks>One instance serves all keys of a subtask: it keeps nothing itself.</remarks>
public abstract class AggregateFunction<TIn, TAccumulator, TOut>
{
    /// <summary>The accumulator of no values.</summary>
    public abstract TAccumulator Create();

    /// <summary>The accumulator with a value more; a mutable one may be changed and given back.</summary>
    public abstract TAccumulator Add(TAccumulator accumulator, TIn value);

    /// <summary>The result; the accumulator stays.</summary>
    public abstract TOut ResultOf(TAccumulator accumulator);

    /// <summary>The accumulator of the values of both, as when two windows become one.</summary>
    public abstract TAccumulator Merge(TAccumulator first, TAccumulator second);
}
