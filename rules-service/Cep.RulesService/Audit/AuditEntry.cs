namespace Cep.RulesService.Audit;

/// <summary>Who did what, when, and what came of it.</summary>
/// <param name="Sequence">Its place, from 1, without gaps.</param>
/// <param name="At">When.</param>
/// <param name="Actor">The name of the API key; <c>local</c> where the service asks for none; <c>service</c> for what it does by itself.</param>
/// <param name="Action">What, as <c>rule-set.deploy</c>.</param>
/// <param name="Subject">To what, as <c>rule-set/12</c>.</param>
/// <param name="Outcome"><c>done</c>, or <c>refused</c>, or <c>failed</c>.</param>
/// <param name="Detail">More, in words; null for none.</param>
/// <param name="Hash">SHA-256 over the hash of the entry before and all of this one, in hexadecimal digits: whoever changes or removes an entry breaks the chain.</param>
internal sealed record AuditEntry(long Sequence, DateTimeOffset At, string Actor, string Action, string Subject, string Outcome, string? Detail, string Hash);

/// <summary>Whether the entries are as they were written.</summary>
/// <param name="Entries">How many there are.</param>
/// <param name="BrokenAt">The first entry whose hash is not that of what stands there, or before which one is missing; null for none.</param>
internal sealed record AuditVerification(long Entries, long? BrokenAt);
