using System.Diagnostics.Metrics;
using Cep.Engine.Checkpoints;
using Cep.Engine.Runtime;

namespace Cep.Engine.Diagnostics;

/// <summary>Measures the checkpoints of a job, and passes on what it is told to the job's own listener.</summary>
internal sealed class CheckpointMetrics : CheckpointListener
{
    private readonly CheckpointListener? _next;
    private readonly BarrierTimes _barriers;
    private readonly TimeProvider _timeProvider;
    private readonly KeyValuePair<string, object?> _job;
    private readonly Histogram<double> _duration;
    private readonly Histogram<double> _alignment;
    private readonly Histogram<long> _size;
    private readonly Histogram<long> _written;
    private HashSet<string> _stored = [];
    private long _completed;
    private long _savepoints;
    private long _failed;
    private long _restarts;

    /// <summary>Adds the instruments.</summary>
    /// <param name="meter">The job's meter.</param>
    /// <param name="job">The tag of the job.</param>
    /// <param name="barriers">Tells how long barriers took.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="next">The job's own listener; null for none.</param>
    public CheckpointMetrics(JobMeter meter, KeyValuePair<string, object?> job, BarrierTimes barriers, TimeProvider timeProvider, CheckpointListener? next)
    {
        (_next, _barriers, _timeProvider, _job) = (next, barriers, timeProvider, job);
        meter.Counter("cep.checkpoint.completed", "{checkpoint}", "Checkpoints and savepoints that are complete.", () =>
            [new(Volatile.Read(ref _completed), job, Kind(isSavepoint: false)), new(Volatile.Read(ref _savepoints), job, Kind(isSavepoint: true))]);
        meter.Counter("cep.checkpoint.failed", "{checkpoint}", "Checkpoints and savepoints that were given up.", () => [new(Volatile.Read(ref _failed), job)]);
        meter.Counter("cep.job.restarts", "{restart}", "How often the job failed and went on from its last checkpoint.", () => [new(Volatile.Read(ref _restarts), job)]);
        _duration = meter.Histogram<double>("cep.checkpoint.duration", "ms", "From the barrier to the manifest.");
        _alignment = meter.Histogram<double>("cep.checkpoint.alignment", "ms", "From the barrier's start to its coming to the last subtask.");
        _size = meter.Histogram<long>("cep.checkpoint.size", "By", "All that is read to go on from a checkpoint.");
        _written = meter.Histogram<long>("cep.checkpoint.written", "By", "What a checkpoint wrote that those before it had not.");
    }

    /// <inheritdoc/>
    public override void Completed(Manifest manifest)
    {
        if (_barriers.Take(manifest.CheckpointId) is { } seen)
        {
            _duration.Record(_timeProvider.GetElapsedTime(seen.First).TotalMilliseconds, _job, Kind(manifest.IsSavepoint));
            _alignment.Record(_timeProvider.GetElapsedTime(seen.First, seen.Last).TotalMilliseconds, _job, Kind(manifest.IsSavepoint));
        }

        _size.Record(manifest.Bytes, _job, Kind(manifest.IsSavepoint));
        _written.Record(manifest.Files.Where(file => !_stored.Contains(file.Name)).Sum(file => file.Bytes), _job, Kind(manifest.IsSavepoint));
        Interlocked.Increment(ref manifest.IsSavepoint ? ref _savepoints : ref _completed);
        if (!manifest.IsSavepoint) Remember(manifest);
        _next?.Completed(manifest);
    }

    /// <inheritdoc/>
    public override void Failed(long checkpointId, string reason)
    {
        _barriers.Take(checkpointId);
        Interlocked.Increment(ref _failed);
        _next?.Failed(checkpointId, reason);
    }

    /// <inheritdoc/>
    public override void Refused(RefusedCheckpoint checkpoint) => _next?.Refused(checkpoint);

    /// <inheritdoc/>
    public override void Restored(Manifest manifest)
    {
        if (!manifest.IsSavepoint) Remember(manifest);
        _next?.Restored(manifest);
    }

    /// <inheritdoc/>
    public override void Restarting(JobException failure, TimeSpan pause)
    {
        _barriers.Clear();
        Interlocked.Increment(ref _restarts);
        _next?.Restarting(failure, pause);
    }

    private static KeyValuePair<string, object?> Kind(bool isSavepoint) => new("kind", isSavepoint ? "savepoint" : "checkpoint");

    private void Remember(Manifest manifest) => _stored = [.. manifest.Files.Select(file => file.Name)];
}
