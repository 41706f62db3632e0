using Cep.Engine.Checkpoints;

namespace Cep.Engine.Runtime;

/// <summary>What ends an epoch, the stretch between two watermarks: the same for every subtask and every sink, in its exact place between records.</summary>
/// <remarks>
/// All control begins at the merging thread and travels in-band. Whoever has several producers takes the epoch end of each before it goes on, so a
/// checkpoint barrier needs no alignment of its own: it is an epoch end with a number.
/// </remarks>
/// <param name="WatermarkMs">The watermark, Unix milliseconds; that of the epoch before, when something else ends this one.</param>
/// <param name="ProcessingTimeMs">The clock's time at the merging thread, Unix milliseconds; never goes back. Operators read no other clock.</param>
/// <param name="Barrier">The checkpoint that holds what comes before, if one is taken here.</param>
/// <param name="CompletedCheckpoint">The checkpoint that has become complete, so that what it holds may be committed; 0 for none.</param>
/// <param name="Change">What operators change to after the barrier's snapshot, if there is one, see <see cref="Operators.Operator{TIn,TOut}.Apply"/>; null for nothing.</param>
internal readonly record struct Control(
    long WatermarkMs, long ProcessingTimeMs, CheckpointBarrier? Barrier = null, long CompletedCheckpoint = 0, object? Change = null);

/// <summary>A checkpoint on its way through the job.</summary>
/// <param name="Decision">Its number, and what each writer is to write.</param>
internal sealed record CheckpointBarrier(CheckpointDecision.SendBarrier Decision)
{
    /// <summary>Its number, from 1, growing over all attempts of a job.</summary>
    public long CheckpointId => Decision.CheckpointId;
}
