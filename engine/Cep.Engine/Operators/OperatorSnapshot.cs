using Cep.Engine.Checkpoints;

namespace Cep.Engine.Operators;

/// <summary>What a subtask remembered at a barrier, while it is being written. On the operator's thread.</summary>
/// <remarks>
/// The snapshot walks the operator's state by slices, between batches of records. Before the operator changes an entry that the walk has not reached, it
/// writes that entry as it was at the barrier. So a checkpoint stops the stream for one slice at a time, and nothing is locked or copied.
/// </remarks>
public abstract class OperatorSnapshot
{
    /// <summary>Writes on.</summary>
    /// <param name="writer">The same at every call.</param>
    /// <param name="budgetBytes">About how much to write at most; <see cref="long.MaxValue"/> for all of the rest.</param>
    /// <returns>Whether everything is written now.</returns>
    public abstract bool Write(SegmentWriter writer, long budgetBytes);

    /// <summary>The checkpoint was given up: nothing more is written. What it was to hold counts as changed again.</summary>
    public virtual void Abandon()
    {
    }
}
