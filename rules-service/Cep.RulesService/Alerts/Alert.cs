using System.Text.Json;
using System.Text.Json.Nodes;

namespace Cep.RulesService.Alerts;

/// <summary>What a rule told.</summary>
/// <param name="Place">Its place among all alerts, from 1, in the order in which they became visible.</param>
/// <param name="Id">The same for the same rule version and events, also after a crash.</param>
/// <param name="Rule">The rule.</param>
/// <param name="RuleVersion">The number of the rule set in which the rule got the text that it had.</param>
/// <param name="Severity">How bad it is.</param>
/// <param name="Key">The values of the rule's key; empty for none.</param>
/// <param name="DetectedAt">Event time at which it became certain.</param>
/// <param name="ToldAt">When it became visible, by the clock.</param>
/// <param name="AcknowledgedBy">Who has looked at it; null for nobody.</param>
/// <param name="AcknowledgedAt">When that was.</param>
/// <param name="About">What the rule said of itself.</param>
/// <param name="Content">The match as <c>cep run --explain</c> writes it: measures, events by step, and why it matched.</param>
internal sealed record Alert(
    long Place, string Id, string Rule, int RuleVersion, string Severity, JsonNode Key, DateTimeOffset DetectedAt, DateTimeOffset ToldAt, string? AcknowledgedBy, DateTimeOffset? AcknowledgedAt,
    RuleFacts About, JsonNode Content);

/// <summary>What a rule said of itself when it found something.</summary>
/// <param name="Title">One line for people; null for none.</param>
/// <param name="Owner">Who answers for the rule; null for none.</param>
/// <param name="Runbook">Where to read what to do; null for none.</param>
/// <param name="Tags">Labels for routing and search.</param>
/// <param name="KeyFields">The names of the key's fields, in the order of the key's values.</param>
internal sealed record RuleFacts(string? Title, string? Owner, string? Runbook, IReadOnlyList<string> Tags, IReadOnlyList<string> KeyFields);

/// <summary>Which alerts are asked for.</summary>
/// <param name="Rule">Of this rule; null for all.</param>
/// <param name="Severity">As bad as this; null for all.</param>
/// <param name="IsAcknowledged">Whether somebody has looked at them; null for both.</param>
/// <param name="Before">Only those before this place; null for all.</param>
internal sealed record AlertFilter(string? Rule, string? Severity, bool? IsAcknowledged, long? Before);
