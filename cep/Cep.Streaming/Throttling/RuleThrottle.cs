using Cep.Streaming.Matches;

namespace Cep.Streaming.Throttling;

/// <summary>Holds back alerts of one rule, or of a version of it that is being drained. For the sink thread.</summary>
/// <param name="values">Finds what they are suppressed by; null where they are not.</param>
/// <param name="periods">What is remembered of those values; null where they are not suppressed.</param>
/// <param name="window">When alerts were told; null where there is no limit.</param>
/// <param name="counts">Where those are counted that are not told.</param>
internal sealed class RuleThrottle(AlertValues? values, SuppressPeriods? periods, LimitWindow? window, ThrottleCounts counts)
{
    /// <summary>Whether an alert is told; one that follows others that were not says how many.</summary>
    public bool Tells(ref Match match)
    {
        // Alerts come in order of this time, which that of their detection need not be: what a swap carried over may have been due before it.
        var timeMs = match.EmittedAt.TimeMs;
        var by = values?.Of(match) ?? [];
        if (periods is not null && periods.TrySuppress(by, timeMs))
        {
            counts.Suppress();
            return false;
        }
        // What is not told for this reason begins no period.
        if (window is not null && window.TryLimit(timeMs))
        {
            counts.Limit();
            return false;
        }
        var (suppressed, limited) = (periods?.Begin(by, timeMs) ?? 0, window?.Tell(timeMs) ?? 0);
        if (suppressed + limited > 0)
            match = match with { Suppressed = suppressed, Limited = limited };
        return true;
    }
}
