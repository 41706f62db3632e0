using Cep.Conformance.Cases;

namespace Cep.Conformance.Reports;

/// <summary>What an answer is worth beside Flink's.</summary>
/// <param name="Differences">What differs, one line each; empty when nothing does.</param>
/// <param name="Choice">Why we answer otherwise on purpose; null when we do not.</param>
public sealed record Verdict(IReadOnlyList<string> Differences, string? Choice = null)
{
    /// <summary>The answers are the same.</summary>
    public static Verdict Same { get; } = new([]);

    /// <summary>One thing differs.</summary>
    public static Verdict Differs(string difference) => new([difference]);
}

/// <summary>Compares an answer with Flink's, as sets.</summary>
public static class Comparison
{
    /// <summary>Compares the answer to a case that expects matches.</summary>
    public static Verdict Compare(Case c, Answer got)
    {
        var differences = Differences(c, got);
        if (differences.Count == 0 || WithoutGapsPastTheEnd(c, got) is not { } answer || Differences(c, answer).Count > 0)
            return new Verdict(differences);
        return new Verdict([], Choice: "an absence that becomes certain after the last event, where Flink does not look at a gap's deadline any more");
    }

    private static List<string> Differences(Case c, Answer got)
    {
        var lines = new List<string>();
        var expected = Expected(c);
        Sets("match", expected, got.Matches.Select(m => m.Events), lines);
        Timeouts(c, got, lines);
        Sets("late event", (c.Expect.Late ?? []).Select(l => l.ToString()), got.Late.Select(l => l.ToString()), lines);
        var before = c.Expect.MatchesBeforeEnd ?? expected.Count;
        if (got.MatchesBeforeEnd is { } gotBefore && gotBefore != before && lines.Count == 0)
            lines.Add($"matches when the watermark stands at the last event: expected {before}, got {gotBefore}");
        return lines;
    }

    private static HashSet<string> Expected(Case c) =>
        (c.Expect.Matches ?? throw new ArgumentException($"{c.Id} expects no matches.", nameof(c))).Select(m => Taken.Text(m)).ToHashSet();

    /// <summary>The answer without the matches of a final <c>not</c> with a wait of its own that ends after the last event; null where there is no such wait.</summary>
    private static Answer? WithoutGapsPastTheEnd(Case c, Answer got)
    {
        if (!c.Pattern.HasGap || !c.Pattern.Steps[^1].Not || c.Events.Count == 0)
            return null;
        var (last, expected) = (c.Events.Max(e => e.T), Expected(c));
        return got with { Matches = got.Matches.Where(m => m.AtMs <= last || expected.Contains(m.Events)).ToArray() };
    }

    // Flink looks at the deadline of a gap only when the key's next event comes, so it does not tell of those that pass after the last event.
    // We do, so there each of Flink's timeouts must be among ours; and it has no stamp to compare where a gap ran out.
    private static void Timeouts(Case c, Answer got, List<string> lines)
    {
        var expected = c.Expect.Timeouts ?? [];
        var events = expected.Select(t => Taken.Text(t.Events)).ToHashSet();
        if (c.Pattern.HasGap)
            Sets("timeout", events, got.Timeouts.Select(t => t.Events).Where(events.Contains), lines);
        else
            Sets("timeout", expected.Select(t => $"{Taken.Text(t.Events)} at {t.At}"), got.Timeouts.Select(t => $"{t.Events} at {t.AtMs}"), lines);
    }

    private static void Sets(string what, IEnumerable<string> expected, IEnumerable<string> got, List<string> lines)
    {
        var (want, have) = (expected.ToHashSet(), got.ToArray());
        lines.AddRange(want.Except(have).Order(StringComparer.Ordinal).Select(x => $"missing {what}: {x}"));
        lines.AddRange(have.Except(want).Order(StringComparer.Ordinal).Select(x => $"extra {what}: {x}"));
        lines.AddRange(have.GroupBy(x => x).Where(g => g.Count() > 1).Select(g => $"{what} came {g.Count()} times: {g.Key}"));
    }
}
