using Cep.Patterns;

namespace Cep.Language.Tests;

/// <summary>Prints a pattern of the model, every part that is not the default, so that tests can compare structure as text.</summary>
internal static class PatternText
{
    public static string Of(Pattern pattern) =>
        Sequence(pattern.Steps) + (pattern.GapMs is { } gap ? $" gap {gap}" : "") + (pattern.WithinMs is { } within ? $" within {within}"
            : "") + $" skip {pattern.Skip.Kind}{(pattern.Skip.Step is { } step ? " " + step : "")}";

    private static string Sequence(IReadOnlyList<PatternStep> steps) =>
        string.Concat(steps.Select((s, i) => (i == 0 ? "" : $" {s.Link} ") + Step(s)));

    private static string Step(PatternStep step) => step switch
    {
        GroupStep group => $"{(group.IsNegated ? "not " : "")}( {string.Join(" | ", group.Alternatives.Select(Sequence))} ){Quantifier(group.Quantifier)}",
        EventStep e => (e.IsNegated ? "not " : "") + e.Name + Quantifier(e.Quantifier) + (e.GapMs is { } gap ? $" gap={gap}"
            : "") + (e.Where is { } where ? $"[{where}]" : ""),
        _ => throw new ArgumentOutOfRangeException(nameof(step)),
    };

    private static string Quantifier(Quantifier q)
    {
        if (q == Patterns.Quantifier.One) return "";
        var words = new List<string> { q.Max == q.Min ? $"{q.Min}" : $"{q.Min}..{q.Max}" };
        if (q.IsOptional) words.Add("optional");
        if (q.IsGreedy) words.Add("greedy");
        if (q.Inner != Contiguity.Relaxed) words.Add(q.Inner.ToString());
        if (q.Until is { } until) words.Add($"until={until}");
        if (q.GapMs is { } gap) words.Add($"window={gap}");
        return "{" + string.Join(" ", words) + "}";
    }
}
