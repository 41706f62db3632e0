using Cep.Engine.State;

namespace Cep.Engine.Streams.Windows;

/// <summary>What a window remembers of its records, and what it makes of them. Made by the methods of <see cref="WindowFunction"/>.</summary>
/// <typeparam name="TKey">The type of the keys.</typeparam>
/// <typeparam name="TIn">The type of the records.</typeparam>
/// <typeparam name="TOut">The type of the results.</typeparam>
public abstract class WindowFunction<TKey, TIn, TOut>
{
    private protected WindowFunction()
    {
    }

    internal abstract void Open(StateContext context);

    /// <summary>Adds a record to the current window.</summary>
    internal abstract void Add(TIn value);

    /// <summary>Emits the results of the current window, if it has any records.</summary>
    internal abstract void Fire(TKey key, TimeWindow window, Collector<TOut> output);

    /// <summary>Removes the records of the current window.</summary>
    internal abstract void Clear();
}

/// <summary>Makes window functions. One instance serves one operator's subtask.</summary>
public static class WindowFunction
{
    /// <summary>Keeps one value a window, to which each record is added as it comes.</summary>
    /// <param name="reduce">The value and a record, to the next value; associative.</param>
    /// <param name="result">Makes the result of it.</param>
    public static WindowFunction<TKey, T, TOut> Reduce<TKey, T, TOut>(Func<T, T, T> reduce, Func<TKey, TimeWindow, T, TOut> result) =>
        new Reducing<TKey, T, T, TOut>(context => context.State(new ReducingStateDescriptor<T>("window", reduce)), result);

    /// <summary>Keeps one accumulator a window, to which each record is added as it comes.</summary>
    /// <param name="aggregate">How records are added.</param>
    /// <param name="result">Makes the result of it.</param>
    public static WindowFunction<TKey, TIn, TOut> Aggregate<TKey, TIn, TAccumulator, TResult, TOut>(
        AggregateFunction<TIn, TAccumulator, TResult> aggregate, Func<TKey, TimeWindow, TResult, TOut> result) =>
        new Reducing<TKey, TIn, TResult, TOut>(context => context.State(new AggregatingStateDescriptor<TIn, TAccumulator, TResult>("window", aggregate)), result);

    /// <summary>Keeps all records of a window, and hands them over in the order in which they came.</summary>
    /// <param name="process">Emits what it likes.</param>
    public static WindowFunction<TKey, TIn, TOut> Process<TKey, TIn, TOut>(ProcessWindow<TKey, TIn, TOut> process) => new Processing<TKey, TIn, TOut>(process);

    private sealed class Reducing<TKey, TIn, TResult, TOut>(
        Func<StateContext, AggregatingState<TIn, TResult>> stateOf, Func<TKey, TimeWindow, TResult, TOut> result) : WindowFunction<TKey, TIn, TOut>
    {
        private AggregatingState<TIn, TResult> _state = null!;

        internal override void Open(StateContext context) => _state = stateOf(context);

        internal override void Add(TIn value) => _state.Add(value);

        internal override void Fire(TKey key, TimeWindow window, Collector<TOut> output)
        {
            if (_state.TryGet(out TResult? sum)) output.Emit(result(key, window, sum));
        }

        internal override void Clear() => _state.Clear();
    }

    private sealed class Processing<TKey, TIn, TOut>(ProcessWindow<TKey, TIn, TOut> process) : WindowFunction<TKey, TIn, TOut>
    {
        private ListState<TIn> _records = null!;

        internal override void Open(StateContext context) => _records = context.State(new ListStateDescriptor<TIn>("window"));

        internal override void Add(TIn value) => _records.Add(value);

        internal override void Fire(TKey key, TimeWindow window, Collector<TOut> output)
        {
            if (!_records.Items.IsEmpty) process(key, window, _records.Items, output);
        }

        internal override void Clear() => _records.Clear();
    }
}

/// <summary>Works on all records of a window.</summary>
/// <param name="key">The key of the records.</param>
/// <param name="window">The window.</param>
/// <param name="records">At least one, in the order in which they came; valid in this call.</param>
/// <param name="output">The main output.</param>
public delegate void ProcessWindow<in TKey, TIn, TOut>(TKey key, TimeWindow window, ReadOnlySpan<TIn> records, Collector<TOut> output);
