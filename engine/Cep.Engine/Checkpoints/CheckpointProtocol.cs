namespace Cep.Engine.Checkpoints;

/// <summary>Decides when checkpoints of one attempt of a job begin, when they are complete or given up, what they consist of, and what may be deleted.</summary>
/// <remarks>
/// Pure: facts and the time come in, decisions go out; whoever asks carries them out in order and tells what came of it. At most one checkpoint is under
/// way. Its life:
/// <code>
/// SendBarrier, Stored by every writer, WriteManifest, ManifestWritten, NotifyComplete, Delete
/// </code>
/// or <c>Abort</c> at any point before <c>ManifestWritten</c>. A segment that was stored for a checkpoint that is then given up is part of its
/// writer's chain all the same, since the writer counts what it holds as written; a writer whose segment is lost writes everything the next time.
/// Savepoints take no part in chains. Not thread-safe.
/// </remarks>
public sealed class CheckpointProtocol
{
    private readonly CheckpointSettings _settings;
    private readonly IReadOnlyCollection<SnapshotWriter> _writers;
    private readonly SegmentChains _chains;
    private readonly RetainedCheckpoints _retained;
    private readonly Queue<CheckpointFact.Requested> _requests = new();
    private readonly List<CheckpointDecision> _decisions = [];
    private PendingSnapshot? _pending;
    private long _lastId;
    private long? _dueMs;
    private int _failures;
    private bool _isStopped;

    /// <summary>Begins with an attempt of a job.</summary>
    /// <param name="settings">When checkpoints are taken and how many are kept.</param>
    /// <param name="writers">Everybody who hands in at a barrier; at least one, none twice.</param>
    /// <param name="history">What lies in the store; null for nothing.</param>
    /// <param name="nowMs">The time, of any clock that does not go back, milliseconds.</param>
    public CheckpointProtocol(CheckpointSettings settings, IReadOnlyCollection<SnapshotWriter> writers, CheckpointHistory? history, long nowMs)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(settings.Retained, 1);
        ArgumentOutOfRangeException.ThrowIfZero(writers.Count);
        (_settings, _writers) = (settings, writers);
        _chains = new SegmentChains(writers, settings.MaxChainSegments);
        _retained = new RetainedCheckpoints(settings.Retained, history);
        _lastId = history?.LastId ?? 0;
        _dueMs = nowMs + settings.IntervalMs;
    }

    /// <summary>When <see cref="CheckpointFact.Tick"/> is to be told, at the latest; null for never.</summary>
    public long? NextTickMs => _isStopped ? null : _pending?.DeadlineMs ?? _dueMs;

    /// <summary>The number of the checkpoint that is under way; null for none.</summary>
    public long? PendingId => _pending?.Id;

    /// <summary>The highest number given to a checkpoint. The next attempt in this process goes on from it, as what this one is still storing has it in its name.</summary>
    public long LastId => _lastId;

    /// <summary>The checkpoints that are kept, oldest first.</summary>
    public IReadOnlyList<Manifest> Kept => _retained.Kept;

    /// <summary>Tells what has happened.</summary>
    /// <param name="fact">What.</param>
    /// <param name="nowMs">When; not before the time of the fact before.</param>
    /// <returns>What is to be done, in order.</returns>
    public IReadOnlyList<CheckpointDecision> Handle(CheckpointFact fact, long nowMs)
    {
        _decisions.Clear();
        switch (fact)
        {
            case CheckpointFact.Requested requested: Request(requested); break;
            case CheckpointFact.Stored stored: Stored(stored); break;
            case CheckpointFact.NotStored lost: NotStored(lost, nowMs); break;
            case CheckpointFact.ManifestWritten written: Written(written.Manifest, nowMs); break;
            case CheckpointFact.ManifestNotWritten failed: NotWritten(failed, nowMs); break;
            case CheckpointFact.Deleted deleted: _retained.Deleted(deleted.Names); break;
            case CheckpointFact.InputEnded: _dueMs = null; break;
            case CheckpointFact.JobStopped stopped: Stop(stopped.Reason); break;
        }

        Advance(nowMs);
        return _decisions.ToArray();
    }

    private void Request(CheckpointFact.Requested requested)
    {
        if (_isStopped) _decisions.Add(new CheckpointDecision.Abort(0, "The job has ended.", requested.RequestId));
        else _requests.Enqueue(requested);
    }

    private void Stored(CheckpointFact.Stored fact)
    {
        bool counts = _pending?.Id == fact.CheckpointId && _pending.Store(fact.Writer, fact.File);
        if (fact.File is not null && CheckpointNames.IdOf(fact.File.Name) > 0) _retained.Stored(fact.File);
        if (!counts) return;
        if (!_pending!.IsSavepoint)
        {
            if (fact.IsFull || _pending.Full.Contains(fact.Writer)) _chains.Begin(fact.Writer, fact.File);
            else _chains.Append(fact.Writer, fact.File);
        }

        if (!_pending.IsStored) return;
        _pending.IsManifestAsked = true;
        var chains = _pending.IsSavepoint ? _pending.Chains() : _chains.Copy();
        _decisions.Add(new CheckpointDecision.WriteManifest(_pending.Id, _pending.IsSavepoint, chains, _pending.RequestId));
    }

    private void NotStored(CheckpointFact.NotStored fact, long nowMs)
    {
        if (_pending?.Id == fact.CheckpointId && _pending.IsMissing(fact.Writer)) GiveUp(fact.Reason, nowMs);
    }

    private void Written(Manifest manifest, long nowMs)
    {
        if (_pending is not { IsManifestAsked: true } pending || pending.Id != manifest.CheckpointId)
        {
            // It was given up before: it must not stay beside those that count.
            if (!manifest.IsSavepoint) _retained.Abandoned(manifest.CheckpointId);
            return;
        }

        End(nowMs);
        _decisions.Add(new CheckpointDecision.NotifyComplete(manifest, pending.RequestId));
        if (pending.IsSavepoint) return;
        _failures = 0;
        _retained.Completed(manifest);
        IReadOnlyList<string> unused = _retained.ToDelete(_chains.Names);
        if (unused.Count > 0) _decisions.Add(new CheckpointDecision.Delete(unused));
    }

    private void NotWritten(CheckpointFact.ManifestNotWritten fact, long nowMs)
    {
        if (_pending?.Id == fact.CheckpointId && _pending.IsManifestAsked) GiveUp(fact.Reason, nowMs);
    }

    private void GiveUp(string reason, long nowMs)
    {
        PendingSnapshot pending = _pending!;
        Forget(pending);
        End(nowMs);
        _decisions.Add(new CheckpointDecision.Abort(pending.Id, reason, pending.RequestId));
        if (pending.IsSavepoint || ++_failures <= _settings.TolerableFailures) return;
        string count = _failures == 1 ? "A checkpoint has failed" : $"{_failures} checkpoints in a row have failed";
        _decisions.Add(new CheckpointDecision.FailJob($"{count}. {reason}"));
        Stop($"{count}. {reason}");
    }

    private void Forget(PendingSnapshot pending)
    {
        if (pending.IsSavepoint) return;
        foreach (SnapshotWriter writer in pending.Missing) _chains.Break(writer);
        if (pending.IsManifestAsked) _retained.Abandoned(pending.Id);
    }

    private void Stop(string reason)
    {
        _isStopped = true;
        if (_pending is { } pending)
        {
            Forget(pending);
            _decisions.Add(new CheckpointDecision.Abort(pending.Id, reason, pending.RequestId));
        }

        _pending = null;
        while (_requests.TryDequeue(out CheckpointFact.Requested? request)) _decisions.Add(new CheckpointDecision.Abort(0, reason, request.RequestId));
    }

    private void End(long nowMs)
    {
        _pending = null;
        if (_dueMs < nowMs + _settings.MinimumPauseMs) _dueMs = nowMs + _settings.MinimumPauseMs;
    }

    /// <summary>Does what is due by time: gives up a checkpoint that takes too long, begins the next.</summary>
    private void Advance(long nowMs)
    {
        if (_pending is { } pending && nowMs >= pending.DeadlineMs)
            GiveUp($"Checkpoint {pending.Id} took longer than {_settings.TimeoutMs} ms{pending.WaitedFor()}.", nowMs);
        if (_isStopped || _pending is not null) return;
        if (_requests.TryDequeue(out CheckpointFact.Requested? request)) Begin(request.RequestId, request.IsSavepoint, nowMs);
        else if (nowMs >= _dueMs) Begin(null, isSavepoint: false, nowMs);
    }

    private void Begin(long? requestId, bool isSavepoint, long nowMs)
    {
        IReadOnlySet<SnapshotWriter> full = isSavepoint ? new HashSet<SnapshotWriter>() : _chains.ToBeginAnew();
        _pending = new PendingSnapshot(++_lastId, isSavepoint, requestId, nowMs + _settings.TimeoutMs, full, _writers);
        if (!isSavepoint && _dueMs is not null) _dueMs = nowMs + _settings.IntervalMs;
        SnapshotKind kind = isSavepoint ? SnapshotKind.Savepoint : full.Count == _writers.Count ? SnapshotKind.Full : SnapshotKind.Incremental;
        _decisions.Add(new CheckpointDecision.SendBarrier(_lastId, kind, full, requestId));
    }
}
