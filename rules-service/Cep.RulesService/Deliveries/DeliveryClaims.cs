using Cep.RulesService.Deliveries.Sinks;

namespace Cep.RulesService.Deliveries;

/// <summary>What of a sink's deliveries is being tried, so that no two of its lanes try the same.</summary>
internal sealed class DeliveryClaims(DeliveryStore deliveries, DeliverySink sink)
{
    private readonly Lock _gate = new();
    private readonly HashSet<long> _claimed = [];

    /// <summary>The sink.</summary>
    public DeliverySink Sink => sink;

    /// <summary>Takes a lane's share of what is due and not being tried: few alerts go to many lanes, many go in batches.</summary>
    /// <returns>None where nothing is due.</returns>
    public IReadOnlyList<Delivery> Claim(DateTimeOffset now)
    {
        lock (_gate)
        {
            var free = deliveries.Due(sink.Name, now, (sink.Lanes * sink.BatchMax) + _claimed.Count).Where(d => !_claimed.Contains(d.Number)).ToList();
            var share = free.Take(Math.Clamp(free.Count / sink.Lanes, 1, sink.BatchMax)).ToList();
            _claimed.UnionWith(share.Select(d => d.Number));
            return share;
        }
    }

    /// <summary>Gives back what was taken, after what became of it was kept.</summary>
    public void Release(IReadOnlyList<Delivery> share)
    {
        lock (_gate)
            _claimed.ExceptWith(share.Select(d => d.Number));
    }
}
