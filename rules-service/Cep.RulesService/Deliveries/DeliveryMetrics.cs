using System.Diagnostics.Metrics;

namespace Cep.RulesService.Deliveries;

/// <summary>Publishes how deliveries go.</summary>
internal sealed class DeliveryMetrics
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "Cep.Deliveries";

    private readonly Counter<long> _attempts;

    public DeliveryMetrics(IMeterFactory factory, DeliveryStore deliveries)
    {
        var meter = factory.Create(new MeterOptions(MeterName));
        _attempts = meter.CreateCounter<long>("cep.deliveries.attempts", "{attempt}", "Attempts to deliver an alert, by sink and what the delivery was after it: pending, delivered or dead.");
        meter.CreateObservableGauge(
            "cep.deliveries.open", () => deliveries.Open().Select(o => new Measurement<long>(o.Count, Tags(o.Sink, o.State))), "{delivery}", "Deliveries that are pending or dead, by sink.");
    }

    /// <summary>Attempts were made.</summary>
    public void Tried(string sink, IEnumerable<Delivery> deliveries)
    {
        foreach (var state in deliveries.GroupBy(d => d.State))
            _attempts.Add(state.Count(), Tags(sink, state.Key));
    }

    private static KeyValuePair<string, object?>[] Tags(string sink, DeliveryState state) => [new("sink", sink), new("state", state.ToString().ToLowerInvariant())];
}
