using System.Data;
using System.Text.Json;
using System.Text.Json.Nodes;
using Cep.RulesService.Deliveries;
using Cep.RulesService.Storage;
using Dapper;

namespace Cep.RulesService.Alerts;

/// <summary>A match on its way to be an alert.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Rule">The rule.</param>
/// <param name="RuleVersion">The rule's version.</param>
/// <param name="Severity">How bad it is.</param>
/// <param name="Key">The key, as JSON.</param>
/// <param name="DetectedMs">Event time at which it became certain.</param>
/// <param name="About">What the rule said of itself, as JSON.</param>
/// <param name="Content">The match, as JSON.</param>
internal sealed record StagedAlert(string Id, string Rule, int RuleVersion, string Severity, string Key, long DetectedMs, string About, string Content);

/// <summary>Keeps alerts. They are staged with a checkpoint, and visible once it is complete; one id is one alert, however often it is told.</summary>
internal sealed class AlertStore(Database database, DeliveryStore deliveries, TimeProvider time)
{
    private const string Columns = "id, rule, rule_version, severity, key, detected_ms, about, content";
    private const string Select = $"SELECT place, {Columns}, told_ms, acknowledged_by, acknowledged_ms FROM alerts";

    /// <summary>Is raised when there are new alerts.</summary>
    public Signal Told { get; } = new();

    /// <summary>Keeps alerts until their checkpoint is complete. They are on the disk when this returns.</summary>
    public void Stage(long checkpoint, IReadOnlyList<StagedAlert> alerts)
    {
        if (alerts.Count == 0)
            return;
        database.Write(connection => connection.Execute(
            $"INSERT INTO staged_alerts (checkpoint, {Columns}) VALUES (@checkpoint, @Id, @Rule, @RuleVersion, @Severity, @Key, @DetectedMs, @About, @Content)",
            alerts.Select(a => new { checkpoint, a.Id, a.Rule, a.RuleVersion, a.Severity, a.Key, a.DetectedMs, a.About, a.Content })));
    }

    /// <summary>Makes visible what was staged for a checkpoint and those before it.</summary>
    public void Commit(long checkpoint) => Commit(checkpoint, dropsOthers: false);

    /// <summary>Makes visible what was staged for a checkpoint and those before it, and forgets what was staged later.</summary>
    /// <param name="checkpoint">The checkpoint; 0 for none.</param>
    public void Restore(long checkpoint) => Commit(checkpoint, dropsOthers: true);

    /// <summary>Alerts from the newest on.</summary>
    /// <param name="filter">Which.</param>
    /// <param name="count">At most so many.</param>
    public IReadOnlyList<Alert> Newest(AlertFilter filter, int count) => database.Read(connection => Query(
        connection,
        """
        WHERE place < @Before AND (@Rule IS NULL OR rule = @Rule) AND (@Severity IS NULL OR severity = @Severity)
          AND (@IsAcknowledged IS NULL OR (acknowledged_ms IS NOT NULL) = @IsAcknowledged)
        ORDER BY place DESC LIMIT @Count
        """,
        new { Before = filter.Before ?? long.MaxValue, filter.Rule, filter.Severity, filter.IsAcknowledged, Count = count }));

    /// <summary>Alerts after a place, the oldest first.</summary>
    public IReadOnlyList<Alert> After(long place, int count) => database.Read(connection => Query(connection, "WHERE place > @place ORDER BY place LIMIT @count", new { place, count }));

    /// <summary>An alert; null where there is none.</summary>
    public Alert? Find(string id) => database.Read(connection => Query(connection, "WHERE id = @id", new { id }).SingleOrDefault());

    /// <summary>Alerts by their ids; those that are not there are left out.</summary>
    public IReadOnlyList<Alert> Find(IReadOnlyList<string> ids) => database.Read(connection => Query(connection, "WHERE id IN @ids", new { ids }));

    /// <summary>The place of the newest alert; 0 for none.</summary>
    public long LastPlace() => database.Read(connection => connection.ExecuteScalar<long>("SELECT COALESCE(MAX(place), 0) FROM alerts"));

    /// <summary>Notes that somebody has looked at an alert; who was first stays.</summary>
    /// <returns>The alert; null where there is none.</returns>
    public Alert? Acknowledge(string id, string actor) => database.Write(connection =>
    {
        connection.Execute(
            "UPDATE alerts SET acknowledged_by = @actor, acknowledged_ms = @nowMs WHERE id = @id AND acknowledged_ms IS NULL", new { id, actor, nowMs = NowMs() });
        return Query(connection, "WHERE id = @id", new { id }).SingleOrDefault();
    });

    /// <summary>Removes alerts told before a time, with their deliveries, but for those that are still to be delivered.</summary>
    /// <param name="before">The time.</param>
    /// <param name="count">At most so many, from the oldest on.</param>
    /// <returns>How many were removed.</returns>
    public int Remove(DateTimeOffset before, int count) => database.Write(connection => connection.Execute(
        """
        DELETE FROM alerts WHERE place IN (
            SELECT place FROM alerts WHERE told_ms < @beforeMs AND NOT EXISTS (SELECT 1 FROM deliveries WHERE alert = alerts.id AND state = 0)
            ORDER BY told_ms LIMIT @count)
        """,
        new { beforeMs = before.ToUnixTimeMilliseconds(), count }));

    private void Commit(long checkpoint, bool dropsOthers)
    {
        var told = database.Write(connection =>
        {
            var last = connection.ExecuteScalar<long>("SELECT COALESCE(MAX(place), 0) FROM alerts");
            var rows = connection.Execute(
                $"INSERT OR IGNORE INTO alerts ({Columns}, told_ms) SELECT {Columns}, @nowMs FROM staged_alerts WHERE checkpoint <= @checkpoint ORDER BY staged", new { checkpoint, nowMs = NowMs() });
            connection.Execute("DELETE FROM staged_alerts WHERE checkpoint <= @checkpoint OR @dropsOthers", new { checkpoint, dropsOthers });
            if (rows > 0)
                deliveries.Add(connection, afterPlace: last);
            return rows;
        });
        if (told == 0)
            return;
        Told.Raise();
        deliveries.Added.Raise();
    }

    private static IReadOnlyList<Alert> Query(IDbConnection connection, string where, object parameters) =>
        connection.Query<Row>($"{Select} {where}", parameters).Select(r => r.ToAlert()).ToList();

    private long NowMs() => time.GetUtcNow().ToUnixTimeMilliseconds();

    private sealed record Row(
        long Place, string Id, string Rule, long RuleVersion, string Severity, string Key, long DetectedMs, string About, string Content, long ToldMs, string? AcknowledgedBy, long? AcknowledgedMs)
    {
        public Alert ToAlert() => new(
            Place, Id, Rule, (int)RuleVersion, Severity, JsonNode.Parse(Key)!, DateTimeOffset.FromUnixTimeMilliseconds(DetectedMs), DateTimeOffset.FromUnixTimeMilliseconds(ToldMs),
            AcknowledgedBy, AcknowledgedMs is { } ms ? DateTimeOffset.FromUnixTimeMilliseconds(ms) : null,
            JsonSerializer.Deserialize<RuleFacts>(About, AlertJson.Options)!, JsonNode.Parse(Content)!);
    }
}
