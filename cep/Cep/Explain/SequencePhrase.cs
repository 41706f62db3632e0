using System.Text;
using Cep.Patterns;

namespace Cep.Explain;

/// <summary>The steps of a pattern or group in words, joined by how each follows the one before it.</summary>
internal static class SequencePhrase
{
    /// <summary>A sequence inside a sentence: no capital, no full stop.</summary>
    /// <param name="steps">At least one; the first is not negated.</param>
    /// <param name="withinMs">The window of the pattern, which is when a final absence is decided; null for a group, or no window.</param>
    public static string Of(IReadOnlyList<PatternStep> steps, long? withinMs = null)
    {
        var text = new StringBuilder(StepPhrase.Of(steps[0]));
        var nots = new List<PatternStep>();
        foreach (var step in steps.Skip(1))
        {
            if (step.IsNegated)
            {
                nots.Add(step);
                continue;
            }
            text.Append(", ").Append(Then(step, nots)).Append(' ').Append(StepPhrase.Of(step));
            nots.Clear();
        }
        foreach (var not in nots)
            text.Append(", and then ").Append(Absence(not, withinMs));
        return text.ToString();
    }

    private static string Then(PatternStep step, List<PatternStep> nots)
    {
        var link = step.Link switch
        {
            Contiguity.Relaxed => "then later",
            Contiguity.Strict when step is EventStep && !step.Quantifier.IsLoop => "then, as the very next event",
            Contiguity.Strict => "then, from the very next event on",
            Contiguity.NonDeterministicRelaxed => "then later, with every choice of those that fit",
            _ => throw new InvalidOperationException($"Unknown contiguity: {step.Link}."),
        };
        if (nots.Count == 0)
            return step.Link == Contiguity.Relaxed ? link : link + ",";
        return $"{link}, {Wording.List(nots.ConvertAll(Proviso))},";
    }

    private static string Proviso(PatternStep not) => not.Link == Contiguity.Strict
        ? $"unless the very next event is an {StepPhrase.Forbidden(not)}"
        : $"without any {StepPhrase.Forbidden(not)} in between";

    private static string Absence(PatternStep not, long? withinMs)
    {
        if (not.Link == Contiguity.Strict)
            return $"a very next event that is no {StepPhrase.Forbidden(not)}";
        if (not.GapMs is { } gapMs)
            return $"no {StepPhrase.Forbidden(not)} for {Wording.Duration(gapMs)}";
        return $"no {StepPhrase.Forbidden(not)}" + (withinMs is { } within ? $" until {Wording.Duration(within)} after the first event" : "");
    }
}
