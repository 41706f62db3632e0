using Cep.Engine.Checkpoints;

namespace Cep.Engine.Runtime;

/// <summary>The thread before an operator that reads from operators: merges what they emitted, epoch by epoch, and spreads it anew by key.</summary>
/// <remarks>
/// The records of an epoch come in the order of outputs: time, order, rank, producer. They are numbered in that order, so the operator's input does not depend on
/// the parallelism of those before it. An epoch ends here when it has ended for every producer; a checkpoint's barrier needs nothing more.
/// </remarks>
internal sealed class Shuffle<T>
{
    private readonly EpochIntake _intake;
    private readonly Exchange<T> _exchange;
    private readonly RunMerge<T> _merge;
    private readonly ShuffleCheckpoints? _checkpoints;
    private long _nextSequence;

    public Shuffle(EpochIntake intake, Exchange<T> exchange, ShuffleCheckpoints? checkpoints)
    {
        _intake = intake;
        _exchange = exchange;
        _checkpoints = checkpoints;
        _nextSequence = checkpoints?.RestoredSequence ?? 0;
        _merge = new RunMerge<T>((in OutputRun<T>.Item item) => _exchange.Take(item.Value, item.TimestampMs, _nextSequence++));
    }

    public void Run()
    {
        while (_intake.Take(out Control control))
        {
            HandOn();
            _exchange.EndEpoch(control);
            if (control.Change is { } change) _exchange.Apply(change);
            if (control.Barrier is { } barrier) _checkpoints!.Acknowledge(barrier.CheckpointId, _nextSequence);
        }

        HandOn();
        _exchange.EndInput();
    }

    private void HandOn()
    {
        _merge.Take(_intake.Epoch, run: 0);
        _intake.Return();
    }
}

/// <summary>The part of a <see cref="Shuffle{T}"/> in checkpoints.</summary>
/// <param name="coordinator">Takes its segment.</param>
/// <param name="writer">Its number among the writers of <see cref="SourcesState.Uid"/>.</param>
/// <param name="uid">The uid of the operator behind it.</param>
/// <param name="restoredSequence">Where its numbers go on.</param>
internal sealed class ShuffleCheckpoints(CheckpointCoordinator coordinator, int writer, string uid, long restoredSequence)
{
    public long RestoredSequence => restoredSequence;

    public void Acknowledge(long checkpointId, long nextSequence) =>
        coordinator.Acknowledge(checkpointId, new SnapshotWriter(SourcesState.Uid, writer), SourcesState.ShuffleSegment(writer, uid, nextSequence));
}
