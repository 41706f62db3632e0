using Cep.Engine.Checkpoints;

namespace Cep.Engine.Runtime;

/// <summary>A run of a job that takes checkpoints: begins where the last one stands, and again when it fails, as often as the restart strategy allows.</summary>
/// <remarks>Run by one thread; asked for savepoints and changes by any.</remarks>
internal sealed class CheckpointedRun(
    CheckpointOptions options, TimeProvider timeProvider, IScheduler scheduler, CheckpointJob job)
{
    private readonly object _gate = new();
    private CheckpointCoordinator? _current;
    private (bool IsKnown, Manifest? Manifest) _begunFrom;
    private bool _ended;

    /// <summary>Runs to the end.</summary>
    /// <param name="start">Makes one attempt.</param>
    /// <param name="cancel">Stops the job cleanly; also while it waits to restart.</param>
    /// <exception cref="JobException">The job failed, and is not to be restarted.</exception>
    public JobResult Run(Func<CheckpointCoordinator, RestoredJob?, CheckpointHistory, JobExecution> start, CancellationToken cancel)
    {
        long startedAt = timeProvider.GetTimestamp();
        try
        {
            while (true)
            {
                try
                {
                    return Attempt(start).Run(cancel);
                }
                catch (JobException failure)
                {
                    if (cancel.IsCancellationRequested || !options.Restart.TryRestart(timeProvider.GetElapsedTime(startedAt), out TimeSpan delay)) throw;
                    options.Listener?.Restarting(failure, delay);
                    if (!Wait(delay, cancel)) throw;
                }
            }
        }
        finally
        {
            End();
        }
    }

    /// <summary>Asks for a savepoint, or for a change at a barrier. The task ends: at the latest with the attempt of the job that it was asked of.</summary>
    /// <exception cref="InvalidOperationException">The job is not running.</exception>
    public Task<Manifest> Ask(CheckpointAsked asked)
    {
        CheckpointCoordinator? current;
        lock (_gate) current = _ended ? null : _current;
        if (current is null) throw new InvalidOperationException("The job is not running.");
        current.Ask(asked);
        return asked.Task;
    }

    private JobExecution Attempt(Func<CheckpointCoordinator, RestoredJob?, CheckpointHistory, JobExecution> start)
    {
        RestoredJob? restored = Load(out CheckpointHistory history);
        if (restored is not null) options.Listener?.Restored(restored.Manifest);
        job.Properties = Properties(restored?.Manifest);
        var coordinator = new CheckpointCoordinator(options, job, timeProvider, scheduler, history);
        lock (_gate) _current = coordinator;
        return start(coordinator, restored, history);
    }

    /// <summary>What is kept with checkpoints: that of the last one, but for what is given when the job is started.</summary>
    private Dictionary<string, string> Properties(Manifest? restored)
    {
        if (!_begunFrom.IsKnown) _begunFrom = (true, restored);
        var properties = new Dictionary<string, string>(restored?.Properties ?? new Dictionary<string, string>());
        // A checkpoint of this run has what was given, and a change since the start may have replaced it there.
        bool isOfThisRun = restored is not null && (restored.CheckpointId, restored.IsSavepoint) != (_begunFrom.Manifest?.CheckpointId ?? 0, _begunFrom.Manifest?.IsSavepoint ?? false);
        if (isOfThisRun) return properties;
        foreach ((string name, string value) in options.Properties) properties[name] = value;
        return properties;
    }

    private RestoredJob? Load(out CheckpointHistory history)
    {
        history = CheckpointHistory.Load(options.Store);
        foreach (RefusedCheckpoint refused in history.Refused) options.Listener?.Refused(refused);
        Snapshot? snapshot = history.Latest ?? options.From?.Verify();
        return snapshot is null ? null : new RestoredJob(snapshot, job.Writers, options);
    }

    private bool Wait(TimeSpan delay, CancellationToken cancel)
    {
        object gate = new();
        bool isOver = false;
        using ITimer timer = timeProvider.CreateTimer(_ => Over(), null, delay, Timeout.InfiniteTimeSpan);
        using CancellationTokenRegistration registration = cancel.Register(Over);
        lock (gate)
        {
            while (!isOver) scheduler.Wait(gate);
        }

        return !cancel.IsCancellationRequested;

        void Over()
        {
            lock (gate)
            {
                isOver = true;
                scheduler.PulseAll(gate);
            }
        }
    }

    private void End()
    {
        lock (_gate) _ended = true;
        _current?.End();
    }
}
