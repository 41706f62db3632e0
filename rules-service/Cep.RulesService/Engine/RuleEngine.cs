using System.Diagnostics.Metrics;
using Cep.Engine.Checkpoints;
using Cep.Engine.Runtime;
using Cep.Language;
using Cep.RulesService.Alerts;
using Cep.RulesService.Deployments;
using Cep.RulesService.Streams;
using Cep.Rules;
using Cep.Streaming;
using Cep.Streaming.Jobs;
using Cep.Streaming.Matches;
using Cep.Streaming.Swaps;

namespace Cep.RulesService.Engine;

/// <summary>Runs one rule set over the events that came in, from checkpoint to checkpoint, and puts another in its place.</summary>
/// <remarks>Changes are made by one caller at a time; the status and plans may be asked for by any thread.</remarks>
internal sealed class RuleEngine : IDisposable
{
    /// <summary>The property of a checkpoint that has the number of the deployment whose rules run.</summary>
    public const string DeploymentProperty = "deployment";

    /// <summary>The property of a checkpoint that has the number of the rule set that runs.</summary>
    public const string VersionProperty = "rule-set-version";

    private readonly ServiceOptions _options;
    private readonly StreamLogs _streams;
    private readonly AlertStore _alerts;
    private readonly DeploymentStore _deployments;
    private readonly IMeterFactory _meters;
    private readonly TimeProvider _time;
    private readonly ILogger<RuleEngine> _log;
    private readonly EngineSettings _settings;
    private readonly SemaphoreSlim _one = new(1);
    private FolderCheckpointStore? _checkpoints;
    private volatile EngineRun? _run;
    private volatile EngineStatus _status;

    public RuleEngine(ServiceOptions options, EngineSettings settings, StreamLogs streams, AlertStore alerts, DeploymentStore deployments, IMeterFactory meters, TimeProvider time, ILogger<RuleEngine> log)
    {
        (_options, _settings, _streams, _alerts, _deployments, _meters, _time, _log) = (options, settings, streams, alerts, deployments, meters, time, log);
        _status = new EngineStatus(EngineState.Idle, null, time.GetUtcNow(), null, 0, null);
    }

    /// <summary>How it is.</summary>
    public EngineStatus Status => _run is { } run ? _status with { Restarts = run.Restarts, Checkpoint = run.Last?.CheckpointId } : _status;

    /// <summary>The job that runs; null for none.</summary>
    public RuleJob? Job => _run?.Job;

    /// <summary>The streams whose events are taken: those of the rules that run, or did before the engine was paused; empty for none.</summary>
    public IReadOnlyList<StreamDefinition> Streams { get; private set; } = [];

    /// <summary>The newest checkpoint, verified; null for none.</summary>
    /// <exception cref="CorruptSnapshotException">There were checkpoints, and none is whole.</exception>
    public Manifest? LatestCheckpoint() => CheckpointHistory.Load(Checkpoints()).Latest?.Manifest;

    /// <summary>Does something to the engine that nothing else may be done to meanwhile.</summary>
    public async Task<T> AloneAsync<T>(Func<Task<T>> change)
    {
        await _one.WaitAsync().ConfigureAwait(false);
        try
        {
            return await change().ConfigureAwait(false);
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Whether a set can take the place of the one that runs without the job being started anew: whether it reads the same streams.</summary>
    public bool HasStreamsOf(PatternSet next) => Job is { } job && job.Patterns.RuleSet.Streams.SequenceEqual(next.RuleSet.Streams);

    /// <summary>Starts a job, and waits until it has taken a checkpoint.</summary>
    /// <param name="patterns">The rules.</param>
    /// <param name="version">Their number.</param>
    /// <param name="properties">What stands in its checkpoints.</param>
    /// <param name="policy">What becomes of partial matches where it goes on from other rules' checkpoint.</param>
    /// <param name="from">A savepoint to begin from, in the place of the last checkpoint; null for that.</param>
    /// <param name="cancel">Stops waiting; the job is stopped too.</param>
    /// <exception cref="InvalidOperationException">It ended before; the inner exception says why.</exception>
    public async Task StartAsync(
        PatternSet patterns, int version, IReadOnlyDictionary<string, string> properties, SwapPolicy policy, Savepoint? from = null, CancellationToken cancel = default)
    {
        Become(EngineState.Starting, version);
        Streams = patterns.RuleSet.Streams;
        var run = new EngineRun(_log);
        try
        {
            if (from is not null)
                BeginGeneration();
            run.Job = new RuleJob(patterns, JobOptions(patterns, run, properties, policy, from));
            _run = run;
            _ = run.Ended.ContinueWith(ended => Note(run, ended), TaskScheduler.Default);
            run.Start();
            await run.CheckpointWith(VersionProperty, properties[VersionProperty]).WaitAsync(cancel).ConfigureAwait(false);
            if (_status.State == EngineState.Starting)
                Become(EngineState.Running, version);
        }
        catch (Exception e)
        {
            await run.StopAsync().ConfigureAwait(false);
            Become(EngineState.Failed, version, e.InnerException?.Message ?? e.Message);
            throw;
        }
    }

    /// <summary>Stops the job with a checkpoint.</summary>
    /// <param name="state">What the engine is from then on.</param>
    public async Task StopAsync(EngineState state = EngineState.Paused)
    {
        if (_run is not { } run)
            return;
        await run.StopAsync().ConfigureAwait(false);
        _run = null;
        if (_status.State != EngineState.Failed)
            Become(state, _status.Version);
    }

    /// <summary>What it would mean to put another set in the place of the one that runs.</summary>
    /// <returns>The plan; null where nothing runs.</returns>
    public SwapPlan? Plan(PatternSet next, SwapPolicy policy) => Job?.PlanSwap(next, policy);

    /// <summary>Puts another set in the place of the one that runs.</summary>
    /// <inheritdoc cref="RuleJob.SwapAsync"/>
    public async Task<SwapPlan> SwapAsync(PatternSet next, int version, SwapPolicy policy, IReadOnlyDictionary<string, string> properties, CancellationToken cancel)
    {
        var job = Job ?? throw new InvalidOperationException("The engine is not running.");
        var plan = await job.SwapAsync(next, policy, properties).WaitAsync(cancel).ConfigureAwait(false);
        if (plan.IsPossible)
            Become(_status.State, version);
        return plan;
    }

    /// <summary>Takes a savepoint, in a folder of its own.</summary>
    /// <exception cref="InvalidOperationException">The engine is not running.</exception>
    public async Task<Manifest> SavepointAsync(string folder)
    {
        var job = Job ?? throw new InvalidOperationException("The engine is not running.");
        using var store = Savepoint.Create(folder);
        return await job.SavepointAsync(store).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _checkpoints?.Dispose();
        _one.Dispose();
    }

    /// <summary>Where checkpoints lie since the engine last began from a savepoint.</summary>
    private FolderCheckpointStore Checkpoints() => _checkpoints ??= FolderCheckpointStore.Open(Path.Combine(_options.DataFolder, "checkpoints", $"{_settings.Generation}"));

    /// <summary>A job begins from a savepoint where it has no checkpoint.</summary>
    private void BeginGeneration()
    {
        _checkpoints?.Dispose();
        _checkpoints = null;
        _settings.Generation++;
    }

    private RuleJobOptions JobOptions(PatternSet patterns, EngineRun run, IReadOnlyDictionary<string, string> properties, SwapPolicy policy, Savepoint? from) => new()
    {
        Inputs = patterns.RuleSet.Streams.Select(s => new EventInput(_streams.Of(s.Name), [s])).ToList(),
        Matches = new AlertSink(_alerts, patterns.RuleSet.Streams, new MatchExplainer(patterns)),
        Changes = new SwapWatermarks(_deployments),
        Parallelism = _settings.Parallelism,
        MeterFactory = _meters,
        Name = "rules",
        PolicyAtRestore = policy,
        RuleSerializer = new RuleTextSerializer(),
        Checkpoints = new CheckpointOptions
        {
            Store = Checkpoints(),
            From = from,
            Settings = new CheckpointSettings { IntervalMs = (long)_options.Engine.CheckpointInterval.TotalMilliseconds, Retained = _options.Engine.CheckpointsKept },
            Restart = RestartStrategy.ExponentialDelay(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(5)),
            Listener = run,
            Properties = properties,
        },
        TimeProvider = _time,
    };

    private void Note(EngineRun run, Task ended)
    {
        if (ended.Exception is not { InnerException: var problem } || _run != run)
            return;
        _log.LogError(problem, "The job failed, and is not started again");
        Become(EngineState.Failed, _status.Version, problem!.Message);
    }

    private void Become(EngineState state, int? version, string? reason = null) =>
        _status = new EngineStatus(state, version, _time.GetUtcNow(), reason, 0, null);
}
