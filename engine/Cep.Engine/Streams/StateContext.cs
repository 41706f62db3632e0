using Cep.Engine.Operators;
using Cep.Engine.State;

namespace Cep.Engine.Streams;

/// <summary>What a function sees when it is opened: its place in the job, its states and its outputs. Valid in that call only.</summary>
public abstract class StateContext
{
    private protected StateContext()
    {
    }

    /// <summary>The subtask, from 0.</summary>
    public abstract int Subtask { get; }

    /// <summary>The number of subtasks of the operator.</summary>
    public abstract int Parallelism { get; }

    /// <summary>A state of the current key; keep it. The same name gives the same state.</summary>
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

    /// <summary>A state of the subtask, which belongs to no key.</summary>
    public abstract OperatorListState<T> OperatorState<T>(ListStateDescriptor<T> descriptor);

    /// <summary>Consents that what a snapshot holds of a state which the function has no more is dropped. Without it the restore is refused.</summary>
    public abstract void Forget(string stateName);

    /// <summary>A side output; keep it.</summary>
    public abstract Collector<T> SideOutput<T>(OutputTag<T> tag);
}

/// <inheritdoc/>
internal sealed class StateContext<TKey, TIn, TOut>(KeyedOperator<TKey, TIn, TOut> op) : StateContext
    where TKey : notnull
{
    public override int Subtask => op.Context.Subtask;

    public override int Parallelism => op.Context.Parallelism;

    public override ValueState<T> State<T>(ValueStateDescriptor<T> descriptor) => op.Backend.State(descriptor);

    public override ListState<T> State<T>(ListStateDescriptor<T> descriptor) => op.Backend.State(descriptor);

    public override MapState<TMapKey, TValue> State<TMapKey, TValue>(MapStateDescriptor<TMapKey, TValue> descriptor) => op.Backend.State(descriptor);

    public override ReducingState<T> State<T>(ReducingStateDescriptor<T> descriptor) => op.Backend.State(descriptor);

    public override AggregatingState<TValue, TResult> State<TValue, TAccumulator, TResult>(AggregatingStateDescriptor<TValue, TAccumulator, TResult> descriptor) =>
        op.Backend.State(descriptor);

    public override OperatorListState<T> OperatorState<T>(ListStateDescriptor<T> descriptor) => op.OperatorState(descriptor);

    public override void Forget(string stateName) => op.Forget(stateName);

    public override Collector<T> SideOutput<T>(OutputTag<T> tag) => new(op.Context.SideOutput(tag), op.Place);
}
