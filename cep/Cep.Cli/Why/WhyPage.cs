using System.Text;
using Cep.Cli.Terminal;
using Cep.Explain;
using Cep.Streaming.Inquiries;

namespace Cep.Cli.Why;

/// <summary>What <c>cep why</c> prints: the verdict, then what it rests on.</summary>
internal sealed class WhyPage
{
    private readonly KeyReport _report;
    private readonly TextStyle _style;
    private readonly StringBuilder _text = new();

    private WhyPage(KeyReport report, TextStyle style) => (_report, _style) = (report, style);

    /// <summary>The whole page, ending in a line feed.</summary>
    public static string Of(KeyReport report, TextStyle style)
    {
        var page = new WhyPage(report, style);
        foreach (var (at, line) in WhyVerdict.Of(report).Index())
            page.Line(at == 0 ? style.Bold(line) : line);
        if (report.EventsOfKey + report.Late.Count > 0)
            page.Evidence();
        return page._text.ToString();
    }

    private void Evidence()
    {
        var pattern = _report.Pattern;
        foreach (var match in pattern.Matches)
            Taken($"Match, certain at {WhyWords.Time(match.DetectedMs)}", match.Events);
        if (pattern.MatchCount > pattern.Matches.Count)
            Line($"and {WhyWords.Count(pattern.MatchCount - pattern.Matches.Count, "earlier match").Replace("matchs", "matches", StringComparison.Ordinal)}.");
        if (pattern.Furthest is { } furthest && (pattern.MatchCount == 0 || _report.AtMs is not null))
            Furthest(furthest, pattern.Begun - 1);
        else if (pattern.Furthest is null && pattern.MatchCount == 0)
            NotTaken(pattern.Beginning);
        Events();
    }

    private void Furthest(PartialMatchReport match, long others)
    {
        Taken("The furthest partial match", match.Taken);
        if (match.EndedBy is { } end)
            NotTaken($"Ended by {end.Step}", [end]);
        NotTaken(match.End == PartialMatchEnd.NotNext ? [] : match.Awaits);
        if (others > 0)
            Line($"\n{WhyWords.Count(others, "other event")} began a partial match too; none of those came further.");
    }

    private void Taken(string title, IReadOnlyList<ExplainedEvent> events)
    {
        Title(title);
        var names = events.Max(e => e.Step.Length);
        var places = events.Max(e => WhyWords.Event(_report, e).Length);
        foreach (var e in events)
            Line($"  {_style.Cyan(e.Step.PadRight(names))}  {WhyWords.Event(_report, e).PadRight(places)}  {WhyWords.Time(e.TimeMs).PadRight(24)}  {e.Condition?.ToString() ?? "any event"}");
    }

    private void NotTaken(IReadOnlyList<AwaitedStep> awaits)
    {
        foreach (var awaited in awaits.Where(a => a.LastEvents.Count > 0))
        {
            var few = awaited.LastEvents.Count < awaited.Events ? $"; {awaited.LastEvents.Count} of them" : "";
            NotTaken($"{WhyWords.Count(awaited.Events, "event")} did not meet {awaited.Step}{few}", awaited.LastEvents);
        }
    }

    /// <summary>Events, each with the clauses of a condition below it.</summary>
    private void NotTaken(string title, IEnumerable<ExplainedEvent> events)
    {
        Title(title);
        foreach (var e in events)
        {
            Line($"  {WhyWords.Event(_report, e)}  {WhyWords.Time(e.TimeMs)}");
            foreach (var clause in e.Condition?.Conjuncts ?? [])
                Line($"    {Mark(clause)}  {clause}");
        }
    }

    private string Mark(EvaluatedExpr clause) => clause.Outcome switch
    {
        ConditionOutcome.Holds => _style.Green("yes"),
        ConditionOutcome.DoesNotHold => _style.Red("no "),
        _ => _style.Yellow("?  "),
    };

    private void Events()
    {
        Title("Events of the key");
        Line($"  {WhyWords.Count(_report.EventsOfKey, "event")} of the {_report.Events:N0} read, {_report.Offered:N0} offered to the pattern");
        foreach (var filter in _report.Filtered)
        {
            Line($"  {WhyWords.Count(filter.Dropped, "event")} of {filter.Stream} dropped by `from … where`: {WhyWords.Failing(filter.Clauses, filter.Dropped)}");
            Line($"    the last: {WhyWords.Event(_report, filter.Last)}  {WhyWords.Time(filter.Last.TimeMs)}");
            foreach (var clause in filter.Last.Condition!.Conjuncts)
                Line($"    {Mark(clause)}  {clause}");
        }
        foreach (var late in _report.Late.Take(3))
            Line($"  late: {WhyWords.Event(_report, late.Event)}  {WhyWords.Time(late.Event.TimeMs)}, when time had come to {WhyWords.Time(late.WatermarkMs)}");
        if (_report.Late.Count > 3)
            Line($"  and {_report.Late.Count - 3:N0} more late");
        foreach (var malformed in _report.MalformedOfKey)
            Line($"  malformed, and names the key: {malformed}");
    }

    private void Title(string title) => Line("\n" + _style.Bold(title));

    private void Line(string line) => _text.Append(line).Append('\n');
}
