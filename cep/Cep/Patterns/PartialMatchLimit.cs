namespace Cep.Patterns;

/// <summary>What happens where a key has more partial matches than its limit.</summary>
public enum OverflowPolicy
{
    /// <summary>Those that began first are dropped; the default.</summary>
    DropOldest,

    /// <summary>Those that began last are dropped.</summary>
    DropNewest,

    /// <summary>It is an error: <see cref="Matching.PatternEvaluationException"/>. In a job it quarantines the rule.</summary>
    Fail,
}

/// <summary>Bounds how many partial matches one key may have, so that no pattern takes all memory.</summary>
/// <param name="PerKey">The most partial matches of a key after an event, at least 1. The wait for a first event is none; nor is a complete match that a skip strategy holds back.</param>
/// <param name="OnOverflow">What happens to more.</param>
/// <remarks>
/// Which began first is told by the first event. Partial matches with one first event have no order that means something, but always the same one. What is
/// dropped is counted, and neither told as a match nor as a timeout.
/// </remarks>
public sealed record PartialMatchLimit(int PerKey, OverflowPolicy OnOverflow)
{
    /// <summary>The most partial matches of a key after an event.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is less than 1.</exception>
    public int PerKey { get; } = PerKey >= 1 ? PerKey : throw new ArgumentOutOfRangeException(nameof(PerKey), PerKey, "A key may have at least one partial match.");

    /// <summary>10,000 a key; the oldest are dropped.</summary>
    public static PartialMatchLimit Default { get; } = new(10_000, OverflowPolicy.DropOldest);
}
