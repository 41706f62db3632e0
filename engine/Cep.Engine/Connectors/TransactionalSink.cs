namespace Cep.Engine.Connectors;

/// <summary>A sink whose readers see a value exactly once, whatever fails: what is written becomes visible when a checkpoint that holds it is complete.</summary>
/// <typeparam name="T">The type of the values.</typeparam>
/// <remarks>
/// The sink's half of a two-phase commit. The job's sink thread makes every call, in the order
/// <code>Open Restore (Write* [PreCommit] [Commit])* Close</code>
/// <para>A checkpoint that was pre-committed may be given up; what was staged for it then belongs to the next one. <see cref="Commit"/> comes for every
/// complete checkpoint, unless the job dies first: then <see cref="Restore"/> does its work. Values written after the last complete checkpoint are
/// written again by the restarted job.</para>
/// </remarks>
public abstract class TransactionalSink<T> : Sink<T>
{
    /// <inheritdoc/>
    protected TransactionalSink(string name)
        : base(name)
    {
    }

    /// <summary>Begins where a checkpoint stands: commits what it holds, if that has not happened yet, and drops whatever was staged later.</summary>
    /// <param name="handle">What <see cref="PreCommit"/> gave for that checkpoint; empty at a beginning from nothing.</param>
    public abstract void Restore(ReadOnlySpan<byte> handle);

    /// <summary>Stages everything written so far, so that it can be committed even after a crash of the machine.</summary>
    /// <param name="checkpointId">The checkpoint that the handle goes into.</param>
    /// <returns>What <see cref="Restore"/> needs; not empty.</returns>
    public abstract byte[] PreCommit(long checkpointId);

    /// <summary>Makes visible what was staged for a checkpoint and those before it.</summary>
    /// <param name="checkpointId">A checkpoint that was pre-committed and is complete.</param>
    public abstract void Commit(long checkpointId);
}
