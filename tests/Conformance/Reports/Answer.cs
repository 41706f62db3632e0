namespace Cep.Conformance.Reports;

/// <summary>Events by step, written in one way only, so that equal ones are equal texts: <c>a[0] b[1,3]</c>, steps by name.</summary>
public static class Taken
{
    /// <summary>Writes the events, given by position, that each step took; steps that took none are left out.</summary>
    public static string Text(IEnumerable<KeyValuePair<string, int[]>> steps) => string.Join(" ", steps
        .Where(s => s.Value.Length > 0)
        .OrderBy(s => s.Key, StringComparer.Ordinal)
        .Select(s => $"{s.Key}[{string.Join(",", s.Value)}]"));
}

/// <summary>A match or a timeout: its events as <see cref="Taken"/> writes them, and the event time, in milliseconds, at which it became certain.</summary>
public readonly record struct Told(string Events, long AtMs);

/// <summary>What was answered to a case, by us.</summary>
/// <param name="Matches">Every match that came out, also one that came out twice.</param>
/// <param name="Timeouts">Every timeout that came out.</param>
/// <param name="Late">Positions of late events.</param>
/// <param name="MatchesBeforeEnd">How many matches had come when the watermark stood at the last event; null where the path cannot tell.</param>
public sealed record Answer(IReadOnlyList<Told> Matches, IReadOnlyList<Told> Timeouts, IReadOnlyList<int> Late, int? MatchesBeforeEnd);
