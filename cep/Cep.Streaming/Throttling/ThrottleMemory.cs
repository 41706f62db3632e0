using Cep.Rules;

namespace Cep.Streaming.Throttling;

/// <summary>What is remembered of the alerts of all rules: by the name of the rule, and by the clause that asks for it.</summary>
internal sealed class ThrottleMemory
{
    public Dictionary<(string Rule, SuppressClause Clause), SuppressPeriods> Periods { get; } = [];

    public Dictionary<(string Rule, AlertLimit Limit), LimitWindow> Windows { get; } = [];

    /// <summary>By rule; not changed any more once other threads can see it.</summary>
    public Dictionary<string, ThrottleCounts> Counts { get; } = new(StringComparer.Ordinal);

    /// <summary>Whether there is nothing to remember.</summary>
    public bool IsEmpty => Periods.Values.All(p => p.Count == 0) && Windows.Values.All(w => w is { Limited: 0, Told.Count: 0 }) && Counts.Values.All(c => c is { Suppressed: 0, Limited: 0 });

    /// <summary>Where the alerts of a rule are counted that are not told.</summary>
    /// <param name="rule">Its name.</param>
    /// <param name="before">What was remembered before.</param>
    /// <param name="ruleBefore">Its name there; null for a new rule.</param>
    public ThrottleCounts CountsOf(string rule, ThrottleMemory before, string? ruleBefore)
    {
        if (!Counts.TryGetValue(rule, out var counts))
            Counts.Add(rule, counts = (ruleBefore is null ? null : before.Counts.GetValueOrDefault(ruleBefore)) ?? new ThrottleCounts());
        return counts;
    }

    /// <summary>What is remembered for a rule and clause; that from before where the clause is the same.</summary>
    public SuppressPeriods PeriodsOf(string rule, SuppressClause clause, ThrottleMemory before, string? ruleBefore)
    {
        if (!Periods.TryGetValue((rule, clause), out var periods))
            Periods.Add((rule, clause), periods = (ruleBefore is null ? null : before.Periods.GetValueOrDefault((ruleBefore, clause))) ?? new SuppressPeriods(clause.ForMs));
        return periods;
    }

    /// <inheritdoc cref="PeriodsOf"/>
    public LimitWindow WindowOf(string rule, AlertLimit limit, ThrottleMemory before, string? ruleBefore)
    {
        if (!Windows.TryGetValue((rule, limit), out var window))
            Windows.Add((rule, limit), window = (ruleBefore is null ? null : before.Windows.GetValueOrDefault((ruleBefore, limit))) ?? new LimitWindow(limit));
        return window;
    }
}
