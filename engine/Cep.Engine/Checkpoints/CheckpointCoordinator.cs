using Cep.Engine.Keys;
using Cep.Engine.Runtime;

namespace Cep.Engine.Checkpoints;

/// <summary>Something for the merging thread to send through the job at the next epoch end.</summary>
/// <param name="Barrier">A checkpoint to take there; null for none.</param>
/// <param name="CompletedCheckpoint">A checkpoint that is complete; 0 for none.</param>
/// <param name="Change">What operators are to change to there; null for nothing.</param>
internal readonly record struct CheckpointRequest(CheckpointBarrier? Barrier, long CompletedCheckpoint, object? Change = null);

/// <summary>The shell around <see cref="CheckpointProtocol"/>: gathers facts of one attempt of a job from all its threads, and carries out what the protocol
/// decides.</summary>
/// <remarks>Decisions are taken on the coordinator's own thread. What a store is to do runs in the background, several segments at a time, and what came of it is a
/// fact again; an attempt ends when all of that has ended.</remarks>
internal sealed class CheckpointCoordinator
{
    // The request of the checkpoint that the job ends with.
    private const long LastRequest = 0;

    private readonly object _gate = new();
    private readonly Queue<Action> _facts = [];
    private readonly Queue<CheckpointRequest> _requests = [];
    private readonly Dictionary<long, CheckpointAsked> _asked = [];
    private readonly CheckpointOptions _options;
    private readonly CheckpointJob _job;
    private readonly TimeProvider _timeProvider;
    private readonly IScheduler _scheduler;
    private readonly CheckpointProtocol _protocol;
    private Signal? _merge;
    private CheckpointAsked? _askedNow;
    private long _lastRequest = LastRequest;
    private bool _isAborted;
    private bool _hasEnded;
    private int _underWay;

    /// <summary>Begins an attempt.</summary>
    /// <param name="options">What was asked for.</param>
    /// <param name="job">What the job consists of.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="scheduler">Whose threads these are.</param>
    /// <param name="history">What lies in the store.</param>
    public CheckpointCoordinator(CheckpointOptions options, CheckpointJob job, TimeProvider timeProvider, IScheduler scheduler, CheckpointHistory history)
    {
        _options = options;
        _job = job;
        _timeProvider = timeProvider;
        _scheduler = scheduler;
        _protocol = new CheckpointProtocol(options.Settings, job.Writers, history, NowMs);
    }

    /// <summary>Whether the input has ended and a checkpoint that holds all of it is complete, and the news of that sent.</summary>
    public bool IsFinished { get; private set; }

    private long NowMs => (long)_timeProvider.GetElapsedTime(0).TotalMilliseconds;

    /// <summary>The coordinator's thread: until the last checkpoint is complete, or the job fails.</summary>
    /// <param name="merge">Wakes the merging thread.</param>
    /// <exception cref="CheckpointStoreException">Too many checkpoints in a row have failed.</exception>
    public void Run(Signal merge)
    {
        _merge = merge;
        using ITimer timer = _timeProvider.CreateTimer(
            _ => Tell(() => Handle(new CheckpointFact.Tick())), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        try
        {
            while (!IsFinished)
            {
                if (_protocol.NextTickMs is { } tickMs) timer.Change(TimeSpan.FromMilliseconds(Math.Max(1, tickMs - NowMs)), Timeout.InfiniteTimeSpan);
                if (!TryTakeFact(out Action fact)) return;
                fact();
            }
        }
        finally
        {
            WaitForStores();
            End();
        }
    }

    /// <summary>Answers everyone who asked and was not answered yet, and whoever asks from now on.</summary>
    public void End()
    {
        CheckpointAsked[] left;
        lock (_gate)
        {
            _hasEnded = true;
            left = [.. _asked.Values];
            _asked.Clear();
        }

        foreach (CheckpointAsked asked in left) asked.Failed(Ended());
    }

    /// <summary>Lets go of everyone who waits: the job has failed.</summary>
    public void Abort()
    {
        lock (_gate)
        {
            _isAborted = true;
            _scheduler.PulseAll(_gate);
        }
    }

    /// <summary>Asks for a savepoint, or for a change at a barrier. It is answered: done when it is complete, failed when it was given up or this attempt has ended.</summary>
    public void Ask(CheckpointAsked asked)
    {
        long? id = null;
        lock (_gate)
        {
            if (!_hasEnded) _asked.Add((id = ++_lastRequest).Value, asked);
        }

        if (id is { } request) Tell(() => Handle(new CheckpointFact.Requested(request, asked.Savepoint is not null)));
        else asked.Failed(Ended());
    }

    /// <summary>All input that is to be read was merged: the next checkpoint is the last.</summary>
    public void EndOfInput() => Tell(() =>
    {
        Handle(new CheckpointFact.InputEnded());
        Handle(new CheckpointFact.Requested(LastRequest, IsSavepoint: false));
    });

    /// <summary>A subtask has written all it remembers.</summary>
    /// <param name="checkpointId">At which barrier.</param>
    /// <param name="writer">Who.</param>
    /// <param name="segment">What it wrote; null when it remembers nothing.</param>
    public void Acknowledge(long checkpointId, SnapshotWriter writer, Segment? segment) => Tell(() => Store(checkpointId, writer, segment));

    /// <summary>For the merging thread: the next thing to send, if there is one.</summary>
    /// <exception cref="OperationCanceledException">The job has failed.</exception>
    public bool TryTakeRequest(out CheckpointRequest request)
    {
        _scheduler.Turn();
        lock (_gate)
        {
            if (_isAborted) throw new OperationCanceledException("The job is stopping.");
            return _requests.TryDequeue(out request);
        }
    }

    private InvalidOperationException Ended() => new(IsFinished ? "The job has ended." : "The job has failed.");

    private void Tell(Action fact)
    {
        _scheduler.Turn();
        lock (_gate)
        {
            _facts.Enqueue(fact);
            _scheduler.PulseAll(_gate);
        }
    }

    private bool TryTakeFact(out Action fact)
    {
        lock (_gate)
        {
            while (_facts.Count == 0 && !_isAborted) _scheduler.Wait(_gate);
            fact = _isAborted ? static () => { } : _facts.Dequeue();
            return !_isAborted;
        }
    }

    private void Handle(CheckpointFact fact)
    {
        foreach (CheckpointDecision decision in _protocol.Handle(fact, NowMs)) CarryOut(decision);
    }

    private void CarryOut(CheckpointDecision decision)
    {
        switch (decision)
        {
            case CheckpointDecision.SendBarrier barrier: SendBarrier(barrier); break;
            case CheckpointDecision.WriteManifest write: WriteManifest(write); break;
            case CheckpointDecision.NotifyComplete complete: NotifyComplete(complete); break;
            case CheckpointDecision.Abort abort: GiveUp(abort); break;
            case CheckpointDecision.Delete delete: Delete(delete.Names); break;
            case CheckpointDecision.FailJob fail: throw new CheckpointStoreException(fail.Reason);
        }
    }

    private void SendBarrier(CheckpointDecision.SendBarrier barrier)
    {
        // Nothing follows the checkpoint that the job ends with: a change would be carried out, and count for nobody.
        if (IsFinished) return;
        lock (_gate) _askedNow = barrier.RequestId is { } id ? _asked.GetValueOrDefault(id) : null;
        if (_askedNow?.Properties is { } properties) _job.Properties = properties;
        Send(new CheckpointRequest(new CheckpointBarrier(barrier), 0, _askedNow?.Change));
    }

    private void Store(long checkpointId, SnapshotWriter writer, Segment? segment)
    {
        if (segment is null)
        {
            Handle(new CheckpointFact.Stored(checkpointId, writer, null));
            return;
        }

        CheckpointStore? savepoint = _protocol.PendingId == checkpointId ? _askedNow?.Savepoint : null;
        if (savepoint is null && segment.Kind == SnapshotKind.Savepoint)
        {
            // What comes of a savepoint that was given up has no place any more.
            segment.Dispose();
            return;
        }

        string name = savepoint is null ? CheckpointNames.SegmentOf(checkpointId, writer.Uid, writer.Subtask) : Savepoint.SegmentName(writer.Uid, writer.Subtask);
        var file = new SegmentFile(name, segment.Bytes, segment.Checksum);
        InBackground(
            async () => await (savepoint ?? _options.Store).WriteAsync(name, segment).ConfigureAwait(false),
            new CheckpointFact.Stored(checkpointId, writer, file, IsFull: segment.Kind == SnapshotKind.Full),
            reason => new CheckpointFact.NotStored(checkpointId, writer, reason));
    }

    private void WriteManifest(CheckpointDecision.WriteManifest write)
    {
        var manifest = new Manifest(
            write.CheckpointId,
            write.IsSavepoint,
            _timeProvider.GetUtcNow().ToUnixTimeMilliseconds(),
            _job.Parallelism,
            KeyGroupAssignment.KeyGroups,
            write.Operators(uid => uid),
            _job.Properties);
        CheckpointStore? savepoint = write.IsSavepoint ? _askedNow!.Savepoint : null;
        InBackground(
            async () =>
            {
                if (savepoint is not null) await Savepoint.CompleteAsync(savepoint, manifest).ConfigureAwait(false);
                else await CheckpointHistory.CompleteAsync(_options.Store, manifest).ConfigureAwait(false);
            },
            new CheckpointFact.ManifestWritten(manifest),
            reason => new CheckpointFact.ManifestNotWritten(write.CheckpointId, reason));
    }

    private void NotifyComplete(CheckpointDecision.NotifyComplete complete)
    {
        if (!complete.Manifest.IsSavepoint) Send(new CheckpointRequest(null, complete.Manifest.CheckpointId));
        _options.Listener?.Completed(complete.Manifest);
        TakeAsked(complete.RequestId)?.Done(complete.Manifest);
        if (complete.RequestId != LastRequest) return;
        lock (_gate) IsFinished = true;
        _merge!.Raise();
    }

    private void GiveUp(CheckpointDecision.Abort abort)
    {
        _options.Listener?.Failed(abort.CheckpointId, abort.Reason);
        TakeAsked(abort.RequestId)?.Failed(new CheckpointStoreException(abort.Reason));
        if (abort.RequestId == LastRequest) Tell(() => Handle(new CheckpointFact.Requested(LastRequest, IsSavepoint: false)));
    }

    /// <summary>Who asked, and is about to be answered; null for nobody.</summary>
    private CheckpointAsked? TakeAsked(long? requestId)
    {
        if (requestId is not { } id) return null;
        lock (_gate) return _asked.Remove(id, out CheckpointAsked? asked) ? asked : null;
    }

    private void Delete(IReadOnlyList<string> names)
    {
        var deleted = new List<string>();
        InBackground(
            async () =>
            {
                foreach (string name in names)
                {
                    await _options.Store.DeleteAsync(name).ConfigureAwait(false);
                    deleted.Add(name);
                }
            },
            new CheckpointFact.Deleted(deleted),
            // What cannot be deleted costs room; it is asked for again with the next checkpoint.
            _ => new CheckpointFact.Deleted(deleted));
    }

    /// <summary>Lets a store work, and tells what came of it.</summary>
    /// <param name="work">What it is to do.</param>
    /// <param name="done">What has happened when it has.</param>
    /// <param name="failed">What has happened when it could not, by the reason.</param>
    private void InBackground(Func<Task> work, CheckpointFact done, Func<string, CheckpointFact> failed)
    {
        lock (_gate) _underWay++;
        _scheduler.InBackground(async () =>
        {
            CheckpointFact fact = done;
            try
            {
                await work().ConfigureAwait(false);
            }
            catch (Exception problem)
            {
                fact = failed(problem.Message);
            }

            Tell(() => Handle(fact));
            lock (_gate)
            {
                _underWay--;
                _scheduler.PulseAll(_gate);
            }
        });
    }

    /// <summary>The next attempt is to find the store at rest.</summary>
    private void WaitForStores()
    {
        lock (_gate)
        {
            while (_underWay > 0) _scheduler.Wait(_gate);
        }
    }

    private void Send(CheckpointRequest request)
    {
        lock (_gate) _requests.Enqueue(request);
        _merge!.Raise();
    }
}

/// <summary>A savepoint or a change that somebody waits for.</summary>
/// <param name="Savepoint">The store of a savepoint; null for a checkpoint.</param>
/// <param name="Change">What operators change to at its barrier; null for nothing.</param>
/// <param name="Properties">What the application keeps with checkpoints from this one on; null for what it kept before.</param>
/// <param name="Answers">How the answer is made, see <see cref="IScheduler.Answers"/>.</param>
internal sealed record CheckpointAsked(CheckpointStore? Savepoint, object? Change, IReadOnlyDictionary<string, string>? Properties, TaskCreationOptions Answers)
{
    private readonly TaskCompletionSource<Manifest> _done = new(Answers);

    /// <summary>Done when it is complete; failed when it was given up or the job ended before.</summary>
    public Task<Manifest> Task => _done.Task;

    public void Done(Manifest manifest) => _done.TrySetResult(manifest);

    public void Failed(Exception problem) => _done.TrySetException(problem);
}

/// <summary>What a coordinator knows of the job.</summary>
/// <param name="Parallelism">The number of subtasks of each operator.</param>
/// <param name="Writers">Everyone who hands in at a barrier.</param>
internal sealed record CheckpointJob(int Parallelism, IReadOnlyCollection<SnapshotWriter> Writers)
{
    /// <summary>What the application keeps with each checkpoint.</summary>
    public IReadOnlyDictionary<string, string> Properties { get; set; } = new Dictionary<string, string>();
}
