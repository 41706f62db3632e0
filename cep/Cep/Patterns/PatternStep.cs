using Cep.Conditions;
using Cep.Events;

namespace Cep.Patterns;

/// <summary>One element of a pattern's sequence: an <see cref="EventStep"/> or a <see cref="GroupStep"/>.</summary>
public abstract record PatternStep
{
    /// <summary>How the step follows the one before it; of no meaning for the first step of a pattern or group.</summary>
    public Contiguity Link { get; init; } = Contiguity.Relaxed;

    /// <summary>How often it is taken.</summary>
    public Quantifier Quantifier { get; init; } = Quantifier.One;

    /// <summary>
    /// Whether such an event, or such a sequence of events, must not come: with a strict link as the very next event, with a relaxed link before the
    /// step after it, and as the last step before the deadline. See <see cref="PatternRules"/> for where a group can be negated.
    /// </summary>
    public bool IsNegated { get; init; }

    /// <summary>
    /// The longest time from the event taken before to this step's, in milliseconds, exclusive; null for no bound. On a final negated step, the wait;
    /// a group has none otherwise.
    /// </summary>
    public long? GapMs { get; init; }
}

/// <summary>Takes events of one stream that satisfy a condition, under a name; or, negated, forbids them.</summary>
public sealed record EventStep : PatternStep
{
    /// <summary>The name under which its events appear in a match; unique in the pattern.</summary>
    public required string Name { get; init; }

    /// <summary>The type of events it takes; null takes any.</summary>
    public EventType? Stream { get; init; }

    /// <summary>The condition an event must satisfy; null for none. Bare fields are the candidate's.</summary>
    public Expr? Where { get; init; }
}

/// <summary>A sequence, or one of several, that is taken as one: it can be repeated, left out, or negated.</summary>
/// <remarks>With several alternatives each round takes any one of them, and each is tried as if it stood there alone.</remarks>
public sealed record GroupStep : PatternStep
{
    /// <summary>The steps of the first alternative, the only one unless there are others, in order; at least one.</summary>
    public required IReadOnlyList<PatternStep> Steps { get; init; }

    /// <summary>The steps of each further alternative; empty for a plain sequence.</summary>
    public IReadOnlyList<IReadOnlyList<PatternStep>> OrElse { get; init; } = [];

    /// <summary>All alternatives, in the order written; at least one.</summary>
    public IEnumerable<IReadOnlyList<PatternStep>> Alternatives => OrElse.Prepend(Steps);

    /// <summary>The steps of all alternatives.</summary>
    internal IEnumerable<PatternStep> AllSteps => Alternatives.SelectMany(a => a);
}
