using Cep.Engine.Timers;

namespace Cep.Engine.Streams;

/// <summary>Works on the records of each key, in the order in which they arrive, with state and timers.</summary>
/// <typeparam name="TKey">The type of the keys.</typeparam>
/// <typeparam name="TIn">The type of the records.</typeparam>
/// <typeparam name="TOut">The type of the main output.</typeparam>
/// <remarks>
/// Every subtask has an instance of its own and calls it on one thread. What is to survive a failure is kept in states: fields of the instance are lost.
/// After a restart records and timers since the last checkpoint come again, with the state as it was then.
/// </remarks>
public abstract class KeyedProcessFunction<TKey, TIn, TOut>
    where TKey : notnull
{
    /// <summary>Called first: asks for states and side outputs.</summary>
    public virtual void Open(StateContext context)
    {
    }

    /// <summary>Called after <see cref="Open"/> and before the first record when there was a snapshot: operator states have the elements of all old subtasks.</summary>
    public virtual void Restored()
    {
    }

    /// <summary>Takes a record.</summary>
    /// <param name="value">The record's value.</param>
    /// <param name="context">Its key and time, and the key's timers.</param>
    /// <param name="output">The main output.</param>
    public abstract void ProcessElement(TIn value, KeyedContext<TKey> context, Collector<TOut> output);

    /// <summary>A timer of a key is due.</summary>
    /// <param name="timeMs">The time that it was set for.</param>
    /// <param name="domain">The clock that it waited for.</param>
    /// <param name="context">The key, and its timers.</param>
    /// <param name="output">The main output.</param>
    public virtual void OnTimer(long timeMs, TimerDomain domain, KeyedContext<TKey> context, Collector<TOut> output)
    {
    }

    /// <summary>Called last, also after a failure.</summary>
    public virtual void Close()
    {
    }
}
