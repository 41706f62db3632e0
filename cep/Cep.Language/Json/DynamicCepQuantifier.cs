using Cep.Language.Diagnostics;
using Cep.Patterns;
using static Cep.Language.Json.DynamicCepWords;

namespace Cep.Language.Json;

/// <summary>Reads quantifiers and spans of time of the dynamic CEP form.</summary>
internal static class DynamicCepQuantifier
{
    /// <summary>The quantifier of a node, without the <c>untilCondition</c>.</summary>
    public static Quantifier Read(JsonPart part)
    {
        if (!part.IsObject("a quantifier", "consumingStrategy", "times", "properties", "untilCondition"))
            return Quantifier.One;
        var strategy = part.Find("consumingStrategy")?.Word(Strategies) ?? Contiguity.Relaxed;
        var properties = part.Require("properties", "they say whether the node is a loop")?.Items("the properties of the quantifier")
            ?.Select(p => p.Word(Properties)).OfType<Property>().ToHashSet() ?? [];
        var isLooping = properties.Contains(Property.Looping);
        var (from, to, gap) = part.Find("times") is { } times ? ReadTimes(times) : (1, 1, null);
        if (properties.Contains(Property.Times) && !isLooping)
            part.Require("times", "a quantifier of TIMES says how often");
        var isCounted = isLooping || properties.Contains(Property.Times);
        var quantifier = new Quantifier
        {
            Min = isCounted ? Math.Max(1, from) : 1,
            Max = isLooping ? null : isCounted ? to : 1,
            IsOptional = properties.Contains(Property.Optional) || (isCounted && from == 0),
            IsGreedy = properties.Contains(Property.Greedy),
            GapMs = isCounted ? gap : null,
        };
        return quantifier.IsLoop ? quantifier with { Inner = strategy } : quantifier;
    }

    /// <summary>A span of whole milliseconds; null after reporting what is wrong with it.</summary>
    public static long? ReadTime(JsonPart part)
    {
        if (!part.IsObject("a span of time", "unit", "size"))
            return null;
        var unit = part.Require("unit", "it says what `size` counts")?.Word(Units);
        var size = part.Require("size", "it says how many units")?.Whole(1, PatternWords.MsMax / (unit ?? 1));
        return unit * size;
    }

    private static (int From, int To, long? GapMs) ReadTimes(JsonPart part)
    {
        if (!part.IsObject("how often a node is taken", "from", "to", "windowTime"))
            return (1, 1, null);
        var from = (int?)part.Require("from", "it is the least count")?.Whole(0, int.MaxValue) ?? 1;
        var to = (int?)part.Find("to")?.Whole(0, int.MaxValue) ?? from;
        if (from > to)
            part.Error(DiagnosticCode.UnexpectedValue, $"The range of times is empty: from {from} is more than to {to}.");
        return (from, to, part.Find("windowTime") is { } window ? ReadTime(window) : null);
    }
}
