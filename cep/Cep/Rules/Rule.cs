using Cep.Conditions;
using Cep.Events;
using Cep.Patterns;

namespace Cep.Rules;

/// <summary>How bad it is when the rule matches.</summary>
public enum Severity
{
    /// <summary>For the record.</summary>
    Low,

    /// <summary>The default.</summary>
    Medium,

    /// <summary>To be looked at soon.</summary>
    High,

    /// <summary>To be looked at now.</summary>
    Critical,
}

/// <summary>Whether a rule runs.</summary>
public enum RuleStatus
{
    /// <summary>It runs and alerts; the default.</summary>
    Live,

    /// <summary>It is compiled only.</summary>
    Draft,
}

/// <summary>A stream that a rule reads.</summary>
/// <param name="Stream">The stream.</param>
/// <param name="KeyFields">The fields that make the key, in order; empty for one global partition. All inputs of a rule agree in the kinds of their key fields.</param>
/// <param name="Where">The pre-filter, decided before contiguity is judged; null for none. Reads the candidate only.</param>
public sealed record RuleInput(StreamDefinition Stream, IReadOnlyList<EventField> KeyFields, Expr? Where);

/// <summary>A value computed when a match is emitted.</summary>
/// <param name="Name">Its name in the output; unique in the rule.</param>
/// <param name="Value">Reads the events of the match by step, and facts about the match; no candidate.</param>
public sealed record Measure(string Name, Expr Value);

/// <summary>A rule: which events it reads, the pattern it looks for, what it tells.</summary>
/// <remarks>Immutable.</remarks>
public sealed record Rule
{
    /// <summary>Unique in the rule set.</summary>
    public required string Name { get; init; }

    /// <summary>One line for people; null for none.</summary>
    public string? Title { get; init; }

    /// <summary>How bad a match is; where that depends on the match, how bad it is if none of <see cref="SeverityCases"/> holds.</summary>
    public Severity Severity { get; init; } = Severity.Medium;

    /// <summary>How bad a match or timeout is where that depends on it: the first case that holds decides. Default: none.</summary>
    public IReadOnlyList<SeverityCase> SeverityCases { get; init; } = [];

    /// <summary>Labels for routing and search.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Who answers for the rule; null for none.</summary>
    public string? Owner { get; init; }

    /// <summary>Where to read what to do; null for none.</summary>
    public string? Runbook { get; init; }

    /// <summary>Whether it runs.</summary>
    public RuleStatus Status { get; init; }

    /// <summary>The version told with each match; at least 1.</summary>
    public int Version { get; init; } = 1;

    /// <summary>The streams it reads; at least one.</summary>
    public required IReadOnlyList<RuleInput> Inputs { get; init; }

    /// <summary>What it looks for.</summary>
    public required Pattern Pattern { get; init; }

    /// <summary>The events that call it off for their key; none by default.</summary>
    public IReadOnlyList<UnlessClause> Unless { get; init; } = [];

    /// <summary>What a match tells beside the matched events, in order.</summary>
    public IReadOnlyList<Measure> Measures { get; init; } = [];

    /// <summary>Whether a match is an alert; else it is only counted. Default: yes.</summary>
    public bool TellsMatches { get; init; } = true;

    /// <summary>
    /// What a partial match tells that ran out of time, where that is an alert and told as matches are; what reads a step that took nothing is null. Null, the default, where it is none.
    /// </summary>
    public IReadOnlyList<Measure>? TimeoutMeasures { get; init; }

    /// <summary>Keeps back alerts that say the same; null, the default, for none.</summary>
    public Suppression? Suppression { get; init; }

    /// <summary>Bounds how many alerts are told; null, the default, for no bound.</summary>
    public AlertLimit? Limit { get; init; }

    /// <summary>Bounds the partial matches of each key. Default: 10,000, and the oldest are dropped.</summary>
    public PartialMatchLimit Partials { get; init; } = PartialMatchLimit.Default;
}
