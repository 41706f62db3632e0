using Cep.Streaming.Swaps;

namespace Cep.RulesService.Deployments;

/// <summary>How far a deployment has come.</summary>
internal enum DeploymentOutcome
{
    /// <summary>It is being carried out.</summary>
    Pending,

    /// <summary>Its rules run.</summary>
    Done,

    /// <summary>It was not begun: its rules have errors, or cannot take the place of those that run.</summary>
    Refused,

    /// <summary>It was begun, and the rules before run on.</summary>
    Failed,
}

/// <summary>What a deployment meant for a rule.</summary>
/// <param name="Rule">The rule's name now; null where it was removed.</param>
/// <param name="Before">The rule it takes the place of; null for none.</param>
/// <param name="Change">How it differs: unchanged, cosmetic, compatible, breaking, added, removed.</param>
/// <param name="Partials">What became of its partial matches: kept, carried, drained, dropped; <c>begins</c> for a new rule.</param>
/// <param name="PartialMatches">How many there were; null where that is not known.</param>
/// <param name="Text">The same as a sentence.</param>
internal sealed record RuleDeployment(string? Rule, string? Before, RuleChangeKind Change, RuleFate Partials, long? PartialMatches, string Text)
{
    /// <summary>Of each rule of a plan.</summary>
    public static IReadOnlyList<RuleDeployment> Of(SwapPlan plan) =>
        plan.Rules.Select(r => new RuleDeployment(r.After, r.Before, r.Kind, r.Fate, r.PartialMatches, r.ToString())).ToList();
}

/// <summary>One version of the rule set put in the place of another.</summary>
/// <param name="Id">From 1.</param>
/// <param name="Version">The version.</param>
/// <param name="Previous">The one that ran before; null for none.</param>
/// <param name="Policy">What becomes of partial matches of rules that changed.</param>
/// <param name="RequestedBy">The name of the API key.</param>
/// <param name="RequestedAt">When.</param>
/// <param name="Outcome">How far it came.</param>
/// <param name="WatermarkMs">
/// The event time, Unix milliseconds, up to which the rules before were matched; null where there were none, it is not done, or the engine was restarted for it.
/// </param>
/// <param name="Detail">Why it was refused or failed; null otherwise.</param>
/// <param name="Rules">What it meant for each rule.</param>
internal sealed record Deployment(
    long Id, int Version, int? Previous, PartialMatchPolicy Policy, string RequestedBy, DateTimeOffset RequestedAt, DeploymentOutcome Outcome, long? WatermarkMs, string? Detail, IReadOnlyList<RuleDeployment> Rules);
