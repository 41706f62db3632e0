using System.Globalization;
using Cep.Events;
using Cep.Explain;
using Cep.Streaming.Inquiries;
using Cep.Streaming.Keys;

namespace Cep.Cli.Why;

/// <summary>The words that the answers of <c>cep why</c> are made of.</summary>
internal static class WhyWords
{
    /// <summary>Such as <c>card_id c-0155</c>; <c>all events</c> for a rule without a key.</summary>
    public static string Key(KeyReport report) => report.Key.Count == 0 ? "all events"
        : $"{string.Join(",", report.Rule.Inputs[0].KeyFields.Select(f => f.Name))} {KeyText.Of(report.Rule.Inputs[0], report.Key)}";

    public static string Count(long count, string noun) => $"{count.ToString("N0", CultureInfo.InvariantCulture)} {noun}{(count == 1 ? "" : "s")}";

    /// <summary>Such as <c>3 of 7 events</c>, or <c>all 7 events</c>.</summary>
    public static string Share(long part, long whole) => part == whole ? whole == 1 ? "the one event" : $"all {Count(whole, "event")}" : $"{part:N0} of {Count(whole, "event")}";

    public static string Time(long ms) => ms == long.MaxValue ? "the end of time" : TimestampText.Format(ms);

    /// <summary>The event by its stream and place, such as <c>auths#4711</c>.</summary>
    public static string Event(KeyReport report, ExplainedEvent e) =>
        string.Create(CultureInfo.InvariantCulture, $"{report.StreamOf(e.Event)}#{e.Sequence + 1}");

    /// <summary>The clauses that failed most, with how often.</summary>
    public static string Failing(IReadOnlyList<ClauseCount> clauses, long events)
    {
        var most = clauses.Max(c => c.Failed);
        var worst = clauses.Where(c => c.Failed == most).ToList();
        var unknown = worst is [{ Unknown: > 0 } only] ? $" (on {Count(only.Unknown, "event")} it was unknown: a field was null)" : "";
        return $"{string.Join(" and ", worst.Select(c => $"`{c.Text}`"))}{(worst.Count > 1 ? " each" : "")} failed on {Share(most, events)}{unknown}";
    }
}
