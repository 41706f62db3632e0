using Cep.Engine.Runtime;

namespace Cep.Engine.Checkpoints;

/// <summary>Something for the merging thread to send through the job at the next epoch end.</summary>
/// <param name="Barrier">A checkpoint to take there; null for none.</param>
/// <param name="CompletedCheckpoint">A checkpoint that is complete; 0 for none.</param>
internal readonly record struct CheckpointRequest(CheckpointBarrier? Barrier, long CompletedCheckpoint);

/// <summary>Takes the checkpoints of one attempt of a job: asks for barriers, stores what the subtasks hand in, writes the manifest last.</summary>
/// <remarks>
/// One checkpoint is under way at a time. Facts come from any thread and are put in order; everything else happens on the coordinator's own thread, where
/// waiting for a store holds back checkpoints only, never records.
/// </remarks>
internal sealed class CheckpointCoordinator(CheckpointOptions options, CheckpointJob job, TimeProvider timeProvider, CheckpointHistory history)
{
    private readonly object _gate = new();
    private readonly Queue<Action> _facts = [];
    private readonly Queue<CheckpointRequest> _requests = [];
    private readonly Queue<CheckpointAsked> _asked = [];
    private Signal? _merge;
    private PendingCheckpoint? _pending;
    private long _nextStartMs;
    private int _failures;
    private bool _inputEnded;
    private bool _isAborted;

    /// <summary>Whether the input has ended and a checkpoint that holds all of it is complete, and the news of that sent.</summary>
    public bool IsFinished { get; private set; }

    private long NowMs => (long)timeProvider.GetElapsedTime(0).TotalMilliseconds;

    /// <summary>The coordinator's thread: until the last checkpoint is complete, or the job fails.</summary>
    /// <param name="merge">Wakes the merging thread.</param>
    /// <exception cref="IOException">Too many checkpoints in a row have failed.</exception>
    public void Run(Signal merge)
    {
        _merge = merge;
        _nextStartMs = NowMs + (long)options.Interval.TotalMilliseconds;
        using ITimer timer = timeProvider.CreateTimer(_ => Tell(static () => { }), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        while (!IsFinished)
        {
            SetTimer(timer);
            if (!TryTakeFact(out Action? fact)) return;
            fact();
            Advance();
        }
    }

    /// <summary>Lets go of everyone who waits: the job has failed.</summary>
    public void Abort()
    {
        lock (_gate)
        {
            _isAborted = true;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Asks for a savepoint, or for a change at a barrier.</summary>
    public void Ask(CheckpointAsked asked) => Tell(() => _asked.Enqueue(asked));

    /// <summary>All input that is to be read was merged: the next checkpoint is the last.</summary>
    public void EndOfInput() => Tell(() => _inputEnded = true);

    /// <summary>A subtask has written all it remembers.</summary>
    /// <param name="checkpointId">At which barrier.</param>
    /// <param name="uid">The operator.</param>
    /// <param name="subtask">Its subtask.</param>
    /// <param name="segment">What it wrote; null when it remembers nothing.</param>
    public void Acknowledge(long checkpointId, string uid, int subtask, Segment? segment) => Tell(() => Acknowledged(checkpointId, (uid, subtask), segment));

    /// <summary>What a subtask is to write at a barrier.</summary>
    public SnapshotKind KindFor(string uid, int subtask, CheckpointBarrier barrier) =>
        barrier.Kind == SnapshotKind.Incremental && !barrier.Full.Contains((uid, subtask)) ? SnapshotKind.Incremental
        : barrier.Kind == SnapshotKind.Savepoint ? SnapshotKind.Savepoint
        : SnapshotKind.Full;

    /// <summary>For the merging thread: the next thing to send, if there is one.</summary>
    /// <exception cref="OperationCanceledException">The job has failed.</exception>
    public bool TryTakeRequest(out CheckpointRequest request)
    {
        lock (_gate)
        {
            if (_isAborted) throw new OperationCanceledException("The job is stopping.");
            return _requests.TryDequeue(out request);
        }
    }

    private void Tell(Action fact)
    {
        lock (_gate)
        {
            _facts.Enqueue(fact);
            Monitor.PulseAll(_gate);
        }
    }

    private bool TryTakeFact(out Action fact)
    {
        lock (_gate)
        {
            while (_facts.Count == 0 && !_isAborted) Monitor.Wait(_gate);
            fact = _isAborted ? static () => { } : _facts.Dequeue();
            return !_isAborted;
        }
    }

    private void SetTimer(ITimer timer)
    {
        long dueMs = _pending is { } pending ? pending.StartedMs + (long)options.Timeout.TotalMilliseconds : _nextStartMs;
        timer.Change(TimeSpan.FromMilliseconds(Math.Max(1, dueMs - NowMs)), Timeout.InfiniteTimeSpan);
    }

    /// <summary>Does what is due: gives up a checkpoint that takes too long, begins the next.</summary>
    private void Advance()
    {
        if (_pending is not null && NowMs - _pending.StartedMs >= options.Timeout.TotalMilliseconds)
            Fail(new TimeoutException($"Checkpoint {_pending.Id} was not complete after {options.Timeout}."));
        if (_pending is not null || IsFinished) return;
        if (_asked.TryDequeue(out CheckpointAsked? asked))
            Begin(asked, isLast: false);
        else if (_inputEnded)
            Begin(null, isLast: true);
        else if (NowMs >= _nextStartMs)
            Begin(null, isLast: false);
    }

    private void Begin(CheckpointAsked? asked, bool isLast)
    {
        long id = history.NextId();
        SnapshotKind kind = asked?.Savepoint is null ? SnapshotKind.Incremental : SnapshotKind.Savepoint;
        if (asked?.Properties is { } properties) job.Properties = properties;
        _pending = new PendingCheckpoint(id, kind, job.Writers(), asked, isLast, NowMs);
        _nextStartMs = NowMs + (long)options.Interval.TotalMilliseconds;
        Send(new CheckpointRequest(new CheckpointBarrier(id, kind, asked?.Change) { Full = history.ToWriteInFull(job.Writers()) }, 0));
    }

    private void Acknowledged(long checkpointId, (string Uid, int Subtask) writer, Segment? segment)
    {
        if (_pending is not { } pending || pending.Id != checkpointId)
        {
            // Of a checkpoint that was given up: its chain ends before this segment, so the next one must stand for itself.
            if (segment is { Kind: not SnapshotKind.Savepoint }) history.Break(writer);
            return;
        }

        try
        {
            if (segment is not null) pending.Add(writer, history.Store(segment, pending, writer));
            if (pending.IsMissing(writer) && pending.Remove(writer)) Complete(pending);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            if (segment is { Kind: not SnapshotKind.Savepoint }) history.Break(writer);
            Fail(problem);
        }
    }

    private void Complete(PendingCheckpoint pending)
    {
        var manifest = new Manifest(
            pending.Id,
            pending.Kind == SnapshotKind.Savepoint,
            timeProvider.GetUtcNow().ToUnixTimeMilliseconds(),
            job.Parallelism,
            Keys.KeyGroupAssignment.KeyGroups,
            pending.Kind == SnapshotKind.Savepoint ? pending.Operators() : history.Operators(),
            job.Properties);
        history.Write(manifest, pending.Asked?.Savepoint);
        _pending = null;
        _failures = 0;
        _nextStartMs = Math.Max(_nextStartMs, NowMs + (long)options.MinimumPause.TotalMilliseconds);
        if (pending.Kind != SnapshotKind.Savepoint) Send(new CheckpointRequest(null, pending.Id));
        pending.Asked?.Done(manifest);
        options.Listener?.Completed(manifest);
        if (pending.IsLast) Finish();
    }

    private void Finish()
    {
        lock (_gate) IsFinished = true;
        foreach (CheckpointAsked late in _asked) late.Failed(new InvalidOperationException("The job has ended."));
        _merge!.Raise();
    }

    private void Fail(Exception problem)
    {
        PendingCheckpoint failed = _pending!;
        _pending = null;
        foreach ((string Uid, int Subtask) writer in failed.Missing) history.Break(writer);
        failed.Asked?.Failed(problem);
        options.Listener?.Failed(failed.Id, problem);
        if (++_failures > options.TolerableFailures) throw new IOException($"{_failures} checkpoints in a row failed. {problem.Message}", problem);
    }

    private void Send(CheckpointRequest request)
    {
        lock (_gate) _requests.Enqueue(request);
        _merge!.Raise();
    }
}
