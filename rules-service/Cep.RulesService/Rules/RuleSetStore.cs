using System.Data;
using Cep.RulesService.Audit;
using Cep.RulesService.Storage;
using Dapper;

namespace Cep.RulesService.Rules;

/// <summary>What came of a change to a version.</summary>
internal enum ChangeOutcome
{
    /// <summary>It was made.</summary>
    Done,

    /// <summary>There is no such version.</summary>
    NotFound,

    /// <summary>Somebody else changed the version meanwhile.</summary>
    Stale,

    /// <summary>The version is no draft any more.</summary>
    NotADraft,
}

/// <summary>Keeps the versions of the rule set, and which of them is live.</summary>
internal sealed class RuleSetStore(Database database, AuditLog audit, TimeProvider time)
{
    private const string Select = """
        SELECT number, CASE WHEN number = (SELECT version FROM live) THEN 1 WHEN deployed_ms IS NULL THEN 0 ELSE 2 END AS state, revision, comment, created_by, created_ms, changed_ms, deployed_ms
        FROM rule_set_versions
        """;

    /// <summary>Begins a draft.</summary>
    public RuleSetVersion Create(IReadOnlyList<RuleFile> files, string? comment, string actor) => database.Write(connection =>
    {
        var nowMs = NowMs();
        var number = connection.ExecuteScalar<int>(
            "INSERT INTO rule_set_versions (revision, comment, created_by, created_ms, changed_ms) VALUES (1, @comment, @actor, @nowMs, @nowMs) RETURNING number",
            new { comment, actor, nowMs });
        Insert(connection, number, files);
        audit.Add(connection, actor, "rule-set.create", RuleSetVersion.SubjectOf(number), "done", comment);
        return Find(connection, number)!;
    });

    /// <summary>Saves a draft.</summary>
    /// <param name="number">Which.</param>
    /// <param name="eTag">As it was read; another one means that somebody else has saved it since.</param>
    /// <param name="files">All its files, in the place of those it had.</param>
    /// <param name="comment">What its author says of it now.</param>
    /// <param name="actor">Who saves it.</param>
    /// <returns>The version as it is now, changed or not; null where there is none.</returns>
    public (ChangeOutcome Outcome, RuleSetVersion? Version) Save(int number, string eTag, IReadOnlyList<RuleFile> files, string? comment, string actor) =>
        Change(number, eTag, connection =>
        {
            connection.Execute(
                "UPDATE rule_set_versions SET revision = revision + 1, comment = @comment, changed_ms = @nowMs WHERE number = @number", new { number, comment, nowMs = NowMs() });
            connection.Execute("DELETE FROM rule_files WHERE version = @number", new { number });
            Insert(connection, number, files);
            audit.Add(connection, actor, "rule-set.save", RuleSetVersion.SubjectOf(number), "done", comment);
        });

    /// <summary>Throws a draft away.</summary>
    /// <inheritdoc cref="Save"/>
    public (ChangeOutcome Outcome, RuleSetVersion? Version) Delete(int number, string eTag, string actor) => Change(number, eTag, connection =>
    {
        connection.Execute("DELETE FROM rule_set_versions WHERE number = @number", new { number });
        audit.Add(connection, actor, "rule-set.delete", RuleSetVersion.SubjectOf(number), "done");
    });

    /// <summary>A version; null where there is none.</summary>
    public RuleSetVersion? Find(int number) => database.Read(connection => Find(connection, number));

    /// <summary>The version that runs; null while none has been deployed.</summary>
    public RuleSetVersion? Live() => database.Read(connection => connection.QuerySingleOrDefault<Row>($"{Select} WHERE number = (SELECT version FROM live)")?.ToVersion());

    /// <summary>Versions from the newest on.</summary>
    /// <param name="before">Only those before this number; null for all.</param>
    /// <param name="count">At most so many.</param>
    public IReadOnlyList<RuleSetVersion> Newest(int? before, int count) => database.Read(connection => connection
        .Query<Row>($"{Select} WHERE number < @before ORDER BY number DESC LIMIT @count", new { before = before ?? int.MaxValue, count })
        .Select(r => r.ToVersion()).ToList());

    /// <summary>The files of a version, by path; empty where there is no such version.</summary>
    public IReadOnlyList<RuleFile> FilesOf(int number) =>
        database.Read(connection => connection.Query<RuleFile>("SELECT path, text FROM rule_files WHERE version = @number ORDER BY path", new { number }).ToList());

    /// <summary>Notes that a version runs from now on, in the transaction of what else goes with that.</summary>
    public void GoLive(IDbConnection connection, int number)
    {
        connection.Execute("UPDATE rule_set_versions SET deployed_ms = COALESCE(deployed_ms, @nowMs) WHERE number = @number", new { number, nowMs = NowMs() });
        connection.Execute("INSERT INTO live (id, version) VALUES (1, @number) ON CONFLICT (id) DO UPDATE SET version = @number", new { number });
    }

    private (ChangeOutcome Outcome, RuleSetVersion? Version) Change(int number, string eTag, Action<IDbConnection> change) => database.Write(connection =>
    {
        var version = Find(connection, number);
        var outcome = version switch
        {
            null => ChangeOutcome.NotFound,
            { State: not RuleSetState.Draft } => ChangeOutcome.NotADraft,
            _ when eTag != version.ETag => ChangeOutcome.Stale,
            _ => ChangeOutcome.Done,
        };
        if (outcome != ChangeOutcome.Done)
            return (outcome, version);
        change(connection);
        return (outcome, Find(connection, number));
    });

    private static RuleSetVersion? Find(IDbConnection connection, int number) =>
        connection.QuerySingleOrDefault<Row>($"{Select} WHERE number = @number", new { number })?.ToVersion();

    private static void Insert(IDbConnection connection, int number, IReadOnlyList<RuleFile> files) =>
        connection.Execute("INSERT INTO rule_files (version, path, text) VALUES (@number, @Path, @Text)", files.Select(f => new { number, f.Path, f.Text }));

    private long NowMs() => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>With members to be set: of an empty result, the types of computed columns are not known.</summary>
    private sealed class Row
    {
        public required int Number { get; init; }
        public required int State { get; init; }
        public required int Revision { get; init; }
        public string? Comment { get; init; }
        public required string CreatedBy { get; init; }
        public required long CreatedMs { get; init; }
        public required long ChangedMs { get; init; }
        public long? DeployedMs { get; init; }

        public RuleSetVersion ToVersion() => new(
            Number, (RuleSetState)State, Revision, Comment, CreatedBy, DateTimeOffset.FromUnixTimeMilliseconds(CreatedMs),
            DateTimeOffset.FromUnixTimeMilliseconds(ChangedMs), DeployedMs is { } ms ? DateTimeOffset.FromUnixTimeMilliseconds(ms) : null);
    }
}
