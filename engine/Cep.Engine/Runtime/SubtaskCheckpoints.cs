using Cep.Engine.Checkpoints;
using Cep.Engine.Operators;
using Cep.Engine.Time;

namespace Cep.Engine.Runtime;

/// <summary>One subtask's part in checkpoints: what it is restored from, and the snapshot it is writing. For the subtask's thread only.</summary>
/// <param name="uid">The operator's uid.</param>
/// <param name="subtask">The subtask's number.</param>
/// <param name="coordinator">Takes the finished segment.</param>
/// <param name="restored">What the operator remembered; null at a beginning from nothing.</param>
/// <param name="restoredWatermarkMs">The watermark up to which that is.</param>
internal sealed class SubtaskCheckpoints(
    string uid, int subtask, CheckpointCoordinator coordinator, StateReader? restored, long restoredWatermarkMs)
{
    private readonly SnapshotWriter _self = new(uid, subtask);
    private OperatorSnapshot? _snapshot;
    private SegmentWriter? _writer;
    private long _checkpointId;

    /// <summary>What the operator begins with; null for nothing.</summary>
    public StateReader? Restored => restored;

    /// <summary>The watermark the operator has already been told; <see cref="Watermark.None"/> at a beginning from nothing.</summary>
    public long RestoredWatermarkMs => restoredWatermarkMs;

    /// <summary>Whether a snapshot is being written.</summary>
    public bool IsWriting => _snapshot is not null;

    /// <summary>Begins the snapshot of a barrier. One that is still being written, of a checkpoint that was given up, is let go.</summary>
    public void Begin(CheckpointBarrier barrier, Func<SnapshotKind, OperatorSnapshot?> beginSnapshot)
    {
        _snapshot?.Abandon();
        _writer?.Dispose();
        SnapshotKind kind = barrier.Decision.KindOf(_self);
        _checkpointId = barrier.CheckpointId;
        _snapshot = beginSnapshot(kind);
        if (_snapshot is null)
        {
            _writer = null;
            coordinator.Acknowledge(_checkpointId, _self, null);
            return;
        }

        _writer = new SegmentWriter(uid, subtask, kind);
    }

    /// <summary>Writes more of the snapshot, if one is being written.</summary>
    /// <param name="budgetBytes">About how much.</param>
    public void WriteSlice(long budgetBytes)
    {
        if (_snapshot is null || !_snapshot.Write(_writer!, budgetBytes)) return;
        _snapshot = null;
        coordinator.Acknowledge(_checkpointId, _self, _writer!.Complete());
        _writer = null;
    }
}
