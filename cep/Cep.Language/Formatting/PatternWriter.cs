using System.Text;
using Cep.Conditions;
using Cep.Events;
using Cep.Patterns;

namespace Cep.Language.Formatting;

/// <summary>Writes a pattern as the rule text of a <c>match</c> clause. Compiled again over the same streams, the text gives an equal pattern.</summary>
/// <remarks>
/// A sequence stands on one line, so that no name can be taken for a clause. What the pattern and the language both leave open is written in one
/// way: a count from 0 is an optional step, and a link before the first step, which means nothing, is left out.
/// </remarks>
public static class PatternWriter
{
    /// <summary>Lists why the pattern has no rule text: what <see cref="PatternRules.Check"/> finds, and what the language has no words for.</summary>
    public static IReadOnlyList<PatternProblem> Check(Pattern pattern) =>
        PatternRules.Check(pattern) is { Count: > 0 } problems ? problems : TextLimits.Check(pattern);

    /// <summary>Writes what stands behind <c>match</c>: steps, <c>within</c> and, unless it is <c>past last</c>, <c>skip</c>.</summary>
    /// <exception cref="ArgumentException"><see cref="Check"/> finds a reason why not.</exception>
    public static string Write(Pattern pattern)
    {
        if (Check(pattern) is [var problem, ..])
            throw new ArgumentException(problem.Reason, nameof(pattern));
        return $"{Sequence(pattern.Steps)} within {Within(pattern)}{Skip(pattern.Skip)}";
    }

    private static string Within(Pattern pattern) =>
        pattern.WithinMs is { } within ? DurationText.Format(within)
        : pattern.GapMs is { } gap ? DurationText.Format(gap) + " gap"
        : "forever";

    private static string Skip(AfterMatchSkip skip) => skip.Kind switch
    {
        SkipKind.PastLast => "",
        SkipKind.None => " skip none",
        SkipKind.ToNext => " skip to next",
        SkipKind.ToFirst => " skip to first " + ExprText.Name(skip.Step!),
        SkipKind.ToLast => " skip to last " + ExprText.Name(skip.Step!),
        _ => throw new ArgumentOutOfRangeException(nameof(skip), skip.Kind, null),
    };

    private static string Sequence(IReadOnlyList<PatternStep> steps) =>
        string.Concat(steps.Select((s, i) => (i == 0 ? "" : Link(s.Link)) + Step(s)));

    private static string Link(Contiguity link) => link switch
    {
        Contiguity.Strict => " => ",
        Contiguity.Relaxed => " -> ",
        Contiguity.NonDeterministicRelaxed => " ->> ",
        _ => throw new ArgumentOutOfRangeException(nameof(link), link, null),
    };

    private static string Step(PatternStep step)
    {
        // No quantifier says "none, or at least two"; an optional group around the loop does.
        if (TextLimits.IsWrapped(step.Quantifier))
            return $"( {Step(step with { Quantifier = step.Quantifier with { IsOptional = false } })} )?";
        return step switch
        {
            GroupStep group => $"{(group.IsNegated ? "not " : "")}( {string.Join(" | ", group.Alternatives.Select(Sequence))} ){Count(group)}{Modifiers(group)}",
            EventStep e => $"{(e.IsNegated ? "not " : "")}{ExprText.Name(e.Name)}{Count(e)}{Modifiers(e)}: {ExprText.Name(e.Stream!.Name)}"
                + (e.Where is { } where ? $" where {where}" : ""),
            _ => throw new ArgumentOutOfRangeException(nameof(step), step.GetType(), null),
        };
    }

    private static string Count(PatternStep step)
    {
        var q = step.Quantifier;
        var min = q.CanBeSkipped ? 0 : q.Min;
        var count = (min, q.Max) switch
        {
            (1, 1) => "",
            (0, 1) => "?",
            (0, null) => "*",
            (1, null) => "+",
            (_, null) => $"{{{min},}}",
            _ when min == q.Max => $"{{{min}}}",
            _ => $"{{{min},{q.Max}}}",
        };
        // Groups, and loops of a fixed count, are never greedy.
        var isReluctant = step is EventStep && q.IsLoop && min != q.Max && !q.IsGreedy;
        return isReluctant ? count + "?" : count;
    }

    private static string Modifiers(PatternStep step)
    {
        var q = step.Quantifier;
        var text = new StringBuilder();
        if (q.Inner == Contiguity.Strict)
            text.Append(" consecutive");
        if (q.Inner == Contiguity.NonDeterministicRelaxed)
            text.Append(" any");
        if ((q.GapMs ?? step.GapMs) is { } gap)
            text.Append(" in ").Append(DurationText.Format(gap));
        if (q.Until is { } until)
            text.Append(" until (").Append(until).Append(')');
        return text.ToString();
    }
}
