using System.Data;
using System.Text.Json.Nodes;
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
/// <param name="Content">The match, as JSON.</param>
internal sealed record StagedAlert(string Id, string Rule, int RuleVersion, string Severity, string Key, long DetectedMs, string Content);

/// <summary>Keeps alerts. They are staged with a checkpoint, and visible once it is complete; one id is one alert, however often it is told.</summary>
internal sealed class AlertStore(Database database, TimeProvider time)
{
    private const string Columns = "id, rule, rule_version, severity, key, detected_ms, content";
    private const string Select = $"SELECT place, {Columns}, told_ms, acknowledged_by, acknowledged_ms FROM alerts";

    /// <summary>Is told that there are new alerts; called by the engine's thread.</summary>
    public event Action? Told;

    /// <summary>Keeps alerts until their checkpoint is complete. They are on the disk when this returns.</summary>
    public void Stage(long checkpoint, IReadOnlyList<StagedAlert> alerts)
    {
        if (alerts.Count == 0)
            return;
        database.Write(connection => connection.Execute(
            $"INSERT INTO staged_alerts (checkpoint, {Columns}) VALUES (@checkpoint, @Id, @Rule, @RuleVersion, @Severity, @Key, @DetectedMs, @Content)",
            alerts.Select(a => new { checkpoint, a.Id, a.Rule, a.RuleVersion, a.Severity, a.Key, a.DetectedMs, a.Content })));
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

    private void Commit(long checkpoint, bool dropsOthers)
    {
        var told = database.Write(connection =>
        {
            var rows = connection.Execute(
                $"INSERT OR IGNORE INTO alerts ({Columns}, told_ms) SELECT {Columns}, @nowMs FROM staged_alerts WHERE checkpoint <= @checkpoint ORDER BY staged", new { checkpoint, nowMs = NowMs() });
            connection.Execute("DELETE FROM staged_alerts WHERE checkpoint <= @checkpoint OR @dropsOthers", new { checkpoint, dropsOthers });
            return rows;
        });
        if (told > 0)
            Told?.Invoke();
    }

    private static IReadOnlyList<Alert> Query(IDbConnection connection, string where, object parameters) =>
        connection.Query<Row>($"{Select} {where}", parameters).Select(r => r.ToAlert()).ToList();

    private long NowMs() => time.GetUtcNow().ToUnixTimeMilliseconds();

    private sealed record Row(
        long Place, string Id, string Rule, long RuleVersion, string Severity, string Key, long DetectedMs, string Content, long ToldMs, string? AcknowledgedBy, long? AcknowledgedMs)
    {
        public Alert ToAlert() => new(
            Place, Id, Rule, (int)RuleVersion, Severity, JsonNode.Parse(Key)!, DateTimeOffset.FromUnixTimeMilliseconds(DetectedMs), DateTimeOffset.FromUnixTimeMilliseconds(ToldMs),
            AcknowledgedBy, AcknowledgedMs is { } ms ? DateTimeOffset.FromUnixTimeMilliseconds(ms) : null, JsonNode.Parse(Content)!);
    }
}
