using System.Data;
using Dapper;

namespace Cep.RulesService.Storage;

/// <summary>The tables, as a list of steps: a database stands at some step, and those after it are taken when it is opened.</summary>
internal static class Schema
{
    // Only ever add to this list. Times are Unix milliseconds.
    private static readonly string[] Steps =
    [
        """
        CREATE TABLE rule_set_versions (
            number      INTEGER PRIMARY KEY AUTOINCREMENT,
            revision    INTEGER NOT NULL,
            comment     TEXT,
            created_by  TEXT NOT NULL,
            created_ms  INTEGER NOT NULL,
            changed_ms  INTEGER NOT NULL,
            deployed_ms INTEGER);

        CREATE TABLE rule_files (
            version INTEGER NOT NULL REFERENCES rule_set_versions (number) ON DELETE CASCADE,
            path    TEXT NOT NULL,
            text    TEXT NOT NULL,
            PRIMARY KEY (version, path)) WITHOUT ROWID;

        CREATE TABLE live (
            id      INTEGER PRIMARY KEY CHECK (id = 1),
            version INTEGER NOT NULL REFERENCES rule_set_versions (number));

        CREATE TABLE audit (
            sequence INTEGER PRIMARY KEY,
            at_ms    INTEGER NOT NULL,
            actor    TEXT NOT NULL,
            action   TEXT NOT NULL,
            subject  TEXT NOT NULL,
            outcome  TEXT NOT NULL,
            detail   TEXT,
            hash     TEXT NOT NULL);

        CREATE TABLE deployments (
            id           INTEGER PRIMARY KEY AUTOINCREMENT,
            version      INTEGER NOT NULL REFERENCES rule_set_versions (number),
            previous     INTEGER,
            policy       INTEGER NOT NULL,
            requested_by TEXT NOT NULL,
            requested_ms INTEGER NOT NULL,
            outcome      INTEGER NOT NULL,
            watermark_ms INTEGER,
            is_recovered INTEGER NOT NULL DEFAULT 0,
            detail       TEXT,
            rules        TEXT NOT NULL);

        CREATE TABLE staged_watermarks (
            staged       INTEGER PRIMARY KEY,
            checkpoint   INTEGER NOT NULL,
            watermark_ms INTEGER NOT NULL);

        CREATE TABLE rule_versions (
            rule    TEXT NOT NULL,
            digest  TEXT NOT NULL,
            version INTEGER NOT NULL,
            PRIMARY KEY (rule, digest)) WITHOUT ROWID;

        CREATE TABLE alerts (
            place           INTEGER PRIMARY KEY AUTOINCREMENT,
            id              TEXT NOT NULL UNIQUE,
            rule            TEXT NOT NULL,
            rule_version    INTEGER NOT NULL,
            severity        TEXT NOT NULL,
            key             TEXT NOT NULL,
            detected_ms     INTEGER NOT NULL,
            content         TEXT NOT NULL,
            told_ms         INTEGER NOT NULL,
            acknowledged_by TEXT,
            acknowledged_ms INTEGER);

        CREATE INDEX alerts_of_rule ON alerts (rule, place);

        CREATE TABLE staged_alerts (
            staged       INTEGER PRIMARY KEY,
            checkpoint   INTEGER NOT NULL,
            id           TEXT NOT NULL,
            rule         TEXT NOT NULL,
            rule_version INTEGER NOT NULL,
            severity     TEXT NOT NULL,
            key          TEXT NOT NULL,
            detected_ms  INTEGER NOT NULL,
            content      TEXT NOT NULL);

        CREATE TABLE settings (
            name  TEXT PRIMARY KEY,
            value TEXT NOT NULL) WITHOUT ROWID;
        """,
        """
        ALTER TABLE alerts ADD COLUMN about TEXT NOT NULL DEFAULT '{"tags":[],"keyFields":[]}';
        ALTER TABLE staged_alerts ADD COLUMN about TEXT NOT NULL DEFAULT '{"tags":[],"keyFields":[]}';
        CREATE INDEX alerts_by_time ON alerts (told_ms);

        CREATE TABLE deliveries (
            number       INTEGER PRIMARY KEY AUTOINCREMENT,
            alert        TEXT NOT NULL REFERENCES alerts (id) ON DELETE CASCADE,
            sink         TEXT NOT NULL,
            state        INTEGER NOT NULL,
            attempts     INTEGER NOT NULL,
            next_ms      INTEGER,
            last_error   TEXT,
            delivered_ms INTEGER,
            UNIQUE (alert, sink));

        CREATE INDEX deliveries_pending ON deliveries (sink, next_ms) WHERE state = 0;
        CREATE INDEX deliveries_dead ON deliveries (sink) WHERE state = 2;
        """,
        """
        CREATE TABLE api_keys (
            id         TEXT PRIMARY KEY,
            name       TEXT NOT NULL,
            role       INTEGER NOT NULL,
            hash       TEXT NOT NULL,
            created_by TEXT NOT NULL,
            created_ms INTEGER NOT NULL,
            revoked_ms INTEGER) WITHOUT ROWID;

        CREATE TABLE idempotency (
            actor        TEXT NOT NULL,
            key          TEXT NOT NULL,
            request      TEXT NOT NULL,
            begun_ms     INTEGER NOT NULL,
            status       INTEGER,
            content_type TEXT,
            location     TEXT,
            etag         TEXT,
            body         BLOB,
            PRIMARY KEY (actor, key)) WITHOUT ROWID;

        CREATE INDEX idempotency_by_age ON idempotency (begun_ms);
        """,
    ];

    /// <summary>Takes the steps that are left.</summary>
    /// <exception cref="InvalidDataException">A later version of the service wrote the database.</exception>
    public static void Update(IDbConnection connection, string file)
    {
        var done = connection.ExecuteScalar<int>("PRAGMA user_version");
        if (done > Steps.Length)
            throw new InvalidDataException($"The database `{file}` is of a later version of the service ({done}; this one knows {Steps.Length}).");
        for (; done < Steps.Length; done++)
        {
            using var transaction = connection.BeginTransaction();
            connection.Execute($"{Steps[done]}; PRAGMA user_version = {done + 1}", transaction: transaction);
            transaction.Commit();
        }
    }
}
