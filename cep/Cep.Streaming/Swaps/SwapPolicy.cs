using Cep.Events;

namespace Cep.Streaming.Swaps;

/// <summary>What becomes of the partial matches of a rule that has changed.</summary>
public enum PartialMatchPolicy
{
    /// <summary>They go on under the new conditions and windows where the rule waits for the same steps in the same order; else they are dropped. The default.</summary>
    Carry,

    /// <summary>They are dropped, and the rule begins anew. Versions of it that are still being drained end too.</summary>
    Reset,

    /// <summary>
    /// They go on under the rule as it was, until each has matched, failed or run out of time; the rule as it is now begins anew beside it. The version before begins nothing more.
    /// </summary>
    Drain,
}

/// <summary>What becomes of partial matches when a rule set takes the place of another. Rules that look for the same always keep theirs.</summary>
/// <remarks>Immutable.</remarks>
public sealed record SwapPolicy
{
    /// <summary>Carries what can be carried.</summary>
    public static SwapPolicy Carry { get; } = new();

    /// <summary>Drops the partial matches of every rule that has changed.</summary>
    public static SwapPolicy Reset { get; } = new() { Changed = PartialMatchPolicy.Reset };

    /// <summary>Lets the version before of every rule that has changed go on until its partial matches have ended.</summary>
    public static SwapPolicy Drain { get; } = new() { Changed = PartialMatchPolicy.Drain };

    /// <summary>For every changed rule that <see cref="ByRule"/> does not name. Default: <see cref="PartialMatchPolicy.Carry"/>.</summary>
    public PartialMatchPolicy Changed { get; init; }

    /// <summary>For single rules, by their name in the new set. Default: none.</summary>
    public IReadOnlyDictionary<string, PartialMatchPolicy> ByRule { get; init; } = new Dictionary<string, PartialMatchPolicy>();

    /// <summary>Whether some rule may have to be drained.</summary>
    internal bool Drains => Changed == PartialMatchPolicy.Drain || ByRule.Values.Contains(PartialMatchPolicy.Drain);

    internal PartialMatchPolicy Of(string rule) => ByRule.TryGetValue(rule, out var policy) ? policy : Changed;

    /// <summary>The policy as text, for <see cref="Parse"/>.</summary>
    internal string ToText()
    {
        var output = new EventBinaryOutput();
        output.Unsigned((ulong)Changed);
        output.Unsigned((ulong)ByRule.Count);
        foreach (var (rule, policy) in ByRule.OrderBy(r => r.Key, StringComparer.Ordinal))
        {
            output.String(rule);
            output.Unsigned((ulong)policy);
        }
        return Convert.ToBase64String(output.Written);
    }

    /// <exception cref="InvalidDataException">It is none.</exception>
    internal static SwapPolicy Parse(string text)
    {
        var input = new EventBinaryInput(Convert.FromBase64String(text));
        var changed = (PartialMatchPolicy)input.Number((int)PartialMatchPolicy.Drain, "policy");
        var byRule = new Dictionary<string, PartialMatchPolicy>();
        for (var left = input.Number(input.Left, "number of rules"); left > 0; left--)
            byRule.Add(input.String(), (PartialMatchPolicy)input.Number((int)PartialMatchPolicy.Drain, "policy"));
        return new SwapPolicy { Changed = changed, ByRule = byRule };
    }
}
