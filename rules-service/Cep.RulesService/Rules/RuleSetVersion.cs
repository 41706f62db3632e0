using System.Text.Json.Serialization;

namespace Cep.RulesService.Rules;

/// <summary>What can be done with a version.</summary>
internal enum RuleSetState
{
    /// <summary>It can still be edited, and has never been deployed.</summary>
    Draft,

    /// <summary>It runs.</summary>
    Live,

    /// <summary>It ran once. It does not change any more, and can be deployed again.</summary>
    Retired,
}

/// <summary>A version of the whole rule set: the unit of change.</summary>
/// <param name="Number">From 1, in the order in which they were begun.</param>
/// <param name="State">Whether it can be edited, runs, or ran.</param>
/// <param name="Revision">How often a draft has been saved, from 1.</param>
/// <param name="Comment">What its author says of it; null for nothing.</param>
/// <param name="CreatedBy">The name of the API key.</param>
/// <param name="CreatedAt">When it was begun.</param>
/// <param name="ChangedAt">When it was last saved.</param>
/// <param name="DeployedAt">When it was first deployed; null for never.</param>
internal sealed record RuleSetVersion(
    int Number, RuleSetState State, int Revision, string? Comment, string CreatedBy, DateTimeOffset CreatedAt, DateTimeOffset ChangedAt, DateTimeOffset? DeployedAt)
{
    /// <summary>The entity tag: another one after every save, and after it went live.</summary>
    [JsonPropertyName("etag")]
    public string ETag => $"\"{Number}.{Revision}{(State == RuleSetState.Draft ? "" : $".{State}")}\"";

    /// <summary>How the audit log names it.</summary>
    [JsonIgnore]
    public string Subject => SubjectOf(Number);

    /// <summary>How the audit log names the version with a number.</summary>
    public static string SubjectOf(int number) => $"rule-set/{number}";
}
