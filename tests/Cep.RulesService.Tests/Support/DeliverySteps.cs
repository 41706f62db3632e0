using System.Diagnostics.Metrics;
using Cep.Engine.Tests.Support;
using Cep.RulesService.Alerts;
using Cep.RulesService.Audit;
using Cep.RulesService.Deliveries;
using Cep.RulesService.Deliveries.Sinks;
using Cep.RulesService.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Cep.RulesService.Tests.Support;

/// <summary>Deliveries step by step, without the service around them, by a clock that the test moves.</summary>
internal sealed class DeliverySteps : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("cep-deliveries-").FullName;
    private readonly ServiceProvider _provider = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly DeliverySinks _sinks;
    private readonly DeliveryWorker _worker;
    private readonly MeterListener _listener = new();
    private readonly List<(string State, long Count)> _counted = [];
    private int _checkpoint;

    public DeliverySteps(Action<AlertOptions, string> configure)
    {
        var options = new ServiceOptions();
        Options = options.Alerts;
        configure(Options, _folder);
        Assert.Empty(options.Problems());
        Database = Database.Open(Path.Combine(_folder, "rules.db"));
        Store = new DeliveryStore(Database, options, new AuditLog(Database, Clock), Clock);
        Alerts = new AlertStore(Database, Store, Clock);
        _sinks = new DeliverySinks(options, Clock, NullLogger<DeliverySinks>.Instance);
        Listen();
        _worker = new DeliveryWorker(Store, Alerts, _sinks, new DeliveryMetrics(_provider.GetRequiredService<IMeterFactory>(), Store), Clock, NullLogger<DeliveryWorker>.Instance);
    }

    public ManualClock Clock { get; } = new(1_767_225_600_000);

    public AlertOptions Options { get; }

    public Database Database { get; }

    public AlertStore Alerts { get; }

    public DeliveryStore Store { get; }

    /// <summary>The attempts that were counted, by what the deliveries were after them.</summary>
    public IReadOnlyList<(string State, long Count)> Counted => _counted;

    /// <summary>Makes alerts visible.</summary>
    public void Tell(params StagedAlert[] alerts)
    {
        Alerts.Stage(++_checkpoint, alerts);
        Alerts.Commit(_checkpoint);
    }

    /// <summary>An alert of the rule <c>small_then_large</c>.</summary>
    public static StagedAlert Alert(string id, string severity = "high", string rule = "small_then_large", params string[] tags) => new(
        id, rule, 1, severity, """["c1"]""", 1_767_225_600_000,
        $$"""{"title":"Small, then large","runbook":"https://wiki.example.org/cards","tags":[{{string.Join(',', tags.Select(t => $"\"{t}\""))}}],"keyFields":["card_id"]}""",
        """{"measures":{"amount":500.5,"shop":"Käse & Co"}}""");

    /// <summary>Delivers what is due to all sinks now.</summary>
    /// <returns>How many deliveries were tried.</returns>
    public async Task<int> DeliverAsync()
    {
        var tried = 0;
        foreach (var claims in _sinks.All.Select(sink => new DeliveryClaims(Store, sink)))
        {
            while (await _worker.DeliverDueAsync(claims, Clock.GetUtcNow(), CancellationToken.None) is > 0 and var share)
                tried += share;
        }
        return tried;
    }

    public void Dispose()
    {
        _listener.Dispose();
        _sinks.Dispose();
        Database.Dispose();
        _provider.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private void Listen()
    {
        var factory = _provider.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == "cep.deliveries.attempts" && ReferenceEquals(instrument.Meter.Scope, factory))
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((_, count, tags, _) => _counted.Add(((string)tags[1].Value!, count)));
        _listener.Start();
    }
}
