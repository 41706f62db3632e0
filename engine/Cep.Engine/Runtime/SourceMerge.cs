using Cep.Engine.Checkpoints;
using Cep.Engine.Time;

namespace Cep.Engine.Runtime;

/// <summary>The merging thread: brings the splits into one sequence of records and watermarks, and hands it to the operators' subtasks.</summary>
/// <remarks>
/// It takes the next batch from the split whose watermark is lowest, the first of several. So the splits advance through event time together,
/// however unequal they are, memory holds a few batches of each, and over files the sequence is the same in every run. It waits for that split
/// even when others have data; only a live split that is silent for longer than its strategy allows is left out until it has data again.
/// <para>Every few batches, and before it waits for a live split, it ends an epoch: the watermark goes to every subtask between the same two
/// records.</para>
/// </remarks>
internal sealed class SourceMerge
{
    // How far the watermark of a silent split that goes by the clock may be behind it.
    private const long ProcessingTimeStepMs = 100;

    private readonly Split[] _splits;
    private readonly IExchange[] _exchanges;
    private readonly SubtaskOutputs _outputs;
    private readonly Signal _signal;
    private readonly TimeProvider _timeProvider;
    private readonly JobProgress _progress;
    private readonly CheckpointCoordinator? _coordinator;
    private readonly ChangeRequests? _changes;
    private readonly int _positionsOfEpoch;
    private readonly WatermarkMerger _merger;
    private readonly bool[] _ended;
    private long _announcedMs = Watermark.None;
    private long _processingTimeMs = long.MinValue;
    private long _nextSequence;
    private int _epochPositions;

    public SourceMerge(
        Split[] splits,
        IExchange[] exchanges,
        SubtaskOutputs outputs,
        Signal signal,
        JobOptions options,
        JobProgress progress,
        CheckpointCoordinator? coordinator,
        ChangeRequests? changes,
        SourcesState? restored)
    {
        _splits = splits;
        _exchanges = exchanges;
        _outputs = outputs;
        _signal = signal;
        _timeProvider = options.TimeProvider;
        _positionsOfEpoch = options.EpochPositions;
        _progress = progress;
        _merger = new WatermarkMerger(splits.Length, restored?.WatermarkMs ?? Watermark.None);
        _coordinator = coordinator;
        _changes = changes;
        _ended = new bool[splits.Length];
        if (restored is not null) Restore(restored);
    }

    private bool HaveAllEnded => Array.TrueForAll(_ended, ended => ended);

    /// <summary>Runs until every split has ended, or until <paramref name="cancel"/>: then the epoch ends where it is.</summary>
    /// <returns>Whether every split has ended.</returns>
    public bool Run(CancellationToken cancel)
    {
        using ITimer wake = _timeProvider.CreateTimer(_ => _signal.Raise(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        foreach (Split split in _splits) split.LastTaken = _timeProvider.GetTimestamp();
        while (!cancel.IsCancellationRequested && !HaveAllEnded)
        {
            long version = _signal.Version;
            TakeRequests();
            int next = LowestWithHope();
            if (next < 0)
            {
                EndEpoch();
                _signal.WaitPast(version);
            }
            else if (_splits[next].TryTake(out SplitBatch batch))
            {
                Merge(next, batch);
            }
            else if (MustWaitFor(next, wake))
            {
                _signal.WaitPast(version);
            }
        }

        EndEpoch();
        TakeLastCheckpoint();
        foreach (IExchange exchange in _exchanges) exchange.EndInput();
        _outputs.EndEpoch(new Control(_announcedMs, _processingTimeMs), isLast: true);
        return HaveAllEnded;
    }

    /// <summary>Sends the barriers, changes and news of complete checkpoints that were asked for.</summary>
    private void TakeRequests()
    {
        while (_coordinator is not null && _coordinator.TryTakeRequest(out CheckpointRequest request)) Carry(request);
        while (_changes is not null && _changes.TryTake(out object? change)) Carry(new CheckpointRequest(null, 0, change));
    }

    /// <summary>Everything is read: waits until the last checkpoint holds it, and what it holds is committed.</summary>
    private void TakeLastCheckpoint()
    {
        if (_coordinator is null) return;
        _coordinator.EndOfInput();
        while (true)
        {
            long version = _signal.Version;
            TakeRequests();
            if (_coordinator.IsFinished) return;
            _signal.WaitPast(version);
        }
    }

    private void Carry(CheckpointRequest request)
    {
        if (request.Barrier is { } sent) _progress.Barriers.Reached(sent.CheckpointId, _timeProvider.GetTimestamp());
        EndEpoch(request);
        if (request.Change is { } change)
        {
            foreach (IExchange exchange in _exchanges) exchange.Apply(change);
        }

        if (request.Barrier is not { } barrier) return;
        _coordinator!.Acknowledge(barrier.CheckpointId, new SnapshotWriter(SourcesState.Uid, 0), StateAtBarrier().ToSegment());
    }

    private SourcesState StateAtBarrier()
    {
        var state = new SourcesState { NextSequence = _nextSequence, WatermarkMs = _announcedMs, ProcessingTimeMs = _processingTimeMs };
        for (int i = 0; i < _splits.Length; i++)
        {
            SourceProgress counts = _splits[i].Progress;
            state.Add(
                _splits[i].Name,
                new SplitStart(_splits[i].Merged, _merger.WatermarkOf(i), _ended[i] && _splits[i].EndsTime, counts.Records, counts.Late, counts.Malformed));
        }

        return state;
    }

    private void Restore(SourcesState state)
    {
        _nextSequence = state.NextSequence;
        _announcedMs = state.WatermarkMs;
        _processingTimeMs = state.ProcessingTimeMs;
        _progress.SetWatermark(_announcedMs);
        for (int i = 0; i < _splits.Length; i++)
        {
            if (_splits[i].Start is not { } start) continue;
            _ended[i] = start.IsEnded;
            _merger.Update(i, start.IsEnded ? Watermark.End : start.WatermarkMs);
            _splits[i].Progress.Count(start.Records, start.Late, start.Malformed);
        }
    }

    /// <summary>The split to take from or wait for: the lowest of those that are not idle or have data; -1 when there is none.</summary>
    private int LowestWithHope()
    {
        int lowest = -1;
        for (int i = 0; i < _splits.Length; i++)
        {
            if (_ended[i] || (_merger.IsInputIdle(i) && _splits[i].IsEmpty)) continue;
            if (lowest < 0 || _merger.WatermarkOf(i) < _merger.WatermarkOf(lowest)) lowest = i;
        }

        return lowest;
    }

    private void Merge(int index, SplitBatch batch)
    {
        Split split = _splits[index];
        int overtaken = split.HandOn(batch, _nextSequence, _merger.CurrentMs);
        split.Progress.Count(batch.Count + batch.LateCount, batch.LateCount + overtaken, batch.MalformedCount);
        _progress.SawUpTo(batch.LatestMs);
        split.LastTaken = _timeProvider.GetTimestamp();
        split.Merged = batch.Position;
        _nextSequence += batch.Positions;
        _epochPositions += batch.Positions;
        _ended[index] = batch.IsLast;
        _merger.Update(index, batch.IsLast && split.EndsTime ? Watermark.End : batch.WatermarkMs);
        split.Return(batch);
        if (_epochPositions >= _positionsOfEpoch) EndEpoch();
    }

    /// <summary>Decides what an empty split means.</summary>
    /// <returns>False when something changed and the lowest split has to be found again.</returns>
    private bool MustWaitFor(int index, ITimer wake)
    {
        WatermarkStrategy strategy = _splits[index].Watermarks;
        if (strategy.IsProcessingTime)
        {
            long nowMs = _timeProvider.GetUtcNow().ToUnixTimeMilliseconds();
            if (nowMs - 1 > _merger.WatermarkOf(index))
            {
                _merger.Update(index, nowMs - 1);
                return false;
            }

            EndEpoch();
            wake.Change(TimeSpan.FromMilliseconds(ProcessingTimeStepMs), Timeout.InfiniteTimeSpan);
            return true;
        }

        if (!_splits[index].IsLive) return true;
        EndEpoch();
        if (strategy.IdleAfterMs is not { } idleAfterMs) return true;
        TimeSpan left = TimeSpan.FromMilliseconds(idleAfterMs) - _timeProvider.GetElapsedTime(_splits[index].LastTaken);
        if (left <= TimeSpan.Zero)
        {
            _merger.MarkIdle(index);
            return false;
        }

        wake.Change(left, Timeout.InfiniteTimeSpan);
        return true;
    }

    /// <summary>Hands on the watermark and what the sources set aside, if there is anything new of either.</summary>
    private void EndEpoch()
    {
        if (_merger.CurrentMs != _announcedMs || !_outputs.IsEmpty) EndEpoch(default(CheckpointRequest));
        _epochPositions = 0;
    }

    private void EndEpoch(CheckpointRequest request)
    {
        _epochPositions = 0;
        _announcedMs = _merger.CurrentMs;
        _processingTimeMs = Math.Max(_timeProvider.GetUtcNow().ToUnixTimeMilliseconds(), _processingTimeMs);
        _progress.SetWatermark(_announcedMs);
        var control = new Control(_announcedMs, _processingTimeMs, request.Barrier, request.CompletedCheckpoint, request.Change);
        foreach (IExchange exchange in _exchanges) exchange.EndEpoch(control);
        _outputs.EndEpoch(control);
    }
}
