using Cep.Events;
using Cep.Explain;
using Cep.Language.Text;
using Cep.Rules;
using Cep.Streaming.Inquiries;
using Cep.Streaming.Keys;

namespace Cep.Cli.Why;

/// <summary>The first lines of an answer: whether the rule matched, and if not, why.</summary>
internal static class WhyVerdict
{
    private const int SuggestionsMax = 3;

    /// <summary>Two or three whole sentences, one a line.</summary>
    public static IEnumerable<string> Of(KeyReport report)
    {
        if (report.Rule.Status == RuleStatus.Draft)
            yield return $"{report.Rule.Name} is a draft, so it does not run. If it did:";
        foreach (var line in Lines(report))
            yield return line;
    }

    private static IEnumerable<string> Lines(KeyReport report)
    {
        var (pattern, until) = (report.Pattern, report.AtMs is { } atMs ? $" up to {WhyWords.Time(atMs)}" : "");
        if (report.EventsOfKey + report.Late.Count == 0)
            return [$"No event with {WhyWords.Key(report)} is among the {WhyWords.Count(report.Events, "event")} read{until}.", .. NearKeys(report)];
        if (pattern.MatchCount > 0)
            return [$"{report.Rule.Name} matched {Times(pattern.MatchCount)} for {WhyWords.Key(report)}{until}; {(pattern.MatchCount == 1 ? "it was" : "the last was")} certain at {WhyWords.Time(pattern.Matches[^1].DetectedMs)}.", .. NotTold(report.Rule)];
        return [$"{report.Rule.Name} did not match for {WhyWords.Key(report)}{until}.", .. Why(report)];
    }

    /// <summary>Why a match may not be among the alerts of a run.</summary>
    private static IEnumerable<string> NotTold(Rule rule)
    {
        if (!rule.TellsMatches)
            yield return "None of its matches is an alert: the rule emits on timeout only.";
        else if (rule is not { Suppression: null, Limit: null })
            yield return $"Not every match is told as an alert: the rule has a clause {(rule.Suppression is null ? "`limit`" : rule.Limit is null ? "`suppress`" : "`suppress`, and one `limit`")}.";
    }

    private static IEnumerable<string> NearKeys(KeyReport report)
    {
        var text = KeyText.Of(report.Rule.Inputs[0], report.Key);
        var others = report.OtherKeys.ToList();
        var near = new List<string>();
        while (near.Count < SuggestionsMax && EditDistance.Nearest(text, others) is { } nearest)
        {
            near.Add(nearest);
            others.Remove(nearest);
        }
        near.AddRange(others.Where(k => k.Contains(text, StringComparison.OrdinalIgnoreCase)).Take(SuggestionsMax - near.Count));
        if (near.Count > 0)
            yield return $"Did you mean {string.Join(" or ", near)}?";
        if (report.WithoutKey > 0)
            yield return $"{WhyWords.Count(report.WithoutKey, "event")} had no key, because a field of it was null.";
    }

    private static IEnumerable<string> Why(KeyReport report)
    {
        if (report.Pattern.Furthest is { } furthest)
            return Furthest(report, furthest);
        if (report.Offered > 0)
            return NotBegun(report);
        return report.Filtered.Count > 0
            ? [$"The pre-filter (`from … where`) dropped every event of the key: {string.Join("; ", report.Filtered.Select(f => WhyWords.Failing(f.Clauses, f.Dropped)))}."]
            : [$"Every event of the key was late, so none was looked at: {WhyWords.Count(report.Late.Count, "event")}."];
    }

    private static IEnumerable<string> NotBegun(KeyReport report) =>
    [
        $"No partial match began: no event of the key met the first step, {Steps(report.Pattern.Beginning)}.",
        .. report.Pattern.Beginning.Where(a => a is { Events: > 0, Clauses.Count: > 0 }).Select(a => $"{WhyWords.Failing(a.Clauses, a.Events)} of the key."),
        .. report.Pattern.Beginning.Where(a => a is { Events: 0, IsAbsence: false }).Select(a => $"No event of the stream that {a.Step} takes came for the key."),
    ];

    private static IEnumerable<string> Furthest(KeyReport report, PartialMatchReport match)
    {
        yield return $"The furthest partial match {Took(match)}, {Ended(report, match)}.";
        foreach (var awaited in match.Awaits.Where(a => !a.IsAbsence && match.End != PartialMatchEnd.NotNext))
        {
            var waits = match.End == PartialMatchEnd.Waiting ? "waits" : "waited";
            var step = match.Taken.Any(e => e.Step == awaited.Step) ? $"another {awaited.Step}" : awaited.Step;
            yield return awaited switch
            {
                { Events: 0 } => $"It {waits} for {step}, and no event of that stream came meanwhile but those it took.",
                { Clauses.Count: 0 } => $"It {waits} for {step}.",
                _ => $"It {waits} for {step}: {WhyWords.Failing(awaited.Clauses, awaited.Events)} that came meanwhile.",
            };
        }
        if (match is { End: PartialMatchEnd.NotNext, EndedBy.Condition: { } condition })
            yield return $"What failed: {string.Join(" and ", condition.Conjuncts.Where(c => c.Outcome != ConditionOutcome.Holds))}.";
    }

    private static string Took(PartialMatchReport match)
    {
        if (match.Taken.Count < match.EventsNeeded)
            return $"took {match.Taken.Count} of the {match.EventsNeeded} events it needs";
        var absence = match.Awaits.FirstOrDefault(a => a.IsAbsence);
        return "took all the events it needs" + (absence is null ? "" : $", waited for no {absence.Step} to come");
    }

    private static string Ended(KeyReport report, PartialMatchReport match) => match.End switch
    {
        PartialMatchEnd.Waiting => $"and is alive{Left(report, match)}",
        PartialMatchEnd.OutOfTime => $"and ran out of time at {WhyWords.Time(match.EndedAtMs!.Value)}, {DurationText.Format(match.EndedAtMs.Value - match.Taken[0].TimeMs)} after its first event{(match.EndedAtMs > report.NewestMs ? " and after the last of the input" : "")}",
        PartialMatchEnd.Forbidden => $"and ended at {WhyWords.Time(match.EndedAtMs!.Value)}: {match.EndedBy!.Step} came, which must not come ({WhyWords.Event(report, match.EndedBy)})",
        PartialMatchEnd.NotNext => $"and ended at {WhyWords.Time(match.EndedAtMs!.Value)}: the very next event ({WhyWords.Event(report, match.EndedBy!)}) had to be {match.EndedBy!.Step}, and was not",
        PartialMatchEnd.Dropped => $"and was dropped at {WhyWords.Time(match.EndedAtMs!.Value)} by a match that came first, as `skip` says",
        PartialMatchEnd.Cancelled => $"and was called off at {WhyWords.Time(match.EndedAtMs!.Value)} by `unless`: an event of {match.EndedBy!.Step} came on which it holds ({WhyWords.Event(report, match.EndedBy)})",
        _ => throw new InvalidOperationException($"Unknown end: {match.End}."),
    };

    private static string Left(KeyReport report, PartialMatchReport match) => match.DeadlineMs is not { } deadlineMs ? ", with no limit of time"
        : report.AtMs is { } atMs ? $" with {DurationText.Format(deadlineMs - atMs)} left, until {WhyWords.Time(deadlineMs)}"
        : $", until {WhyWords.Time(deadlineMs)}";

    private static string Steps(IReadOnlyList<AwaitedStep> steps) => string.Join(" or ", steps.Select(s => s.Step));

    private static string Times(long count) => count == 1 ? "once" : WhyWords.Count(count, "time");
}
