using Cep.Patterns;

namespace Cep.Explain;

/// <summary>The one bound between each event of a pattern and the next, where all its steps have the same; said once, not per step.</summary>
internal static class GapWindow
{
    /// <summary>The bound in milliseconds; null where there is none, or not the same everywhere.</summary>
    public static long? Of(Pattern pattern)
    {
        // Nothing comes before the first event; the first of a group may come again.
        var unbounded = pattern.Steps[0] is EventStep ? 1 : 0;
        var gaps = pattern.EventSteps.Where(s => !s.IsNegated).SelectMany(Gaps).Skip(unbounded).Distinct().ToList();
        return gaps is [{ } gapMs] ? gapMs : null;
    }

    /// <summary>The steps without the bound.</summary>
    public static IReadOnlyList<PatternStep> Without(IReadOnlyList<PatternStep> steps) => steps.Select(s => s switch
    {
        EventStep { IsNegated: false } e => e with { GapMs = null, Quantifier = e.Quantifier with { GapMs = null } },
        GroupStep g => g with { Steps = Without(g.Steps) },
        _ => s,
    }).ToList();

    /// <summary>The bound before the step's first event, and that before each further one.</summary>
    private static IEnumerable<long?> Gaps(EventStep step) => step.Quantifier.IsLoop ? [step.GapMs, step.Quantifier.GapMs] : [step.GapMs];
}
