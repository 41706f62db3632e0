using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Cep.RulesService.Audit;
using Cep.RulesService.Storage;
using Dapper;

namespace Cep.RulesService.Security;

/// <summary>The API keys. A key is <c>cep_ID_SECRET</c>; of the secret only a hash is kept.</summary>
/// <remarks>
/// The hash is one SHA-256 and not a slow one: the secret is 256 random bits and no password, so that there is nothing to guess, and a request costs no more for it.
/// The key's own number is hashed with it, as a salt. All threads.
/// </remarks>
internal sealed class ApiKeyStore
{
    private const string Prefix = "cep_";
    private const string BootstrapName = "bootstrap";

    private readonly Database _database;
    private readonly AuditLog _audit;
    private readonly TimeProvider _time;
    private readonly byte[]? _bootstrapHash;
    private volatile IReadOnlyDictionary<string, Row> _keys;

    public ApiKeyStore(Database database, AuditLog audit, SecurityOptions options, TimeProvider time)
    {
        (_database, _audit, _time) = (database, audit, time);
        _bootstrapHash = string.IsNullOrEmpty(options.BootstrapKey) ? null : HashOf("", options.BootstrapKey);
        _keys = Load();
    }

    /// <summary>Whether no key was ever made: then only this machine is served, and may do everything. Where all were revoked it stays closed.</summary>
    public bool IsOpen => _bootstrapHash is null && _keys.Count == 0;

    /// <summary>All keys, from the oldest on; the revoked ones too.</summary>
    public IReadOnlyList<ApiKey> All() => _keys.Values.OrderBy(k => k.CreatedMs).ThenBy(k => k.Id, StringComparer.Ordinal).Select(k => k.ToKey()).ToList();

    /// <summary>Whose a key is.</summary>
    /// <returns>The name and the role; null where it is no key, or was revoked.</returns>
    public (string Name, Role Role)? Verify(string text)
    {
        if (_bootstrapHash is not null && CryptographicOperations.FixedTimeEquals(HashOf("", text), _bootstrapHash))
            return (BootstrapName, Role.Admin);
        var parts = text.Split('_', 3);
        if (parts is not ["cep", var id, var secret] || !_keys.TryGetValue(id, out var key) || key.RevokedMs is not null)
            return null;
        return CryptographicOperations.FixedTimeEquals(HashOf(id, secret), Convert.FromHexString(key.Hash)) ? (key.Name, (Role)key.Role) : null;
    }

    /// <summary>Makes a key.</summary>
    /// <returns>The key; else why not, a sentence.</returns>
    public (ApiKeyCreated? Created, string? Why) Create(ApiKeyRequest request, string actor)
    {
        var (id, secret) = (Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6)), Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32)));
        var row = new Row { Id = id, Name = request.Name, Role = (int)request.Role, Hash = Convert.ToHexStringLower(HashOf(id, secret)), CreatedBy = actor, CreatedMs = _time.GetUtcNow().ToUnixTimeMilliseconds() };
        var why = _database.Write(connection =>
        {
            var keys = connection.Query<Row>("SELECT * FROM api_keys").ToList();
            if (request.Name == BootstrapName || keys.Any(k => k.RevokedMs is null && k.Name == request.Name))
                return $"There is a key named `{request.Name}` already.";
            if (keys.Count == 0 && _bootstrapHash is null && request.Role != Role.Admin)
                return "The first key is one of an administrator: with it the service asks for keys, and there would be nobody to make others.";
            connection.Execute("INSERT INTO api_keys (id, name, role, hash, created_by, created_ms) VALUES (@Id, @Name, @Role, @Hash, @CreatedBy, @CreatedMs)", row);
            _audit.Add(connection, actor, "key.create", $"key/{id}", "done", $"{request.Name}, {request.Role}");
            return null;
        });
        if (why is not null)
            return (null, why);
        _keys = Load();
        return (new ApiKeyCreated(row.ToKey(), $"{Prefix}{id}_{secret}"), null);
    }

    /// <summary>Makes a key count no more, from the next request on.</summary>
    /// <returns>Whether it is there, and why it was not revoked: null where it was.</returns>
    public (bool Found, string? Why) Revoke(string id, string actor)
    {
        var result = _database.Write(connection =>
        {
            var keys = connection.Query<Row>("SELECT * FROM api_keys WHERE revoked_ms IS NULL").ToList();
            if (keys.Find(k => k.Id == id) is not { } key)
                return (false, (string?)null);
            if (_bootstrapHash is null && (Role)key.Role == Role.Admin && keys.Count(k => (Role)k.Role == Role.Admin) == 1)
                return (true, "It is the only key of an administrator; make another one before it is revoked.");
            connection.Execute("UPDATE api_keys SET revoked_ms = @now WHERE id = @id", new { id, now = _time.GetUtcNow().ToUnixTimeMilliseconds() });
            _audit.Add(connection, actor, "key.revoke", $"key/{id}", "done", key.Name);
            return (true, null);
        });
        _keys = Load();
        return result;
    }

    private Dictionary<string, Row> Load() => _database.Read(connection => connection.Query<Row>("SELECT * FROM api_keys").ToDictionary(k => k.Id, StringComparer.Ordinal));

    private static byte[] HashOf(string salt, string secret) => SHA256.HashData(Encoding.UTF8.GetBytes($"{salt}_{secret}"));

    private sealed class Row
    {
        public string Id { get; init; } = "";

        public string Name { get; init; } = "";

        public int Role { get; init; }

        public string Hash { get; init; } = "";

        public string CreatedBy { get; init; } = "";

        public long CreatedMs { get; init; }

        public long? RevokedMs { get; init; }

        public ApiKey ToKey() => new(Id, Name, (Role)Role, CreatedBy, DateTimeOffset.FromUnixTimeMilliseconds(CreatedMs), RevokedMs is { } ms ? DateTimeOffset.FromUnixTimeMilliseconds(ms) : null);
    }
}
