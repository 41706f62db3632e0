using System.Collections.Concurrent;
using Cep.RulesService.Storage;
using Dapper;

namespace Cep.RulesService.Http;

/// <summary>What was answered to a request.</summary>
internal sealed class StoredAnswer
{
    /// <summary>The digest of the request: its method, path and body.</summary>
    public string Request { get; init; } = "";

    /// <summary>Null while it is not answered.</summary>
    public int? Status { get; init; }

    public string? ContentType { get; init; }

    public string? Location { get; init; }

    public string? Etag { get; init; }

    public byte[]? Body { get; init; }
}

/// <summary>The answers to requests with an <c>Idempotency-Key</c>, for a day.</summary>
internal sealed class IdempotencyStore(Database database, TimeProvider time)
{
    private static readonly TimeSpan Kept = TimeSpan.FromHours(24);

    private readonly ConcurrentDictionary<(string Actor, string Key), bool> _inProgress = [];

    /// <summary>Notes that a request is begun.</summary>
    /// <returns>Null where it is new; else what is known of the one before with the same key.</returns>
    public StoredAnswer? Begin(string actor, string key, string request)
    {
        var nowMs = time.GetUtcNow().ToUnixTimeMilliseconds();
        return database.Write(connection =>
        {
            connection.Execute("DELETE FROM idempotency WHERE begun_ms < @before", new { before = nowMs - (long)Kept.TotalMilliseconds });
            var known = connection.QuerySingleOrDefault<StoredAnswer>("SELECT request, status, content_type, location, etag, body FROM idempotency WHERE actor = @actor AND key = @key", new { actor, key });
            if (known is not null)
                return known;
            connection.Execute("INSERT INTO idempotency (actor, key, request, begun_ms) VALUES (@actor, @key, @request, @nowMs)", new { actor, key, request, nowMs });
            _inProgress[(actor, key)] = true;
            return null;
        });
    }

    /// <summary>Whether this process works on it: else it ended before it had answered.</summary>
    public bool IsInProgress(string actor, string key) => _inProgress.ContainsKey((actor, key));

    /// <summary>Keeps the answer.</summary>
    public void Complete(string actor, string key, StoredAnswer answer)
    {
        database.Write(connection => connection.Execute(
            "UPDATE idempotency SET status = @Status, content_type = @ContentType, location = @Location, etag = @Etag, body = @Body WHERE actor = @actor AND key = @key",
            new { answer.Status, answer.ContentType, answer.Location, answer.Etag, answer.Body, actor, key }));
        _inProgress.TryRemove((actor, key), out _);
    }

    /// <summary>Forgets a request that did nothing, so that it can be sent again.</summary>
    public void Forget(string actor, string key)
    {
        database.Write(connection => connection.Execute("DELETE FROM idempotency WHERE actor = @actor AND key = @key", new { actor, key }));
        _inProgress.TryRemove((actor, key), out _);
    }
}
