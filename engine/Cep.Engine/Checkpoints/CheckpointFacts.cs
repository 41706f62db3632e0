namespace Cep.Engine.Checkpoints;

/// <summary>One who hands in a segment at every barrier: a subtask of an operator, or whoever else remembers something.</summary>
/// <param name="Uid">The operator's uid.</param>
/// <param name="Subtask">The subtask, from 0.</param>
public readonly record struct SnapshotWriter(string Uid, int Subtask)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Uid}/{Subtask}";
}

/// <summary>What has happened, as <see cref="CheckpointProtocol"/> is told it.</summary>
public abstract record CheckpointFact
{
    private CheckpointFact()
    {
    }

    /// <summary>Nothing but the passing of time.</summary>
    public sealed record Tick : CheckpointFact;

    /// <summary>Somebody wants a checkpoint of their own, as soon as none is under way.</summary>
    /// <param name="RequestId">Tells requests apart.</param>
    /// <param name="IsSavepoint">Whether it is to be a savepoint.</param>
    public sealed record Requested(long RequestId, bool IsSavepoint) : CheckpointFact;

    /// <summary>A writer's segment is stored.</summary>
    /// <param name="CheckpointId">Of which checkpoint.</param>
    /// <param name="Writer">Who wrote it.</param>
    /// <param name="File">The segment; null when there was nothing to write.</param>
    /// <param name="IsFull">Whether it holds everything although changes would have done, as the little that sources remember always does.</param>
    public sealed record Stored(long CheckpointId, SnapshotWriter Writer, SegmentFile? File, bool IsFull = false) : CheckpointFact;

    /// <summary>A writer's segment could not be written or stored.</summary>
    /// <param name="CheckpointId">Of which checkpoint.</param>
    /// <param name="Writer">Who wrote it.</param>
    /// <param name="Reason">Why, a sentence.</param>
    public sealed record NotStored(long CheckpointId, SnapshotWriter Writer, string Reason) : CheckpointFact;

    /// <summary>The manifest is written: the checkpoint is complete.</summary>
    /// <param name="Manifest">The manifest.</param>
    public sealed record ManifestWritten(Manifest Manifest) : CheckpointFact;

    /// <summary>The manifest could not be written, or nobody knows whether it was.</summary>
    /// <param name="CheckpointId">Of which checkpoint.</param>
    /// <param name="Reason">Why, a sentence.</param>
    public sealed record ManifestNotWritten(long CheckpointId, string Reason) : CheckpointFact;

    /// <summary>Objects are deleted. What could not be is simply not told, and asked for again later.</summary>
    /// <param name="Names">Their names.</param>
    public sealed record Deleted(IReadOnlyList<string> Names) : CheckpointFact;

    /// <summary>The input has ended: from now on only requests begin checkpoints.</summary>
    public sealed record InputEnded : CheckpointFact;

    /// <summary>The job has failed or was canceled: nothing will be handed in any more.</summary>
    /// <param name="Reason">Why, a sentence.</param>
    public sealed record JobStopped(string Reason) : CheckpointFact;
}

/// <summary>What is to be done, as <see cref="CheckpointProtocol"/> decides it. Carried out in order.</summary>
public abstract record CheckpointDecision
{
    private CheckpointDecision()
    {
    }

    /// <summary>Send a barrier from the sources.</summary>
    /// <param name="CheckpointId">The checkpoint's number.</param>
    /// <param name="Kind">What to write, of those who are not in <paramref name="Full"/>.</param>
    /// <param name="Full">Who must write everything.</param>
    /// <param name="RequestId">Whose it is; null when its time had come.</param>
    public sealed record SendBarrier(long CheckpointId, SnapshotKind Kind, IReadOnlySet<SnapshotWriter> Full, long? RequestId) : CheckpointDecision
    {
        /// <summary>What a writer is to write.</summary>
        /// <param name="writer">The writer.</param>
        public SnapshotKind KindOf(SnapshotWriter writer) => Full.Contains(writer) ? SnapshotKind.Full : Kind;
    }

    /// <summary>Write the manifest, which makes the checkpoint complete.</summary>
    /// <param name="CheckpointId">The checkpoint's number.</param>
    /// <param name="IsSavepoint">Whether it is a savepoint.</param>
    /// <param name="Chains">What it consists of, ordered by uid and subtask.</param>
    /// <param name="RequestId">Whose it is; null when its time had come.</param>
    public sealed record WriteManifest(
        long CheckpointId, bool IsSavepoint, IReadOnlyList<(string Uid, SegmentChain Chain)> Chains, long? RequestId) : CheckpointDecision
    {
        /// <summary>The chains by operator, as a manifest has them.</summary>
        /// <param name="nameOf">What people call an operator, by its uid.</param>
        public IReadOnlyList<OperatorState> Operators(Func<string, string> nameOf) =>
            Chains.GroupBy(c => c.Uid).Select(g => new OperatorState(g.Key, nameOf(g.Key), g.Select(c => c.Chain).ToArray())).ToArray();
    }

    /// <summary>Tell everybody that the checkpoint is complete, so that what it holds may be committed.</summary>
    /// <param name="Manifest">What it consists of.</param>
    /// <param name="RequestId">Whose it is; null when its time had come.</param>
    public sealed record NotifyComplete(Manifest Manifest, long? RequestId) : CheckpointDecision;

    /// <summary>Tell whoever asked that the checkpoint is given up. What is still handed in for it counts no more.</summary>
    /// <param name="CheckpointId">The checkpoint's number; 0 when it had not begun.</param>
    /// <param name="Reason">Why, a sentence.</param>
    /// <param name="RequestId">Whose it is; null when its time had come.</param>
    public sealed record Abort(long CheckpointId, string Reason, long? RequestId) : CheckpointDecision;

    /// <summary>Delete objects of the checkpoint store, one after the other, up to the first that cannot be deleted.</summary>
    /// <param name="Names">Their names; manifests are before what they name.</param>
    public sealed record Delete(IReadOnlyList<string> Names) : CheckpointDecision;

    /// <summary>Let the job fail: too many checkpoints in a row have.</summary>
    /// <param name="Reason">Why, sentences.</param>
    public sealed record FailJob(string Reason) : CheckpointDecision;
}
