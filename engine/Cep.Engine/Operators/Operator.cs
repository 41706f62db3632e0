using Cep.Engine.Checkpoints;
using Cep.Engine.Streams;

namespace Cep.Engine.Operators;

/// <summary>One subtask's share of the work of a keyed operator: it sees the records of the key groups its subtask owns.</summary>
/// <typeparam name="TIn">The type of the records.</typeparam>
/// <typeparam name="TOut">The type of the main output.</typeparam>
/// <remarks>
/// One thread of its own makes every call, from <see cref="Open"/> to <see cref="Close"/>, so an operator needs no locks; blocking in it holds
/// back the sources (back-pressure). The order of calls is
/// <code>Open [Restore] (Process* AdvanceProcessingTime [AdvanceWatermark] [BeginSnapshot [Apply]])* Close</code>
/// <para>Records come in sequence order, not in time order; a <see cref="ReorderBuffer{T}"/> gives them time order. Of a source
/// no record is late: each is newer than the last watermark, but where the operator takes the sources' late records too. What an operator before this
/// one emits behind the watermark comes as it is. The watermark only grows, and stands at the same place between the records whatever the parallelism. At the end
/// of a bounded input it is <see cref="Time.Watermark.End"/>, so every deadline falls due before <see cref="Close"/>; a canceled job ends without
/// that.</para>
/// <para>An exception from any method fails the job and names the operator and the subtask; <see cref="Close"/> is still called
/// where <see cref="Open"/> has returned.</para>
/// <para>What the operator emits is written when every subtask has passed the next watermark, ordered by time and then by the order given with it;
/// see <see cref="Output{T}"/>.</para>
/// </remarks>
public abstract class Operator<TIn, TOut>
{
    /// <summary>Called once, before any other method. Emits nothing.</summary>
    /// <param name="context">Where the operator runs and what it emits to; valid until <see cref="Close"/>.</param>
    public virtual void Open(OperatorContext<TOut> context)
    {
    }

    /// <summary>Takes the next records.</summary>
    /// <param name="records">At least one record; the memory is used again after the call returns.</param>
    public abstract void Process(ReadOnlySpan<StreamRecord<TIn>> records);

    /// <summary>No more records with a timestamp of <paramref name="watermarkMs"/> or less will come: what waited for that is due.</summary>
    /// <param name="watermarkMs">Unix milliseconds; greater than at the call before.</param>
    public abstract void AdvanceWatermark(long watermarkMs);

    /// <summary>The clock has moved on. Processing time comes in-band, at the end of an epoch, and before the watermark of that epoch.</summary>
    /// <param name="nowMs">Unix milliseconds; not less than at the call before.</param>
    public virtual void AdvanceProcessingTime(long nowMs)
    {
    }

    /// <summary>A checkpoint is taken here: fixes what is remembered, and writes little or nothing yet.</summary>
    /// <param name="kind">
    /// <see cref="SnapshotKind.Incremental"/>: what changed since the last full or incremental one. A savepoint holds everything and leaves what counts as
    /// changed alone.
    /// </param>
    /// <returns>What is written between the next batches; null when the operator remembers nothing.</returns>
    public virtual OperatorSnapshot? BeginSnapshot(SnapshotKind kind) => null;

    /// <summary>Takes over what an earlier run remembered: right after <see cref="Open"/>, and only when there is a snapshot to begin from.</summary>
    /// <param name="state">The entries of this subtask's key groups, at whatever parallelism they were written.</param>
    public virtual void Restore(StateReader state)
    {
    }

    /// <summary>Changes what the operator does, between two records: right after the snapshot of the barrier that carries the change was begun. What that
    /// snapshot writes from then on is still what was remembered before.</summary>
    /// <param name="change">What the job was given; the same object for all subtasks.</param>
    public virtual void Apply(object change)
    {
    }

    /// <summary>Nothing more comes: the input has ended, or the job is stopped. What is emitted here is the last.</summary>
    public virtual void EndInput()
    {
    }

    /// <summary>How many timers are set, for the job's metrics. Asked on the operator's thread, at the end of each epoch.</summary>
    public virtual long TimersSet => 0;

    /// <summary>Called once, last: after the end of the input, on cancellation, and after a failure anywhere. Releases; emits nothing.</summary>
    public virtual void Close()
    {
    }
}
