using Cep.Patterns;

namespace Cep.Language.Json;

/// <summary>The words and names of the JSON form of patterns, shared by its reader and its writer.</summary>
internal static class PatternWords
{
    /// <summary>The version that is written, and the only one that is read.</summary>
    public const int Version = 1;

    /// <summary>The longest span, in milliseconds: added to a time of this millennium, it stays within 64 bits.</summary>
    public const long MsMax = long.MaxValue / 4;

    public static readonly IReadOnlyList<string> Pattern = ["version", "lists", "steps", "withinMs", "gapMs", "skip"];
    public static readonly IReadOnlyList<string> EventStep = ["link", "not", "name", "stream", "where", "quantifier", "gapMs"];
    public static readonly IReadOnlyList<string> GroupStep = ["link", "not", "group", "either", "quantifier", "gapMs"];
    public static readonly IReadOnlyList<string> Step = [.. EventStep, "group", "either"];
    public static readonly IReadOnlyList<string> Quantifier = ["min", "max", "optional", "greedy", "inner", "until", "gapMs"];
    public static readonly IReadOnlyList<string> Skip = ["kind", "step", "failsOnMiss"];

    public static readonly IReadOnlyDictionary<string, Contiguity> Contiguities = new Dictionary<string, Contiguity>
    {
        ["strict"] = Contiguity.Strict, ["relaxed"] = Contiguity.Relaxed, ["nonDeterministicRelaxed"] = Contiguity.NonDeterministicRelaxed,
    };

    public static readonly IReadOnlyDictionary<string, SkipKind> SkipKinds = new Dictionary<string, SkipKind>
    {
        ["none"] = SkipKind.None, ["toNext"] = SkipKind.ToNext, ["pastLast"] = SkipKind.PastLast, ["toFirst"] = SkipKind.ToFirst, ["toLast"] = SkipKind.ToLast,
    };

    public static string Of(Contiguity contiguity) => Contiguities.First(w => w.Value == contiguity).Key;

    public static string Of(SkipKind kind) => SkipKinds.First(w => w.Value == kind).Key;
}
