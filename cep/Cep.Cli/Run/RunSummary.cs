using Cep.Streaming.Jobs;

namespace Cep.Cli.Run;

/// <summary>What a run did, in numbers.</summary>
/// <param name="Events">Well-formed events read, the late ones too.</param>
/// <param name="Elapsed">How long the run took.</param>
/// <param name="Late">Events that came after their watermark; they were not matched.</param>
/// <param name="Malformed">Pieces of input that are no events.</param>
/// <param name="Rules">By rule, in the order of the set.</param>
/// <param name="EventsBefore">Events that were read before this run, which went on from a checkpoint; all other numbers but the time count them too.</param>
internal sealed record RunSummary(long Events, TimeSpan Elapsed, long Late, long Malformed, IReadOnlyList<RuleSummary> Rules, long EventsBefore = 0)
{
    /// <summary>Events a second; null for a run too short to tell.</summary>
    public double? EventsPerSecond => Elapsed > TimeSpan.Zero ? (Events - EventsBefore) / Elapsed.TotalSeconds : null;

    /// <summary>The numbers of a job that has ended.</summary>
    public static RunSummary Of(RuleJobResult result, long eventsBefore = 0) => new(
        result.Input.Records,
        result.Input.Elapsed,
        result.Input.Late,
        result.Input.Malformed,
        result.Rules.Select(r => new RuleSummary(r.Rule.Name, r.Counts.Matches, r.Counts.Timeouts, r.Counts.Unknown, r.Counts.Errors, r.Counts.WithoutKey, r.Counts.DroppedPartials, r.Counts.CancelledPartials, r.Counts.Suppressed, r.Counts.Limited)).ToList(),
        eventsBefore);
}

/// <summary>What one rule did.</summary>
/// <param name="Name">The rule.</param>
/// <param name="Matches">Matches found; written but for those that were suppressed or limited.</param>
/// <param name="Timeouts">Partial matches that ran out of time.</param>
/// <param name="Unknown">Conditions that were null because something was missing.</param>
/// <param name="Errors">Conditions that failed in arithmetic.</param>
/// <param name="WithoutKey">Events whose key was null.</param>
/// <param name="DroppedPartials">Partial matches beyond what the rule allows a key.</param>
/// <param name="CancelledPartials">Partial matches that an event of <c>unless</c> dropped.</param>
/// <param name="Suppressed">Alerts not written because one with the same values was before.</param>
/// <param name="Limited">Alerts not written because there were as many as the rule may tell.</param>
internal sealed record RuleSummary(string Name, long Matches, long Timeouts, long Unknown = 0, long Errors = 0, long WithoutKey = 0, long DroppedPartials = 0, long CancelledPartials = 0, long Suppressed = 0, long Limited = 0);
