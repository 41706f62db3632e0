namespace Cep.Engine.Runtime;

/// <summary>Takes each epoch from every producer, for a consumer that goes on when it has them all.</summary>
/// <remarks>
/// It waits for the producers one after the other. That cannot deadlock: the graph has no cycles, and by the time any producer can be a whole epoch ahead
/// of another, what ends this epoch has left the merging thread for every consumer, so each comes to its end without the one ahead moving.
/// </remarks>
/// <param name="producers">One channel a producer, in the job's order.</param>
/// <param name="pool">Where taken epochs go back to.</param>
internal sealed class EpochIntake(IReadOnlyList<Channel<EpochEnd>> producers, Pool<EpochOutputs> pool)
{
    private readonly EpochOutputs?[] _epoch = new EpochOutputs?[producers.Count];

    /// <summary>What each producer emitted in the epoch taken last; null where that is nothing.</summary>
    public ReadOnlySpan<EpochOutputs?> Epoch => _epoch;

    /// <returns>Whether another epoch follows.</returns>
    public bool Take(out Control control)
    {
        bool isLast = false;
        control = default;
        for (int i = 0; i < _epoch.Length; i++)
        {
            EpochEnd end = producers[i].Take();
            _epoch[i] = end.Outputs;
            control = end.Control;
            isLast = end.IsLast;
        }

        return !isLast;
    }

    /// <summary>Gives the epoch's memory back.</summary>
    public void Return()
    {
        foreach (ref EpochOutputs? taken in _epoch.AsSpan())
        {
            if (taken is null) continue;
            taken.Clear();
            pool.Return(taken);
            taken = null;
        }
    }
}
