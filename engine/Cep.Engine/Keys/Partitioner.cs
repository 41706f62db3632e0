namespace Cep.Engine.Keys;

/// <summary>Decides for one operator which records it takes and by which key they are spread over its subtasks.</summary>
/// <typeparam name="T">The type of the records.</typeparam>
/// <remarks>
/// Called by the source-merging thread only, for every record in sequence order; an implementation may keep counts without locks. It is on the
/// hot path: no allocation. An exception fails the job.
/// </remarks>
public abstract class Partitioner<T>
{
    /// <summary>The hash of the record's key, or false when the operator does not take the record.</summary>
    /// <param name="value">The record's value.</param>
    /// <param name="hash">A hash that is the same in every process, as <see cref="StableHash"/> gives it; equal keys have equal hashes.</param>
    public abstract bool TryRoute(T value, out ulong hash);
}
