namespace Cep.Engine.Runtime;

/// <summary>The sink thread: takes each epoch from every producer, and writes it when it has them all.</summary>
/// <param name="outputs">The job's outputs.</param>
/// <param name="intake">Takes the epochs of the producers.</param>
/// <param name="isLive">Whether what is written must be visible at the end of each epoch.</param>
/// <param name="checkpoints">The sinks' part in checkpoints; null when none are taken.</param>
/// <param name="changes">Told of changes that have come through the job; null where checkpoints tell it.</param>
internal sealed class SinkLoop(
    IReadOnlyList<JobOutput> outputs,
    EpochIntake intake,
    bool isLive,
    SinkCheckpoints? checkpoints,
    ChangeRequests? changes)
{
    public void Run()
    {
        int opened = 0;
        bool completed = false;
        try
        {
            for (; opened < outputs.Count; opened++) At(outputs[opened], Open);
            while (intake.Take(out Control control))
            {
                WriteEpoch();
                if (control.Barrier is { } barrier) PreCommit(barrier.CheckpointId);
                if (control.CompletedCheckpoint > 0) Commit(control.CompletedCheckpoint);
                if (control.Change is { } change) changes?.Arrived(change);
            }

            WriteEpoch();
            completed = true;
        }
        finally
        {
            for (int i = 0; i < opened; i++) Close(outputs[i], hasFailed: !completed);
        }
    }

    private void WriteEpoch()
    {
        for (int i = 0; i < outputs.Count; i++)
        {
            JobOutput output = outputs[i];
            try
            {
                if (output.WriteEpoch(intake.Epoch, i) && (isLive || output.IsInteractive)) output.Flush();
            }
            catch (Exception problem)
            {
                throw new JobException(output.SinkName, problem);
            }
        }

        intake.Return();
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
