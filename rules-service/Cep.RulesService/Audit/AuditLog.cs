using System.Data;
using System.Security.Cryptography;
using System.Text;
using Cep.RulesService.Storage;
using Dapper;

namespace Cep.RulesService.Audit;

/// <summary>What was done to the service, in order. Entries are added and never changed.</summary>
internal sealed class AuditLog(Database database, TimeProvider time)
{
    private const string Columns = "sequence, at_ms, actor, action, subject, outcome, detail, hash";

    /// <summary>Adds an entry, in the transaction of what it tells of: there is no change without its entry.</summary>
    public void Add(IDbConnection connection, string actor, string action, string subject, string outcome, string? detail = null)
    {
        var (sequence, before) = connection.QuerySingleOrDefault<(long, string?)>("SELECT sequence, hash FROM audit ORDER BY sequence DESC LIMIT 1");
        var row = new Row(sequence + 1, time.GetUtcNow().ToUnixTimeMilliseconds(), actor, action, subject, outcome, detail, "");
        connection.Execute(
            $"INSERT INTO audit ({Columns}) VALUES (@Sequence, @AtMs, @Actor, @Action, @Subject, @Outcome, @Detail, @Hash)",
            row with { Hash = HashOf(row, before ?? "") });
    }

    /// <summary>Adds an entry of its own, for what changed nothing.</summary>
    public void Add(string actor, string action, string subject, string outcome, string? detail = null) =>
        database.Write(connection => Add(connection, actor, action, subject, outcome, detail));

    /// <summary>Entries from the newest on.</summary>
    /// <param name="before">Only those before this place; null for all.</param>
    /// <param name="count">At most so many.</param>
    public IReadOnlyList<AuditEntry> Newest(long? before, int count) => database.Read(connection => connection
        .Query<Row>($"SELECT {Columns} FROM audit WHERE sequence < @before ORDER BY sequence DESC LIMIT @count", new { before = before ?? long.MaxValue, count })
        .Select(r => r.ToEntry()).ToList());

    /// <summary>Computes the chain of hashes again.</summary>
    public AuditVerification Verify() => database.Read(connection =>
    {
        var (entries, hash) = (0L, "");
        foreach (var row in connection.Query<Row>($"SELECT {Columns} FROM audit ORDER BY sequence", buffered: false))
        {
            entries++;
            if (row.Sequence != entries || row.Hash != HashOf(row, hash))
                return new AuditVerification(entries, entries);
            hash = row.Hash;
        }
        return new AuditVerification(entries, null);
    });

    /// <summary>Each part with its length, so that nothing can move from one to the next.</summary>
    private static string HashOf(Row row, string before)
    {
        var text = new StringBuilder();
        foreach (var part in (string?[])[before, $"{row.Sequence}", $"{row.AtMs}", row.Actor, row.Action, row.Subject, row.Outcome, row.Detail])
            text.Append(part is null ? "-" : $"{part.Length}:{part}").Append('\n');
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    private sealed record Row(long Sequence, long AtMs, string Actor, string Action, string Subject, string Outcome, string? Detail, string Hash)
    {
        public AuditEntry ToEntry() => new(Sequence, DateTimeOffset.FromUnixTimeMilliseconds(AtMs), Actor, Action, Subject, Outcome, Detail, Hash);
    }
}
