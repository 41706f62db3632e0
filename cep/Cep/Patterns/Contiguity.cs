namespace Cep.Patterns;

/// <summary>What may lie between two events that a pattern takes one after the other.</summary>
public enum Contiguity
{
    /// <summary>Nothing: the very next event of the key must fit. <c>=></c>, Flink's <c>next</c>.</summary>
    Strict,

    /// <summary>Events that do not fit are skipped, the first that fits is taken. <c>-></c>, Flink's <c>followedBy</c>; skip till next match.</summary>
    Relaxed,

    /// <summary>Events that fit may be skipped too, so that later ones make matches of their own. <c>->></c>, Flink's <c>followedByAny</c>; skip till any match.</summary>
    NonDeterministicRelaxed,
}
