namespace Cep.Engine.Keys;

/// <summary>Decides for one operator which records it takes and by which key they are spread over its subtasks.</summary>
/// <typeparam name="T">The type of the records.</typeparam>
/// <remarks>
/// A record can be wanted under several keys: each is a <em>lane</em>, and the operator gets the record once a lane that takes it, see
/// <see cref="Streams.StreamRecord{T}.Lane"/>.
/// <para>Called by the source-merging thread only, for every record in sequence order; an implementation may keep counts without locks. It is on the
/// hot path: no allocation. An exception fails the job.</para>
/// </remarks>
public abstract class Partitioner<T>
{
    /// <summary>The number of lanes, 1 to 65,535. Default 1. Changes in <see cref="Apply"/> only.</summary>
    public virtual int Lanes => 1;

    /// <summary>The hash of the record's key in a lane, or false when the operator does not take the record there.</summary>
    /// <param name="value">The record's value.</param>
    /// <param name="lane">0 to <see cref="Lanes"/> - 1.</param>
    /// <param name="hash">A hash that is the same in every process, as <see cref="StableHash"/> gives it; equal keys have equal hashes.</param>
    public abstract bool TryRoute(T value, int lane, out ulong hash);

    /// <summary>Changes how records are spread, at the barrier at which <see cref="Operators.Operator{TIn,TOut}.Apply"/> changes the operator: records
    /// before it go by the old way, records after it by the new one.</summary>
    /// <param name="change">What the job was given.</param>
    public virtual void Apply(object change)
    {
    }
}
