using Cep.Engine.Streams;

namespace Cep.Engine.Graph;

/// <summary>One stage of a stateless chain: takes values one by one and hands on what it makes of them. For one thread.</summary>
/// <typeparam name="T">The type of the values it takes.</typeparam>
internal abstract class Step<T>
{
    public abstract void Push(T value);
}

/// <summary>Hands on what a function makes of each value.</summary>
internal sealed class MapStep<T, TOut>(Func<T, TOut> map, Step<TOut> next) : Step<T>
{
    public override void Push(T value) => next.Push(map(value));
}

/// <summary>Hands on the values of which a condition holds.</summary>
internal sealed class FilterStep<T>(Predicate<T> condition, Step<T> next) : Step<T>
{
    public override void Push(T value)
    {
        if (condition(value)) next.Push(value);
    }
}

/// <summary>Hands on any number of values for each.</summary>
internal sealed class FlatMapStep<T, TOut>(Action<T, Collector<TOut>> flatMap, Step<TOut> next) : Step<T>
{
    private readonly Collector<TOut> _collector = new(next);

    public override void Push(T value) => flatMap(value, _collector);
}
