using System.Globalization;
using Cep.Conditions;
using Cep.Patterns;

namespace Cep.Differential.Cases;

/// <summary>Prints a case as a person would write it: a rule, and the events.</summary>
internal static class CaseText
{
    /// <summary>The streams of the cases.</summary>
    public const string Streams = """
        stream Tick { T timestamp  Kind string?  Price long  Volume double?  watermark for T delay 0ms }
        stream Alarm { T timestamp  Kind string?  Price decimal  watermark for T delay 0ms }

        """;

    /// <summary>The rule, and an event a line.</summary>
    public static string Of(RandomCase c) => Rule(c.Pattern) + string.Concat(c.Events.Select((e, i) => $"// {i}: at {e.TimeMs} {Event(e.Value)}\n"));

    /// <summary>The pattern as a rule. What the language has no words for stands in a comment.</summary>
    public static string Rule(Pattern pattern) => $"rule random {{\n    from Tick, Alarm\n    match {Sequence(pattern, pattern.Steps)}\n        {Within(pattern)} skip {Skip(pattern.Skip)}\n}}\n";

    private static string Event(object value) => value switch
    {
        Tick t => string.Create(CultureInfo.InvariantCulture, $"Tick {t.Kind} Price {t.Price} Volume {t.Volume?.ToString(CultureInfo.InvariantCulture) ?? "null"}"),
        Alarm a => string.Create(CultureInfo.InvariantCulture, $"Alarm {a.Kind} Price {a.Price}"),
        _ => throw new ArgumentOutOfRangeException(nameof(value)),
    };

    private static string Within(Pattern p) => p switch
    {
        { WithinMs: { } ms, GapMs: null } => $"within {ms}ms",
        { WithinMs: null, GapMs: { } ms } => $"within {ms}ms gap",
        { WithinMs: { } ms, GapMs: { } gap } => $"within {ms}ms /* and {gap}ms gap */",
        _ => "within forever",
    };

    private static string Skip(AfterMatchSkip skip) => skip.Kind switch
    {
        SkipKind.None => "none",
        SkipKind.ToNext => "to next",
        SkipKind.PastLast => "past last",
        SkipKind.ToFirst => "to first " + skip.Step,
        _ => "to last " + skip.Step,
    };

    private static string Sequence(Pattern pattern, IReadOnlyList<PatternStep> steps) => string.Join(" ", steps.Select((s, i) =>
        (i == 0 ? s is GroupStep && steps != pattern.Steps && s.Link != Contiguity.Relaxed ? $"/* {Link(s.Link)} */ " : "" : Link(s.Link) + " ") + Step(pattern, s)));

    private static string Link(Contiguity link) => link switch { Contiguity.Strict => "=>", Contiguity.Relaxed => "->", _ => "->>" };

    private static string Step(Pattern pattern, PatternStep step)
    {
        var times = Times(step) + Modifiers(step);
        if (step is GroupStep group)
            return $"{(group.IsNegated ? "not " : "")}( {string.Join(" | ", group.Alternatives.Select(a => Sequence(pattern, a)))} ){times}{(group.GapMs is { } wait ? $" in {wait}ms" : "")}";
        var e = (EventStep)step;
        var gap = e.GapMs is not { } ms ? "" : HasWordForGap(pattern, e) ? $" in {ms}ms" : $" /* in {ms}ms */";
        return $"{(e.IsNegated ? "not " : "")}{e.Name}{times}{gap}: {e.Stream}{(e.Where is { } where ? $" where {where}" : "")}";
    }

    private static bool HasWordForGap(Pattern pattern, EventStep e) =>
        !e.Quantifier.IsLoop && !ReferenceEquals(e, pattern.Steps[0]) && (!e.IsNegated || (ReferenceEquals(e, pattern.Steps[^1]) && e.Link == Contiguity.Relaxed));

    private static string Times(PatternStep step)
    {
        var q = step.Quantifier;
        // An optional group of nothing but such a loop reads as the loop itself, optional.
        var isLoopAlone = step is GroupStep { OrElse.Count: 0, Steps: [EventStep { Quantifier.Min: > 1 }] } && q is { IsLoop: false, CanBeSkipped: true };
        if (!q.IsLoop)
            return isLoopAlone ? "? /* as a group */" : q.CanBeSkipped ? "?" : "";
        var low = q.CanBeSkipped ? 0 : q.Min;
        var lost = q is { CanBeSkipped: true, Min: > 1 } ? $" /* or {q.Min} at least */" : "";
        var range = q.Max is not { } max ? $"{{{low},}}" : max == low ? $"{{{low}}}" : $"{{{low},{max}}}";
        return range + (step is EventStep && !q.IsGreedy && q.Max != low ? "?" : "") + lost;
    }

    private static string Modifiers(PatternStep step)
    {
        var q = step.Quantifier;
        var inner = q.Inner switch { Contiguity.Strict => " consecutive", Contiguity.NonDeterministicRelaxed => " any", _ => "" };
        return inner + (q.GapMs is { } gap ? $" in {gap}ms" : "") + (q.Until is { } until ? $" until ({until})" : "");
    }
}
