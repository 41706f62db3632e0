using System.Data;
using System.Text.Json;
using Cep.RulesService.Audit;
using Cep.RulesService.Rules;
using Cep.RulesService.Storage;
using Cep.Streaming.Swaps;
using Dapper;

namespace Cep.RulesService.Deployments;

/// <summary>Keeps what was deployed when, and what came of it.</summary>
internal sealed class DeploymentStore(Database database, RuleSetStore versions, AuditLog audit, TimeProvider time)
{
    private const string Select = "SELECT id, version, previous, policy, requested_by, requested_ms, outcome, watermark_ms, detail, rules FROM deployments";

    /// <summary>Notes that a deployment is asked for.</summary>
    public long Begin(int version, PartialMatchPolicy policy, string actor) => database.Write(connection => connection.ExecuteScalar<long>(
        """
        INSERT INTO deployments (version, previous, policy, requested_by, requested_ms, outcome, rules)
        VALUES (@version, (SELECT version FROM live), @policy, @actor, @nowMs, @pending, '[]') RETURNING id
        """,
        new { version, policy = (int)policy, actor, nowMs = time.GetUtcNow().ToUnixTimeMilliseconds(), pending = (int)DeploymentOutcome.Pending }));

    /// <summary>Notes that a deployment has been carried out: its version is live.</summary>
    /// <param name="id">Which.</param>
    /// <param name="watermarkMs">Up to when the rules before were matched.</param>
    /// <param name="rules">What it meant for each rule.</param>
    /// <param name="ruleVersions">The version of each of its rules, by the digest of its text.</param>
    /// <param name="isRecovered">Whether this was found out after the service had ended.</param>
    public Deployment Complete(long id, long? watermarkMs, IReadOnlyList<RuleDeployment> rules, IReadOnlyList<RuleVersion> ruleVersions, bool isRecovered = false) => database.Write(connection =>
    {
        connection.Execute("UPDATE deployments SET is_recovered = @isRecovered WHERE id = @id", new { id, isRecovered });
        var deployment = End(connection, id, DeploymentOutcome.Done, watermarkMs, null, rules);
        versions.GoLive(connection, deployment.Version);
        connection.Execute("INSERT OR IGNORE INTO rule_versions (rule, digest, version) VALUES (@Rule, @Digest, @Version)", ruleVersions);
        return deployment;
    });

    /// <summary>Notes that nothing came of a deployment.</summary>
    public Deployment GiveUp(long id, DeploymentOutcome outcome, string detail, IReadOnlyList<RuleDeployment> rules) =>
        database.Write(connection => End(connection, id, outcome, null, detail, rules));

    /// <summary>The versions of rules by the digests of their texts, for those that were ever deployed.</summary>
    public IReadOnlyDictionary<(string Rule, string Digest), int> RuleVersions() => database.Read(connection => connection
        .Query<RuleVersion>("SELECT rule, digest, version FROM rule_versions").ToDictionary(v => (v.Rule, v.Digest), v => (int)v.Version));

    /// <summary>Deployments that have not ended, the oldest first.</summary>
    public IReadOnlyList<Deployment> Pending() => database.Read(connection => connection
        .Query<Row>($"{Select} WHERE outcome = @pending ORDER BY id", new { pending = (int)DeploymentOutcome.Pending }).Select(r => r.ToDeployment()).ToList());

    /// <summary>Deployments from the newest on.</summary>
    public IReadOnlyList<Deployment> Newest(long? before, int count) => database.Read(connection => connection
        .Query<Row>($"{Select} WHERE id < @before ORDER BY id DESC LIMIT @count", new { before = before ?? long.MaxValue, count }).Select(r => r.ToDeployment()).ToList());

    /// <summary>A deployment; null where there is none.</summary>
    public Deployment? Find(long id) => database.Read(connection => Find(connection, id));

    /// <summary>Keeps watermarks of swaps until their checkpoint is complete.</summary>
    public void StageWatermarks(long checkpoint, IReadOnlyList<long> watermarks)
    {
        if (watermarks.Count > 0)
            database.Write(connection => connection.Execute("INSERT INTO staged_watermarks (checkpoint, watermark_ms) VALUES (@checkpoint, @watermarkMs)", watermarks.Select(watermarkMs => new { checkpoint, watermarkMs })));
    }

    /// <summary>Notes the watermarks that were staged for a checkpoint and those before it with the deployments that have none yet.</summary>
    /// <param name="checkpoint">The checkpoint; 0 for none.</param>
    /// <param name="dropsOthers">Whether what was staged later is forgotten.</param>
    public void CommitWatermarks(long checkpoint, bool dropsOthers) => database.Write(connection =>
    {
        foreach (var watermarkMs in connection.Query<long>("SELECT watermark_ms FROM staged_watermarks WHERE checkpoint <= @checkpoint ORDER BY staged", new { checkpoint }).ToList())
        {
            // One that was found done at the start is told of before another is begun.
            connection.Execute(
                """
                UPDATE deployments SET watermark_ms = @watermarkMs WHERE watermark_ms IS NULL AND id = COALESCE(
                    (SELECT MIN(id) FROM deployments WHERE is_recovered AND watermark_ms IS NULL), (SELECT MAX(id) FROM deployments WHERE outcome = @pending))
                """,
                new { watermarkMs, pending = (int)DeploymentOutcome.Pending });
        }
        connection.Execute("DELETE FROM staged_watermarks WHERE checkpoint <= @checkpoint OR @dropsOthers", new { checkpoint, dropsOthers });
    });

    private static Deployment? Find(IDbConnection connection, long id) => connection.QuerySingleOrDefault<Row>($"{Select} WHERE id = @id", new { id })?.ToDeployment();

    private Deployment End(IDbConnection connection, long id, DeploymentOutcome outcome, long? watermarkMs, string? detail, IReadOnlyList<RuleDeployment> rules)
    {
        connection.Execute(
            "UPDATE deployments SET outcome = @outcome, watermark_ms = COALESCE(@watermarkMs, watermark_ms), detail = @detail, rules = @rules WHERE id = @id",
            new { id, outcome = (int)outcome, watermarkMs, detail, rules = JsonSerializer.Serialize(rules) });
        var deployment = Find(connection, id)!;
        audit.Add(connection, deployment.RequestedBy, "rule-set.deploy", RuleSetVersion.SubjectOf(deployment.Version), outcome.ToString().ToLowerInvariant(), detail);
        return deployment;
    }

    private sealed record Row(
        long Id, long Version, long? Previous, long Policy, string RequestedBy, long RequestedMs, long Outcome, long? WatermarkMs, string? Detail, string Rules)
    {
        public Deployment ToDeployment() => new(
            Id, (int)Version, (int?)Previous, (PartialMatchPolicy)Policy, RequestedBy, DateTimeOffset.FromUnixTimeMilliseconds(RequestedMs),
            (DeploymentOutcome)Outcome, WatermarkMs, Detail, JsonSerializer.Deserialize<IReadOnlyList<RuleDeployment>>(Rules)!);
    }
}
