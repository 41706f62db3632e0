using Cep.Conditions;
using Cep.Patterns;

namespace Cep.Differential.Cases;

/// <summary>Makes a case that fails smaller while it still fails: fewer events, fewer steps, plainer quantifiers and conditions.</summary>
internal static class Shrinker
{
    /// <summary>A case that fails and of which no single simplification fails.</summary>
    public static RandomCase Shrink(RandomCase c, Func<RandomCase, bool> fails)
    {
        while (Simpler(c).FirstOrDefault(s => PatternRules.Check(s.Pattern).Count == 0 && fails(s)) is { } simpler)
            c = simpler;
        return c;
    }

    private static IEnumerable<RandomCase> Simpler(RandomCase c) =>
        Enumerable.Range(0, c.Events.Count).Select(i => c with { Events = Without(c.Events, i) })
            .Concat(Simpler(c.Pattern).Select(p => c with { Pattern = p }));

    private static IEnumerable<Pattern> Simpler(Pattern p)
    {
        if (p.Steps.Count > 1 || p.Steps is [GroupStep])
        {
            foreach (var steps in Simpler(p.Steps))
                yield return p with { Steps = steps };
        }
        else
        {
            yield return p with { Steps = Simpler(p.Steps[0]).FirstOrDefault() is { } step ? [step] : p.Steps };
        }
        if (p.GapMs is not null)
            yield return p with { GapMs = null };
        if (p.WithinMs is not null)
            yield return p with { WithinMs = null };
        if (p.Skip.Kind != SkipKind.None)
            yield return p with { Skip = AfterMatchSkip.None };
    }

    private static IEnumerable<IReadOnlyList<PatternStep>> Simpler(IReadOnlyList<PatternStep> steps)
    {
        for (var i = 0; i < steps.Count; i++)
        {
            if (steps.Count > 1)
                yield return Without(steps, i);
            if (steps[i] is GroupStep group)
            {
                foreach (var alternative in group.Alternatives)
                    yield return [.. steps.Take(i), .. alternative, .. steps.Skip(i + 1)];
            }
            foreach (var step in Simpler(steps[i]))
                yield return [.. steps.Take(i), step, .. steps.Skip(i + 1)];
        }
    }

    private static IEnumerable<PatternStep> Simpler(PatternStep step)
    {
        if (step is GroupStep group)
        {
            foreach (var steps in Simpler(group.Steps))
                yield return group with { Steps = steps };
            for (var i = 0; i < group.OrElse.Count; i++)
            {
                yield return group with { OrElse = Without(group.OrElse, i) };
                foreach (var steps in Simpler(group.OrElse[i]))
                    yield return group with { OrElse = [.. group.OrElse.Take(i), steps, .. group.OrElse.Skip(i + 1)] };
            }
        }
        if (step.GapMs is not null)
            yield return step with { GapMs = null };
        if (step is EventStep { Where: BinaryExpr { Operator: BinaryOperator.And } both } tested)
            yield return tested with { Where = both.Left };
        var q = step.Quantifier;
        if (q == Quantifier.One)
            yield break;
        yield return step with { Quantifier = Quantifier.One };
        if (q.CanBeSkipped)
            yield return step with { Quantifier = q with { IsOptional = false, Min = Math.Max(q.Min, 1) } };
        if (q.IsGreedy)
            yield return step with { Quantifier = q with { IsGreedy = false } };
        if (q.Until is not null)
            yield return step with { Quantifier = q with { Until = null } };
        if (q.GapMs is not null)
            yield return step with { Quantifier = q with { GapMs = null } };
        if (q.Inner != Contiguity.Relaxed)
            yield return step with { Quantifier = q with { Inner = Contiguity.Relaxed } };
        if (q.Min > 1)
            yield return step with { Quantifier = q with { Min = q.Min - 1 } };
    }

    private static T[] Without<T>(IReadOnlyList<T> items, int at) => items.Where((_, i) => i != at).ToArray();
}
