namespace Cep.Engine.Runtime;

/// <summary>The sink thread: takes each epoch from every producer, and writes it when it has them all.</summary>
/// <remarks>
/// It waits for the producers one after the other. That cannot deadlock: by the time any producer can be a whole epoch ahead, the merging loop has
/// put the watermark that ends this epoch into every subtask's channel, so each comes to its end without anyone else moving.
/// </remarks>
/// <param name="outputs">The job's outputs.</param>
/// <param name="producers">One channel a producer, in the job's order.</param>
/// <param name="pool">Where written epochs go back to.</param>
/// <param name="isLive">Whether what is written must be visible at the end of each epoch.</param>
/// <param name="checkpoints">The sinks' part in checkpoints; null when none are taken.</param>
internal sealed class SinkLoop(
    IReadOnlyList<JobOutput> outputs,
    IReadOnlyList<Channel<EpochEnd>> producers,
    Pool<EpochOutputs> pool,
    bool isLive,
    SinkCheckpoints? checkpoints)
{
    private readonly EpochOutputs?[] _epoch = new EpochOutputs?[producers.Count];

    public void Run()
    {
        int opened = 0;
        bool completed = false;
        try
        {
            for (; opened < outputs.Count; opened++) At(outputs[opened], Open);
            while (TakeEpoch(out Control control))
            {
                WriteEpoch();
                if (control.Barrier is { } barrier) PreCommit(barrier.CheckpointId);
                if (control.CompletedCheckpoint > 0) Commit(control.CompletedCheckpoint);
            }

            WriteEpoch();
            completed = true;
        }
        finally
        {
            for (int i = 0; i < opened; i++) Close(outputs[i], hasFailed: !completed);
        }
    }

    /// <returns>Whether another epoch follows.</returns>
    private bool TakeEpoch(out Control control)
    {
        bool isLast = false;
        control = default;
        for (int i = 0; i < _epoch.Length; i++)
        {
            EpochEnd end = producers[i].Take();
            _epoch[i] = end.Outputs;
            control = end.Control;
            isLast = end.IsLast;
        }

        return !isLast;
    }

    private void WriteEpoch()
    {
        for (int i = 0; i < outputs.Count; i++)
        {
            JobOutput output = outputs[i];
            try
            {
                if (output.WriteEpoch(_epoch, i) && (isLive || output.IsInteractive)) output.Flush();
            }
            catch (Exception problem)
            {
                throw new JobException(output.SinkName, problem);
            }
        }

        foreach (ref EpochOutputs? written in _epoch.AsSpan())
        {
            if (written is null) continue;
            written.Clear();
            pool.Return(written);
            written = null;
        }
    }

    private void Open(JobOutput output)
    {
        output.Open();
        if (checkpoints is not null) output.Restore(checkpoints.HandleOf(output.Uid));
    }

    private void PreCommit(long checkpointId)
    {
        foreach (JobOutput output in outputs) At(output, o => checkpoints!.Acknowledge(checkpointId, o.Uid, o.PreCommit(checkpointId)));
    }

    private void Commit(long checkpointId)
    {
        foreach (JobOutput output in outputs) At(output, o => o.Commit(checkpointId));
    }

    private static void Close(JobOutput output, bool hasFailed)
    {
        try
        {
            At(output, closing => closing.Close());
        }
        catch (JobException) when (hasFailed)
        {
            // The job ends with what failed first.
        }
    }

    private static void At(JobOutput output, Action<JobOutput> call)
    {
        try
        {
            call(output);
        }
        catch (Exception problem)
        {
            throw new JobException(output.SinkName, problem);
        }
    }
}
