using Cep.Conditions;
using Cep.Patterns;

namespace Cep.Explain;

/// <summary>One step in words: how many events, of which stream, under what condition, and how they follow each other.</summary>
internal static class StepPhrase
{
    /// <summary>Such as <c>at least 3 events of `auths` where amount &lt; 2.00 (probe, as many as fit)</c>.</summary>
    public static string Of(PatternStep step) => step switch
    {
        EventStep e => $"{Rounds(e.Quantifier, "event")}{Source(e)} ({string.Join(", ", Remarks(e).Prepend(ExprText.Name(e.Name)))})",
        GroupStep { Quantifier: var q } g when q == Quantifier.One => Alternatives(g),
        GroupStep g => $"{Rounds(g.Quantifier, "round")} of {Alternatives(g)}{Bracketed(Remarks(g))}",
        _ => throw new InvalidOperationException($"Unknown kind of step: {step.GetType().Name}."),
    };

    /// <summary>What a negated step forbids, such as <c>event of `shipments` where … (s)</c>, or <c>sequence of (one event …)</c>.</summary>
    public static string Forbidden(PatternStep not) => not switch
    {
        EventStep e => $"event{Source(e)} ({ExprText.Name(e.Name)})",
        GroupStep g => $"sequence of {Alternatives(g)}",
        _ => throw new InvalidOperationException($"Unknown kind of step: {not.GetType().Name}."),
    };

    private static string Alternatives(GroupStep group) => group.OrElse.Count == 0
        ? $"({SequencePhrase.Of(group.Steps)})"
        : $"(either {string.Join(", or ", group.Alternatives.Select(a => SequencePhrase.Of(a)))})";

    private static string Source(EventStep step) =>
        (step.Stream is { } stream ? $" of `{stream.Name}`" : "") + (step.Where is { } where ? $" where {where}" : "");

    private static string Rounds(Quantifier q, string noun)
    {
        noun = q.IsLoop && q.Inner == Contiguity.Strict ? "consecutive " + noun : noun;
        return (q.Min, q.Max) switch
        {
            (<= 1, 1) => "one " + noun,
            ( <= 1, null) when q.CanBeSkipped => $"any number of {noun}s",
            ( <= 1, null) => $"one or more {noun}s",
            (var min, null) => $"at least {min} {noun}s",
            ( <= 1, var max) when q.CanBeSkipped => $"up to {max} {noun}s",
            ( <= 1, var max) => $"one to {max} {noun}s",
            (var min, var max) when min == max => $"{min} {noun}s",
            (var min, var max) => $"{min} to {max} {noun}s",
        };
    }

    private static IEnumerable<string> Remarks(PatternStep step)
    {
        var q = step.Quantifier;
        if (q.CanBeSkipped)
            yield return "optional";
        if (q.IsLoop && q.Max != Math.Max(q.Min, 1))
            yield return q.IsGreedy ? "as many as fit" : "every number of them is tried";
        if (q.IsLoop && q.Inner == Contiguity.NonDeterministicRelaxed)
            yield return "in every combination of those that fit";
        if (q.Until is { } until)
            yield return $"until an event where {until}";
        if (q.GapMs is { } betweenMs)
            yield return $"each less than {Wording.Duration(betweenMs)} after the one before";
        if (step is EventStep { GapMs: { } gapMs })
            yield return $"less than {Wording.Duration(gapMs)} after the event before";
    }

    private static string Bracketed(IEnumerable<string> remarks) => string.Join(", ", remarks) is { Length: > 0 } text ? $" ({text})" : "";
}
