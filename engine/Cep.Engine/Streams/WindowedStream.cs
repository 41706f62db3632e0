using Cep.Engine.Operators;
using Cep.Engine.State;
using Cep.Engine.Streams.Windows;

namespace Cep.Engine.Streams;

/// <summary>A keyed stream whose values are grouped into windows of event time.</summary>
/// <typeparam name="TKey">The type of the keys.</typeparam>
/// <typeparam name="T">The type of the values.</typeparam>
public sealed class WindowedStream<TKey, T>
    where TKey : notnull
{
    private readonly KeyedStream<TKey, T> _stream;
    private readonly WindowAssigner _windows;
    private readonly WindowOptions<T> _options;

    internal WindowedStream(KeyedStream<TKey, T> stream, WindowAssigner windows, WindowOptions<T> options)
    {
        _stream = stream;
        _windows = windows;
        _options = options;
    }

    /// <summary>The same windows with other options. With allowed lateness, or a tag for what is late, they see the sources' late records too.</summary>
    public WindowedStream<TKey, T> With(WindowOptions<T> options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new WindowedStream<TKey, T>(_stream, _windows, options);
    }

    /// <inheritdoc cref="WindowFunction.Reduce{TKey,T,TOut}"/>
    public OperatorStream<TOut> Reduce<TOut>(Func<T, T, T> reduce, Func<TKey, TimeWindow, T, TOut> result) =>
        Apply(() => WindowFunction.Reduce(reduce, result));

    /// <inheritdoc cref="WindowFunction.Aggregate{TKey,TIn,TAccumulator,TResult,TOut}"/>
    public OperatorStream<TOut> Aggregate<TAccumulator, TResult, TOut>(AggregateFunction<T, TAccumulator, TResult> aggregate, Func<TKey, TimeWindow, TResult, TOut> result) =>
        Apply(() => WindowFunction.Aggregate(aggregate, result));

    /// <inheritdoc cref="WindowFunction.Process{TKey,TIn,TOut}"/>
    public OperatorStream<TOut> Process<TOut>(ProcessWindow<TKey, T, TOut> process) => Apply(() => WindowFunction.Process(process));

    private OperatorStream<TOut> Apply<TOut>(Func<WindowFunction<TKey, T, TOut>> create)
    {
        bool takesLate = _options.AllowedLateness > TimeSpan.Zero || _options.LateTag is not null;
        return _stream.Transform("window", () => new WindowOperator<TKey, T, TOut>(_stream.KeyOf, _windows, create(), _options, _stream.KeyType), takesLate);
    }
}
