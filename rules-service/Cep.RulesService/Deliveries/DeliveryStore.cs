using System.Data;
using System.Text.Json;
using Cep.RulesService.Alerts;
using Cep.RulesService.Audit;
using Cep.RulesService.Storage;
using Dapper;

namespace Cep.RulesService.Deliveries;

/// <summary>Which deliveries are asked for.</summary>
/// <param name="State">As far as this; null for all.</param>
/// <param name="Sink">To this sink; null for all.</param>
/// <param name="Before">Only those before this number; null for all.</param>
internal sealed record DeliveryFilter(DeliveryState? State, string? Sink, long? Before);

/// <summary>Keeps what is to be delivered where (an outbox): written with the alert, in one transaction, so that none is forgotten.</summary>
internal sealed class DeliveryStore(Database database, ServiceOptions options, AuditLog audit, TimeProvider time)
{
    private const string Select = "SELECT number, alert, sink, state, attempts, next_ms, last_error, delivered_ms FROM deliveries";

    private Dictionary<string, SinkOptions> Sinks => options.Alerts.Sinks;

    /// <summary>Is raised when there is something to deliver.</summary>
    public Signal Added { get; } = new();

    /// <summary>Adds the deliveries of the alerts after a place, in the transaction that makes them visible.</summary>
    public void Add(IDbConnection connection, long afterPlace)
    {
        if (Sinks.Count == 0)
            return;
        var alerts = connection.Query<(string Id, string Rule, string Severity, string About)>("SELECT id, rule, severity, about FROM alerts WHERE place > @afterPlace ORDER BY place", new { afterPlace });
        foreach (var alert in alerts)
        {
            var tags = JsonSerializer.Deserialize<RuleFacts>(alert.About, AlertJson.Options)!.Tags;
            foreach (var (sink, _) in Sinks.Where(s => s.Value.Takes(alert.Rule, alert.Severity, tags)))
                Ask(connection, alert.Id, sink);
        }
    }

    /// <summary>Those to a sink that are due at a time, those due first at the front.</summary>
    public IReadOnlyList<Delivery> Due(string sink, DateTimeOffset now, int count) => Query(
        "WHERE state = 0 AND sink = @sink AND next_ms <= @nowMs ORDER BY next_ms, number LIMIT @count", new { sink, count, nowMs = now.ToUnixTimeMilliseconds() });

    /// <summary>When the next one to a sink is due after a time; null for never.</summary>
    public DateTimeOffset? NextDue(string sink, DateTimeOffset now) => database.Read(connection => connection.ExecuteScalar<long?>(
        "SELECT MIN(next_ms) FROM deliveries WHERE state = 0 AND sink = @sink AND next_ms > @nowMs", new { sink, nowMs = now.ToUnixTimeMilliseconds() }) is { } ms
            ? DateTimeOffset.FromUnixTimeMilliseconds(ms) : (DateTimeOffset?)null);

    /// <summary>Keeps what became of attempts, but for those deliveries that somebody asked for again meanwhile: they are tried again.</summary>
    public void Keep(IReadOnlyCollection<Delivery> tried) => database.Write(connection => connection.Execute(
        """
        UPDATE deliveries SET state = @State, attempts = @Attempts, next_ms = @NextMs, last_error = @LastError, delivered_ms = @DeliveredMs
        WHERE number = @Number AND attempts = @Attempts - 1
        """,
        tried.Select(d => new { d.State, d.Attempts, NextMs = d.NextAt?.ToUnixTimeMilliseconds(), d.LastError, DeliveredMs = d.DeliveredAt?.ToUnixTimeMilliseconds(), d.Number })));

    /// <summary>Gives up those to sinks that are not configured any more.</summary>
    /// <returns>How many.</returns>
    public int GiveUpUnconfigured() => database.Write(connection => connection.Execute(
        "UPDATE deliveries SET state = 2, next_ms = NULL, last_error = 'There is no sink `' || sink || '` any more.' WHERE state = 0 AND sink NOT IN @names",
        new { names = Sinks.Keys.Append("").ToList() }));

    /// <summary>Deliveries from the newest on.</summary>
    /// <param name="filter">Which.</param>
    /// <param name="count">At most so many.</param>
    public IReadOnlyList<Delivery> Newest(DeliveryFilter filter, int count) => Query(
        "WHERE number < @Before AND (@State IS NULL OR state = @State) AND (@Sink IS NULL OR sink = @Sink) ORDER BY number DESC LIMIT @Count",
        new { Before = filter.Before ?? long.MaxValue, filter.State, filter.Sink, Count = count });

    /// <summary>Those of an alert, by sink.</summary>
    public IReadOnlyList<Delivery> Of(string alert) => Query("WHERE alert = @alert ORDER BY sink", new { alert });

    /// <summary>How many are pending and dead, by sink; none where there are none.</summary>
    public IReadOnlyList<(string Sink, DeliveryState State, long Count)> Open() => database.Read(connection => connection.Query<(string, long, long)>(
        "SELECT sink, 0, COUNT(*) FROM deliveries WHERE state = 0 GROUP BY sink UNION ALL SELECT sink, 2, COUNT(*) FROM deliveries WHERE state = 2 GROUP BY sink")
        .Select(row => (row.Item1, (DeliveryState)row.Item2, row.Item3)).ToList());

    /// <summary>Delivers an alert again, from the first attempt on.</summary>
    /// <param name="alert">The alert; there is one.</param>
    /// <param name="sink">The sink, whether or not it was routed there; null for all those to which it was.</param>
    /// <param name="actor">Who asks.</param>
    /// <returns>The deliveries that were asked for; none where it was routed nowhere.</returns>
    public IReadOnlyList<Delivery> Redeliver(string alert, string? sink, string actor)
    {
        var sinks = sink is not null ? [sink] : Of(alert).Select(d => d.Sink).Where(Sinks.ContainsKey).ToList();
        if (sinks.Count == 0)
            return [];
        database.Write(connection =>
        {
            foreach (var name in sinks)
                Ask(connection, alert, name);
            audit.Add(connection, actor, "alert.redeliver", $"alert/{alert}", "done", $"To {string.Join(", ", sinks)}.");
        });
        Added.Raise();
        return Of(alert).Where(d => sinks.Contains(d.Sink)).ToList();
    }

    /// <summary>Delivers all that were given up again.</summary>
    /// <param name="sink">To which sink.</param>
    /// <param name="actor">Who asks.</param>
    /// <returns>How many.</returns>
    public int RedeliverDead(string sink, string actor)
    {
        var count = database.Write(connection =>
        {
            var rows = connection.Execute("UPDATE deliveries SET state = 0, attempts = 0, next_ms = @nowMs WHERE state = 2 AND sink = @sink", new { sink, nowMs = NowMs() });
            audit.Add(connection, actor, "deliveries.redeliver", $"sink/{sink}", "done", $"{rows} deliveries.");
            return rows;
        });
        Added.Raise();
        return count;
    }

    private void Ask(IDbConnection connection, string alert, string sink) => connection.Execute(
        """
        INSERT INTO deliveries (alert, sink, state, attempts, next_ms) VALUES (@alert, @sink, 0, 0, @nowMs)
        ON CONFLICT (alert, sink) DO UPDATE SET state = 0, attempts = 0, next_ms = @nowMs, delivered_ms = NULL
        """,
        new { alert, sink, nowMs = NowMs() });

    private IReadOnlyList<Delivery> Query(string where, object parameters) => database.Read(connection =>
        connection.Query<Row>($"{Select} {where}", parameters).Select(r => r.ToDelivery()).ToList());

    private long NowMs() => time.GetUtcNow().ToUnixTimeMilliseconds();

    private sealed record Row(long Number, string Alert, string Sink, long State, long Attempts, long? NextMs, string? LastError, long? DeliveredMs)
    {
        public Delivery ToDelivery() => new(Number, Alert, Sink, (DeliveryState)State, (int)Attempts, TimeOf(NextMs), LastError, TimeOf(DeliveredMs));

        private static DateTimeOffset? TimeOf(long? ms) => ms is { } value ? DateTimeOffset.FromUnixTimeMilliseconds(value) : null;
    }
}
