namespace Cep.Streaming.Swaps;

/// <summary>How a rule of one set differs from the rule of the set before that it takes the place of.</summary>
public enum RuleChangeKind
{
    /// <summary>In nothing.</summary>
    Unchanged,

    /// <summary>In its name, or in what it tells: title, severity, tags, version, measures and the like. It looks for the same.</summary>
    Cosmetic,

    /// <summary>In conditions, windows, pre-filters or the limit of its partial matches; but it reads the same streams by the same keys and waits for the same steps in the same order.</summary>
    Compatible,

    /// <summary>In more than that.</summary>
    Breaking,

    /// <summary>There was none before.</summary>
    Added,

    /// <summary>There is none any more.</summary>
    Removed,
}

/// <summary>What becomes of the partial matches of a rule.</summary>
public enum RuleFate
{
    /// <summary>They go on untouched.</summary>
    Kept,

    /// <summary>They go on under the rule as it is now: each stays where it is in the pattern, with its events.</summary>
    Carried,

    /// <summary>They are gone, and told neither as matches nor as timeouts.</summary>
    Dropped,

    /// <summary>They go on under the rule as it was, until they end; the rule as it is now begins with none.</summary>
    Drained,

    /// <summary>There are none: the rule is new.</summary>
    Begins,
}

/// <summary>What a swap does to one rule.</summary>
/// <remarks>Immutable.</remarks>
/// <param name="Before">The rule's name in the set before; null for a rule that is added.</param>
/// <param name="After">Its name in the new set; null for one that is removed.</param>
/// <param name="Kind">How it differs.</param>
/// <param name="Fate">What becomes of its partial matches.</param>
/// <param name="PartialMatches">How many those are, of all keys; null where that is not known.</param>
public sealed record RuleChange(string? Before, string? After, RuleChangeKind Kind, RuleFate Fate, long? PartialMatches)
{
    /// <summary>What the rule was in the set before; null where that does not matter any more: it is known where the rule has changed.</summary>
    internal RuleSignature? Was { get; init; }

    /// <summary>The rule's name: that in the new set, or else the old one.</summary>
    public string Name => After ?? Before!;

    /// <summary>The change in a sentence, such as <c>`r` is unchanged and keeps its 3 partial matches.</c></summary>
    public override string ToString() => (Kind, Fate) switch
    {
        (RuleChangeKind.Unchanged, _) => $"`{Name}` is unchanged and keeps {Count}.",
        (RuleChangeKind.Cosmetic, _) when Before != After => $"`{Name}`, `{Before}` before, looks for the same and keeps {Count}.",
        (RuleChangeKind.Cosmetic, _) => $"`{Name}` looks for the same and keeps {Count}.",
        (RuleChangeKind.Compatible, RuleFate.Drained) => $"`{Name}` has changed and begins anew; {Drains}",
        (_, RuleFate.Drained) => $"`{Name}` looks for something else and begins anew; {Drains}",
        (RuleChangeKind.Compatible, RuleFate.Carried) => $"`{Name}` has changed and carries {Count} over.",
        (RuleChangeKind.Compatible, _) => $"`{Name}` has changed and begins anew; it drops {Count}.",
        (RuleChangeKind.Breaking, _) => $"`{Name}` looks for something else and begins anew; it drops {Count}.",
        (RuleChangeKind.Added, _) => $"`{Name}` is new.",
        _ => $"`{Name}` is removed and drops {Count}.",
    };

    private string Drains => PartialMatches == 0 ? "its version before has no partial matches."
        : $"its version before begins nothing more and goes on with {Count} until {(PartialMatches == 1 ? "it ends" : "they end")}.";

    private string Count => PartialMatches switch
    {
        null => "its partial matches",
        0 => "no partial matches",
        1 => "its 1 partial match",
        { } count => FormattableString.Invariant($"its {count} partial matches"),
    };
}
