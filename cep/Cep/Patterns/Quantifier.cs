using Cep.Conditions;

namespace Cep.Patterns;

/// <summary>How often a step or group is taken, and how its rounds follow each other.</summary>
/// <remarks>The default takes exactly one. <see cref="PatternRules"/> says which combinations are meaningful.</remarks>
public sealed record Quantifier
{
    /// <summary>Exactly one.</summary>
    public static Quantifier One { get; } = new();

    /// <summary>The least number of rounds, when the step is taken at all; 0 is the same as 1 and <see cref="IsOptional"/>.</summary>
    public int Min { get; init; } = 1;

    /// <summary>The greatest number of rounds; null for no bound.</summary>
    public int? Max { get; init; } = 1;

    /// <summary>Whether the step, or the whole loop, may be left out.</summary>
    public bool IsOptional { get; init; }

    /// <summary>Whether an event that the loop can take is withheld from the step after it.</summary>
    public bool IsGreedy { get; init; }

    /// <summary>What may lie between two rounds; relaxed unless said otherwise.</summary>
    public Contiguity Inner { get; init; } = Contiguity.Relaxed;

    /// <summary>Ends an unbounded loop: an event that satisfies it is not taken, nor any later one.</summary>
    public Expr? Until { get; init; }

    /// <summary>The longest time from one round's event to the next, in milliseconds, exclusive; null for no bound.</summary>
    public long? GapMs { get; init; }

    /// <summary>Whether the number of rounds has no bound.</summary>
    public bool IsUnbounded => Max is null;

    /// <summary>Whether more than one round is possible.</summary>
    public bool IsLoop => Max is null or > 1 || Min > 1;

    /// <summary>Whether the step can be left out: optional, or a least number of 0.</summary>
    public bool CanBeSkipped => IsOptional || Min == 0;
}
