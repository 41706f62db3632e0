using Cep.Patterns;

namespace Cep.Nfa;

/// <summary>
/// The automaton of a pattern: states joined by take, ignore and proceed transitions, as in SASE+ (Agrawal, Diao, Gyllstrom, Immerman:
/// "Efficient Pattern Matching over Event Streams", SIGMOD 2008) and Flink CEP.
/// </summary>
/// <remarks>Immutable once compiled. What is remembered of a key's events lives in the evaluator's runs, never here.</remarks>
internal sealed class Nfa
{
    public required Pattern Pattern { get; init; }

    /// <summary>The event steps of the pattern in order; states and runs name a step by its position here.</summary>
    public required IReadOnlyList<EventStep> Steps { get; init; }

    /// <summary>All states, final first, in the order they were made.</summary>
    public required IReadOnlyList<State> States { get; init; }

    public required State Start { get; init; }

    /// <summary>What the guards of the transitions ask about; at most 64.</summary>
    public required IReadOnlyList<Predicate> Predicates { get; init; }
}
