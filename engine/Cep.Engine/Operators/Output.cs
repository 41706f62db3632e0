using Cep.Engine.Graph;
using Cep.Engine.Runtime;

namespace Cep.Engine.Operators;

/// <summary>Where one subtask emits the values of one output. For the operator's thread only.</summary>
/// <typeparam name="T">The type of the values.</typeparam>
/// <remarks>
/// Between two watermarks (an epoch) the values of all subtasks and operators are brought into one order: time, then the order given with the
/// value, then its rank, then the operator's place in the job, then the order of emission. The written output is therefore the same at any parallelism, when
/// <list type="bullet">
/// <item>values with equal time, order and rank come from one subtask, as when the order is the sequence of a record that goes to one subtask;</item>
/// <item>each value's time is after the watermark before and not after the watermark it is emitted at, or it is otherwise fixed between which two
/// watermarks it is emitted.</item>
/// </list>
/// Emitting in that order costs least; an epoch out of order is sorted by the subtask before it leaves. An epoch's values are held in memory.
/// </remarks>
public sealed class Output<T>
{
    private OutputRun<T>? _run;
    private Step<T>[] _chains = [];

    internal Output(OutputRun<T>? run) => _run = run;

    /// <summary>Whether anyone reads this output; what is emitted to one that is not connected is dropped.</summary>
    public bool IsConnected => _run is not null || _chains.Length > 0;

    internal EmittedPlace Place { get; } = new();

    /// <summary>Emits a value.</summary>
    /// <param name="value">The value; not changed any more by the operator.</param>
    /// <param name="timestampMs">Its event time, Unix milliseconds.</param>
    /// <param name="order">Its place among values of that time.</param>
    /// <param name="rank">Its place among values of that time and order, as when one record leads to several. Default 0.</param>
    public void Emit(T value, long timestampMs, long order, int rank = 0)
    {
        _run?.Add(value, timestampMs, order, rank);
        if (_chains.Length > 0) Push(value, timestampMs, order, rank);
    }

    /// <summary>Sets where values go as they are.</summary>
    internal void Attach(OutputRun<T> run) => _run = run;

    /// <summary>Adds chains that values go through.</summary>
    internal void Add(Step<T>[] chains) => _chains = [.. _chains, .. chains];

    private void Push(T value, long timestampMs, long order, int rank)
    {
        Place.TimestampMs = timestampMs;
        Place.Order = order;
        Place.Rank = rank;
        foreach (Step<T> chain in _chains) chain.Push(value);
    }
}
