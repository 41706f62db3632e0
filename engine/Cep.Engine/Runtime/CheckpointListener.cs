using Cep.Engine.Checkpoints;

namespace Cep.Engine.Runtime;

/// <summary>Is told what happens to the checkpoints of a job. Threads of the job call it: it must not block, nor throw.</summary>
public abstract class CheckpointListener
{
    /// <summary>A checkpoint or savepoint is complete.</summary>
    public virtual void Completed(Manifest manifest)
    {
    }

    /// <summary>A checkpoint was given up; the job goes on.</summary>
    /// <param name="checkpointId">Its number; 0 when it had not begun.</param>
    /// <param name="reason">Why, a sentence.</param>
    public virtual void Failed(long checkpointId, string reason)
    {
    }

    /// <summary>A checkpoint cannot be used, and the one before it is looked at.</summary>
    public virtual void Refused(RefusedCheckpoint checkpoint)
    {
    }

    /// <summary>The job goes on from what a checkpoint or savepoint holds.</summary>
    public virtual void Restored(Manifest manifest)
    {
    }

    /// <summary>The job failed, and goes on from its last checkpoint after a pause.</summary>
    public virtual void Restarting(JobException failure, TimeSpan pause)
    {
    }
}
