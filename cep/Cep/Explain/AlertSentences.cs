using System.Globalization;
using Cep.Rules;

namespace Cep.Explain;

/// <summary>What a rule tells, how bad it is, and how much of it is told, in plain sentences.</summary>
internal static class AlertSentences
{
    public static IEnumerable<string> Of(Rule rule)
    {
        if (rule is { TellsMatches: true, Measures.Count: > 0 })
            yield return $"A match tells {Names(rule.Measures)}.";
        if (rule.TimeoutMeasures is { } measures)
            yield return $"{(rule.TellsMatches ? "A partial match that runs out of time is an alert too" : "Only a partial match that runs out of time is an alert, a match is none")}{(measures.Count == 0 ? "" : $"; it tells {Names(measures)}")}.";
        if (rule.SeverityCases.Count > 0)
            yield return $"It is {Severity(rule)}.";
        if (rule.Suppression is { } suppression)
            yield return $"For {Wording.Duration(suppression.ForMs)} after an alert, others with the same {Wording.List(suppression.By.ToArray())} are not told, only counted.";
        if (rule.Limit is { } limit)
            yield return string.Create(CultureInfo.InvariantCulture, $"In {Wording.Duration(limit.PerMs)} at most {limit.Count:N0} {(limit.Count == 1 ? "alert is" : "alerts are")} told, the rest counted.");
    }

    /// <summary><c>critical if a.amount > 5, else high</c></summary>
    public static string Severity(Rule rule) => string.Concat(rule.SeverityCases.Select(c => $"{Word(c.Severity)} if {c.When}, else ")) + Word(rule.Severity);

    private static string Names(IReadOnlyList<Measure> measures) => Wording.List(measures.Select(m => m.Name).ToArray());

    private static string Word(Severity severity) => severity.ToString().ToLowerInvariant();
}
