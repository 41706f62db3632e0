using Cep.RulesService.Alerts;

namespace Cep.RulesService.Deliveries.Sinks;

/// <summary>Writes alerts to the service's log, a line each.</summary>
internal sealed class ConsoleSink(string name, SinkOptions options, ILogger log) : DeliverySink(name, options)
{
    /// <inheritdoc/>
    public override Task<IReadOnlyList<DeliveryOutcome?>> DeliverAsync(IReadOnlyList<Alert> alerts, CancellationToken cancel)
    {
        foreach (var alert in alerts)
        {
            log.LogInformation(
                "Alert {Severity} {Rule} {Key} {Measures} {Id}", alert.Severity, alert.Rule, alert.Key.ToJsonString(AlertJson.Options), alert.Content["measures"]?.ToJsonString(AlertJson.Options), alert.Id);
        }
        return Task.FromResult<IReadOnlyList<DeliveryOutcome?>>(Enumerable.Repeat(DeliveryOutcome.Delivered, alerts.Count).ToList());
    }
}
