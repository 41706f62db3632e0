using System.Text;
using Cep.Language.Parsing;
using Cep.Patterns;

namespace Cep.Language.Formatting;

/// <summary>What the model of patterns can hold and rule text has no words for.</summary>
internal static class TextLimits
{
    private const int NameLengthMax = 200;

    /// <summary>The longest duration that rule text takes, in milliseconds.</summary>
    private const long DurationMsMax = long.MaxValue / 4;

    /// <summary>Lists what cannot be said; for a pattern that keeps <see cref="PatternRules"/>.</summary>
    public static IReadOnlyList<PatternProblem> Check(Pattern pattern)
    {
        var problems = new List<PatternProblem>();
        if (pattern.WithinMs is not null && pattern.GapMs is not null)
            problems.Add(new(null, "Rule text bounds the whole match or the time between its events, not both."));
        if (pattern.WithinMs > DurationMsMax || pattern.GapMs > DurationMsMax)
            problems.Add(new(null, "The window is longer than a duration of rule text may be."));
        if (pattern.Skip.FailsOnMiss)
            problems.Add(new(pattern.Skip.Step, "Rule text has no skip that is an error where its step took nothing."));
        if (pattern.Skip.Step is { } target && pattern.EventSteps.Any(s => s.Name == target && s.IsNegated))
            problems.Add(new(target, $"The skip target `{target}` is negated and takes no event."));
        CheckSequence(pattern, pattern.Steps, problems, isTop: true);
        return problems;
    }

    /// <summary>Whether a loop is written inside an optional group: its count starts above 1, and it may be left out besides.</summary>
    public static bool IsWrapped(Quantifier q) => q is { IsOptional: true, Min: > 1 };

    /// <summary>Whether a name can be written, in backticks if need be.</summary>
    public static bool IsName(string name) => name.Length is > 0 and <= NameLengthMax
        && !name.EnumerateRunes().Any(r => r.Value == '`' || r == Rune.ReplacementChar || Rune.IsControl(r));

    private static void CheckSequence(Pattern pattern, IReadOnlyList<PatternStep> steps, List<PatternProblem> problems, bool isTop)
    {
        for (var i = 0; i < steps.Count; i++)
        {
            CheckQuantifier(pattern, steps[i], problems);
            if (steps[i] is GroupStep group)
                CheckGroup(pattern, group, problems, isFinal: isTop && i == steps.Count - 1);
            else
                CheckEvent((EventStep)steps[i], problems, isFirst: isTop && i == 0, isFinal: isTop && i == steps.Count - 1);
        }
    }

    private static void CheckQuantifier(Pattern pattern, PatternStep step, List<PatternProblem> problems)
    {
        var name = (step as EventStep)?.Name;
        var what = name is null ? "the group" : $"`{name}`";
        var q = step.Quantifier;
        if (q.Until is { HasCode: true })
            problems.Add(new(name, $"The `until` of {what} is code, which rule text has no form for."));
        if (Math.Max(q.Min, q.Max ?? 0) > QuantifierParser.MaxCount)
            problems.Add(new(name, $"The count of {what} is above {QuantifierParser.MaxCount}, the most that rule text takes."));
        if (q.IsGreedy && (IsWrapped(q) || (q.Min == q.Max && !q.CanBeSkipped)))
            problems.Add(new(name, $"Rule text has no greedy loop of {(q.Min == q.Max ? "a fixed count" : "at least two that may be left out")}, as {what} is."));
        if (q.GapMs > pattern.WithinMs || q.GapMs > DurationMsMax)
            problems.Add(new(name, $"The window between the rounds of {what} is longer than that of the whole pattern."));
    }

    private static void CheckGroup(Pattern pattern, GroupStep group, List<PatternProblem> problems, bool isFinal)
    {
        var isOptionalOnly = group.Quantifier is { CanBeSkipped: true, Max: 1 };
        if (isOptionalOnly && group.OrElse.Count == 0 && group.Steps is [{ Quantifier: { IsLoop: true, Min: > 1, IsOptional: false, IsGreedy: false } }])
            problems.Add(new(null, "An optional group of one loop reads as the loop itself, optional."));
        if (group.GapMs is not null && !isFinal)
            problems.Add(new(null, "The window of a group that must not come bounds nothing, and rule text drops it."));
        foreach (var alternative in group.Alternatives)
            CheckSequence(pattern, alternative, problems, isTop: false);
    }

    private static void CheckEvent(EventStep step, List<PatternProblem> problems, bool isFirst, bool isFinal)
    {
        if (step.Where is { HasCode: true })
            problems.Add(new(step.Name, $"The condition of `{step.Name}` is code, which rule text has no form for."));
        if (step.Stream is null)
            problems.Add(new(step.Name, $"The step `{step.Name}` takes events of any stream, and a step of rule text names its stream."));
        foreach (var name in new[] { step.Name, step.Stream?.Name }.OfType<string>().Where(n => !IsName(n)))
            problems.Add(new(step.Name, $"`{name}` cannot be written as a name of rule text."));
        if (step.GapMs is not { } gap)
            return;
        if (step.Quantifier.IsLoop)
            problems.Add(new(step.Name, $"The window of the loop `{step.Name}` is between its rounds in rule text, not before it."));
        else if (isFirst || (step.IsNegated && !(isFinal && step.Link == Contiguity.Relaxed)))
            problems.Add(new(step.Name, $"The window of `{step.Name}` bounds nothing, and rule text drops it."));
        else if (gap > DurationMsMax)
            problems.Add(new(step.Name, $"The window of `{step.Name}` is longer than a duration of rule text may be."));
    }
}
