using Cep.Engine.Checkpoints;
using Cep.Engine.Diagnostics;
using Cep.Engine.Graph;

namespace Cep.Engine.Runtime;

/// <summary>Runs a graph once, with or without checkpoints.</summary>
internal sealed class JobRunner(JobOptions options)
{
    private readonly ChangeRequests _changes = new(options.Scheduler);
    private volatile CheckpointedRun? _run;
    private bool _started;

    /// <summary>How far the job is.</summary>
    public JobProgress Progress { get; } = new();

    /// <summary>Runs to the end.</summary>
    /// <param name="build">Makes the graph.</param>
    /// <param name="cancel">Stops the job cleanly.</param>
    /// <exception cref="JobException">The job failed.</exception>
    /// <exception cref="InvalidOperationException">The job has no source, has run before, or cannot take the checkpoints that it should.</exception>
    public JobResult Run(Func<JobGraph> build, CancellationToken cancel)
    {
        if (_started) throw new InvalidOperationException("The job has run before; a job runs once.");
        JobGraph graph = build();
        if (graph.Sources.Count == 0) throw new InvalidOperationException("The job has no source.");
        _started = true;
        using var metrics = new JobMetrics(options, Progress);
        if (options.Checkpoints is null) return RunWithout(graph, cancel);
        graph.CheckResumable();
        var job = new CheckpointJob(options.Parallelism, graph.WritersAt(options.Parallelism));
        CheckpointOptions checkpoints = SourcePins.AddTo(metrics.Measured(options.Checkpoints), options.Name, graph, out SourcePins? pins);
        _run = new CheckpointedRun(checkpoints, options.TimeProvider, options.Scheduler, job);
        return _run.Run(Attempt, cancel);

        JobExecution Attempt(CheckpointCoordinator coordinator, RestoredJob? restored, CheckpointHistory history)
        {
            pins?.Begin(restored, history);
            return new JobExecution(options, graph, Progress, coordinator, restored);
        }
    }

    /// <summary>Asks for a change at a barrier; without checkpoints at an epoch end.</summary>
    /// <returns>The checkpoint of the barrier; null without checkpoints.</returns>
    /// <exception cref="InvalidOperationException">The job is not running.</exception>
    public async Task<Manifest?> Change(object change, IReadOnlyDictionary<string, string> properties)
    {
        if (options.Checkpoints is not null) return await Ask(null, change, properties).ConfigureAwait(false);
        await _changes.Ask(change).ConfigureAwait(false);
        return null;
    }

    /// <summary>Asks for a savepoint.</summary>
    /// <exception cref="InvalidOperationException">The job takes no checkpoints, or is not running.</exception>
    public Task<Manifest> Savepoint(CheckpointStore store) => Ask(store, null, null);

    private Task<Manifest> Ask(CheckpointStore? savepoint, object? change, IReadOnlyDictionary<string, string>? properties) =>
        options.Checkpoints is null ? throw new InvalidOperationException("The job takes no checkpoints.")
        : _run is null ? throw new InvalidOperationException("The job is not running.")
        : _run.Ask(new CheckpointAsked(savepoint, change, properties, options.Scheduler.Answers));

    private JobResult RunWithout(JobGraph graph, CancellationToken cancel)
    {
        try
        {
            return new JobExecution(options, graph, Progress, changes: _changes).Run(cancel);
        }
        finally
        {
            _changes.End();
        }
    }
}
