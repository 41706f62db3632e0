using Cep.Engine.Checkpoints;
using Cep.Engine.Runtime;
using Cep.Streaming.Jobs;

namespace Cep.RulesService.Engine;

/// <summary>One job, from its start to its end, on a thread of its own.</summary>
internal sealed class EngineRun : CheckpointListener
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ILogger _log;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, TaskCompletionSource<Manifest>> _awaited = [];
    private volatile Manifest? _last;
    private int _restarts;

    /// <param name="log">Takes what happens to it.</param>
    public EngineRun(ILogger<RuleEngine> log) => _log = log;

    /// <summary>The job; set before it is started.</summary>
    public RuleJob Job { get; set; } = null!;

    /// <summary>Ends when the job has: with its failure, or well when it was stopped.</summary>
    public Task Ended => _ended.Task;

    /// <summary>The last complete checkpoint; null for none.</summary>
    public Manifest? Last => _last;

    /// <summary>How often it has gone on after a failure.</summary>
    public int Restarts => Volatile.Read(ref _restarts);

    /// <summary>Starts the job.</summary>
    public void Start() => new Thread(Run) { IsBackground = true, Name = "rules" }.Start();

    /// <summary>Stops the job with a checkpoint, and waits for that.</summary>
    public async Task StopAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await Ended.ContinueWith(_ => { }, TaskScheduler.Default).ConfigureAwait(false);
    }

    /// <summary>Waits for a checkpoint with a property.</summary>
    /// <param name="property">Its name.</param>
    /// <param name="value">Its value.</param>
    public Task<Manifest> CheckpointWith(string property, string value)
    {
        lock (_gate)
        {
            if (_last is { } last && last.Properties.GetValueOrDefault(property) == value)
                return Task.FromResult(last);
            var key = KeyOf(property, value);
            if (!_awaited.TryGetValue(key, out var source))
                _awaited.Add(key, source = new TaskCompletionSource<Manifest>(TaskCreationOptions.RunContinuationsAsynchronously));
            return source.Task;
        }
    }

    /// <inheritdoc/>
    public override void Completed(Manifest manifest)
    {
        if (manifest.IsSavepoint)
            return;
        lock (_gate)
        {
            _last = manifest;
            foreach (var (property, value) in manifest.Properties)
            {
                if (_awaited.Remove(KeyOf(property, value), out var source))
                    source.SetResult(manifest);
            }
        }
    }

    /// <inheritdoc/>
    public override void Failed(long checkpointId, string reason) => _log.LogWarning("Checkpoint {Checkpoint} was given up: {Reason}", checkpointId, reason);

    /// <inheritdoc/>
    public override void Refused(RefusedCheckpoint checkpoint) => _log.LogWarning("Checkpoint {Checkpoint} cannot be used, and the one before it is tried: {Reason}", checkpoint.Name, checkpoint.Reason);

    /// <inheritdoc/>
    public override void Restored(Manifest manifest)
    {
        _log.LogInformation("Going on from checkpoint {Checkpoint}", manifest.CheckpointId);
        if (!manifest.IsSavepoint)
            _last = manifest;
    }

    /// <inheritdoc/>
    public override void Restarting(JobException failure, TimeSpan pause)
    {
        Interlocked.Increment(ref _restarts);
        _log.LogError(failure, "The job failed, and goes on from its last checkpoint in {Pause}", pause);
    }

    private static string KeyOf(string property, string value) => $"{property}={value}";

    private void Run()
    {
        try
        {
            Job.Run(_stopping.Token);
            _ended.SetResult();
        }
        catch (Exception e)
        {
            _ended.SetException(e);
        }
        finally
        {
            lock (_gate)
            {
                foreach (var source in _awaited.Values)
                    source.TrySetException(new InvalidOperationException("The job ended before the checkpoint was complete.", _ended.Task.Exception?.InnerException));
                _awaited.Clear();
            }
        }
    }
}
