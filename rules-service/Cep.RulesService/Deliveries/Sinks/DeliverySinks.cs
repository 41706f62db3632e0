namespace Cep.RulesService.Deliveries.Sinks;

/// <summary>The sinks that are configured.</summary>
internal sealed class DeliverySinks(ServiceOptions options, TimeProvider time, ILogger<DeliverySinks> log) : IDisposable
{
    /// <summary>One for each.</summary>
    public IReadOnlyList<DeliverySink> All { get; } = options.Alerts.Sinks.Select(s => Make(s.Key, s.Value, options, time, log)).ToList();

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var sink in All)
            sink.Dispose();
    }

    private static DeliverySink Make(string name, SinkOptions sink, ServiceOptions options, TimeProvider time, ILogger log)
    {
        var guard = new AddressGuard(options.Alerts.AllowedHosts);
        return sink.Type switch
        {
            "webhook" => new WebhookSink(name, sink, guard, time),
            "alertmanager" => new AlertmanagerSink(name, sink, guard, time, options.Alerts.PublicUrl),
            "file" => new FileSink(name, sink),
            "console" => new ConsoleSink(name, sink, log),
            _ => throw new InvalidOperationException($"There is no sink of type `{sink.Type}`."),
        };
    }
}
