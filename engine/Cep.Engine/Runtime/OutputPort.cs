using Cep.Engine.Graph;

namespace Cep.Engine.Runtime;

/// <summary>One producer's end towards one consumer: gathers what is emitted for it in an epoch and hands that over.</summary>
/// <param name="ends">The ends that the consumer writes or feeds, in its order.</param>
/// <param name="consumer">Takes the epochs.</param>
/// <param name="pool">Epochs with one run an end.</param>
internal sealed class OutputPort(IReadOnlyList<StreamEnd> ends, Channel<EpochEnd> consumer, Pool<EpochOutputs> pool)
{
    private readonly List<(int End, Action<OutputRun> Attach)> _attached = [];
    private EpochOutputs _epoch = pool.Rent();

    /// <summary>Whether nothing was emitted in this epoch so far.</summary>
    public bool IsEmpty => _epoch.IsEmpty;

    public bool Has(StreamEnd end) => ends.Contains(end);

    /// <summary>Has someone told where to put values for an end, now and whenever an epoch begins.</summary>
    public void Attach(StreamEnd end, Action<OutputRun> attach)
    {
        int place = Enumerable.Range(0, ends.Count).First(i => ends[i] == end);
        _attached.Add((place, attach));
        attach(_epoch[place]);
    }

    /// <summary>Hands the epoch over, waiting while the consumer is epochs behind.</summary>
    /// <param name="control">What ends the epoch.</param>
    /// <param name="isLast">Whether no epoch follows.</param>
    /// <param name="progress">Told what is handed on, and that it waits; null for nobody.</param>
    public void EndEpoch(Control control, bool isLast, SubtaskProgress? progress)
    {
        EpochOutputs? full = TakeEpoch();
        if (full is not null) progress?.HandedOn(full.Count);
        progress?.Enter(SubtaskState.Backpressured);
        consumer.Put(new EpochEnd(full, control, isLast));
        progress?.Enter(SubtaskState.Busy);
    }

    /// <summary>What was emitted; null for nothing.</summary>
    private EpochOutputs? TakeEpoch()
    {
        if (IsEmpty) return null;
        EpochOutputs full = _epoch;
        full.Sort();
        _epoch = pool.Rent();
        foreach ((int end, Action<OutputRun> attach) in _attached) attach(_epoch[end]);
        return full;
    }
}
