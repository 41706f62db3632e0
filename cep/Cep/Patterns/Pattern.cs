using Cep.Conditions;

namespace Cep.Patterns;

/// <summary>
/// What a rule looks for: a sequence of steps, the time it may span, and what happens after a match. The one form that rule text, the fluent API
/// and JSON build and that the NFA compiler reads.
/// </summary>
/// <remarks>Immutable. <see cref="PatternRules.Check"/> lists what is wrong with a pattern; a wrong one does not compile.</remarks>
public sealed record Pattern
{
    /// <summary>Begins a pattern over events of a class, step by step; <see cref="PatternBuilder{T}.Build"/> ends it.</summary>
    /// <param name="name">The name of the first step.</param>
    public static PatternBuilder<T> Begin<T>(string name) where T : class => PatternBuilder<T>.First(name);

    /// <summary>Begins a pattern with a group.</summary>
    /// <exception cref="ArgumentException">The group has a window or a skip strategy; those are the whole pattern's.</exception>
    public static PatternBuilder<T> Begin<T>(PatternBuilder<T> group) where T : class => PatternBuilder<T>.First(group);

    /// <summary>
    /// A group that takes one of several sequences, each tried as if it stood there alone: begins a pattern, or is given to
    /// <see cref="PatternBuilder{T}.FollowedBy(PatternBuilder{T})"/> and its like. A count after it lets each round take another.
    /// </summary>
    /// <param name="first">A sequence.</param>
    /// <param name="orElse">The others; at least one.</param>
    /// <exception cref="ArgumentException">There are no others; or one has a window or a skip strategy, which are the whole pattern's.</exception>
    public static PatternBuilder<T> Either<T>(PatternBuilder<T> first, params IReadOnlyList<PatternBuilder<T>> orElse) where T : class => orElse.Count > 0
        ? PatternBuilder<T>.FirstOf(orElse.Prepend(first))
        : throw new ArgumentException("One sequence alone leaves no choice: give at least two.", nameof(orElse));

    /// <summary>The steps in order; at least one.</summary>
    public required IReadOnlyList<PatternStep> Steps { get; init; }

    /// <summary>
    /// Bounds the time a match may span, in milliseconds of event time: last event - first event &lt; <see cref="WithinMs"/>. Null for no bound.
    /// </summary>
    /// <remarks>A partial match that runs out of time leaves as a timeout stamped first event + <see cref="WithinMs"/> when the watermark passes.</remarks>
    public long? WithinMs { get; init; }

    /// <summary>
    /// Bounds the time from each event of a match to the next, in milliseconds, exclusive; a step or loop with a bound of its own keeps that. Null for no bound.
    /// </summary>
    /// <remarks>It also bounds the wait of a final negated step.</remarks>
    public long? GapMs { get; init; }

    /// <summary>What a match drops; <see cref="AfterMatchSkip.None"/> unless said otherwise.</summary>
    public AfterMatchSkip Skip { get; init; } = AfterMatchSkip.None;

    /// <summary>All event steps, those in groups too, also in negated ones, in order.</summary>
    public IEnumerable<EventStep> EventSteps => Flatten(Steps);

    /// <summary>All conditions: of steps and where loops end, those in groups too.</summary>
    internal IEnumerable<Expr> Conditions => ConditionsOf(Steps);

    private static IEnumerable<Expr> ConditionsOf(IEnumerable<PatternStep> steps) => steps.SelectMany(step =>
        ((step as GroupStep)?.AllSteps is { } inner ? ConditionsOf(inner) : [])
        .Concat(new[] { (step as EventStep)?.Where, step.Quantifier.Until }.OfType<Expr>()));

    private static IEnumerable<EventStep> Flatten(IEnumerable<PatternStep> steps) => steps.SelectMany(s => s switch
    {
        EventStep e => [e],
        GroupStep g => Flatten(g.AllSteps),
        _ => throw new InvalidOperationException($"Unknown kind of step: {s.GetType().Name}."),
    });
}
