using Cep.Patterns;

namespace Cep.Language.Json;

/// <summary>The words of the dynamic CEP form.</summary>
internal static class DynamicCepWords
{
    public static readonly IReadOnlyList<string> Graph =
        ["name", "type", "version", "nodes", "edges", "window", "afterMatchStrategy", "quantifier", "condition"];

    public static readonly IReadOnlyList<string> Node = ["name", "type", "quantifier", "condition"];

    public static readonly IReadOnlyDictionary<string, Contiguity> Strategies = new Dictionary<string, Contiguity>
    {
        ["STRICT"] = Contiguity.Strict, ["SKIP_TILL_NEXT"] = Contiguity.Relaxed, ["SKIP_TILL_ANY"] = Contiguity.NonDeterministicRelaxed,
    };

    /// <summary>The types of edges: the link, and whether the target is negated.</summary>
    public static readonly IReadOnlyDictionary<string, (Contiguity Link, bool IsNegated)> Edges = new Dictionary<string, (Contiguity, bool)>
    {
        ["STRICT"] = (Contiguity.Strict, false), ["SKIP_TILL_NEXT"] = (Contiguity.Relaxed, false), ["SKIP_TILL_ANY"] = (Contiguity.NonDeterministicRelaxed, false),
        ["NOT_NEXT"] = (Contiguity.Strict, true), ["NOT_FOLLOW"] = (Contiguity.Relaxed, true),
    };

    public static readonly IReadOnlyDictionary<string, bool> IsComposite = new Dictionary<string, bool> { ["ATOMIC"] = false, ["COMPOSITE"] = true };

    public static readonly IReadOnlyDictionary<string, SkipKind> Skips = new Dictionary<string, SkipKind>
    {
        ["NO_SKIP"] = SkipKind.None, ["SKIP_TO_NEXT"] = SkipKind.ToNext, ["SKIP_PAST_LAST_EVENT"] = SkipKind.PastLast,
        ["SKIP_TO_FIRST"] = SkipKind.ToFirst, ["SKIP_TO_LAST"] = SkipKind.ToLast,
    };

    public static readonly IReadOnlyDictionary<string, bool> IsGapWindow =
        new Dictionary<string, bool> { ["FIRST_AND_LAST"] = false, ["PREVIOUS_AND_CURRENT"] = true };

    /// <summary>Units of time, in milliseconds.</summary>
    public static readonly IReadOnlyDictionary<string, long> Units = new Dictionary<string, long>
    {
        ["MILLISECONDS"] = 1, ["SECONDS"] = 1_000, ["MINUTES"] = 60_000, ["HOURS"] = 3_600_000, ["DAYS"] = 86_400_000,
    };

    public enum Property
    {
        Single,
        Looping,
        Times,
        Optional,
        Greedy,
    }

    public static readonly IReadOnlyDictionary<string, Property> Properties = Enum.GetValues<Property>().ToDictionary(p => p.ToString().ToUpperInvariant());
}
