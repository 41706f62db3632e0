namespace Cep.RulesService.Security;

/// <summary>An API key, without what is secret in it.</summary>
/// <param name="Id">Its public part.</param>
/// <param name="Name">Whose it is; the actor of the audit log.</param>
/// <param name="Role">What its holder may do.</param>
/// <param name="CreatedBy">Who made it.</param>
/// <param name="CreatedAt">When.</param>
/// <param name="RevokedAt">Since when it does not count any more; null where it does.</param>
internal sealed record ApiKey(string Id, string Name, Role Role, string CreatedBy, DateTimeOffset CreatedAt, DateTimeOffset? RevokedAt);

/// <summary>A key to be made.</summary>
/// <param name="Name">Whose it is: 1 to 100 letters, digits, <c>. _ - @</c>; no other key that counts has it.</param>
/// <param name="Role">What its holder may do.</param>
internal sealed record ApiKeyRequest(string Name, Role Role);

/// <summary>A key that was made.</summary>
/// <param name="Key">The key without its secret.</param>
/// <param name="Secret">What requests come with. It is told this once, and kept nowhere.</param>
internal sealed record ApiKeyCreated(ApiKey Key, string Secret);
