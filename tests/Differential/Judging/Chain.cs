using System.Runtime.CompilerServices;
using Cep.Patterns;

namespace Cep.Differential.Judging;

/// <summary>What a partial match has taken: an event, the step that took it, and what was taken before.</summary>
internal sealed record Chain(Chain? Before, EventStep Step, int Event)
{
    private readonly int _hash = HashCode.Combine(Before, RuntimeHelpers.GetHashCode(Step), Event);

    /// <summary>The position of the first event.</summary>
    public int Start { get; } = Before?.Start ?? Event;

    /// <summary>Whether the same events were taken by the same steps of the pattern.</summary>
    public bool Equals(Chain? other) => ReferenceEquals(this, other)
        || (other is not null && _hash == other._hash && Event == other.Event && ReferenceEquals(Step, other.Step) && Equals(Before, other.Before));

    public override int GetHashCode() => _hash;

    /// <summary>From the first to the last.</summary>
    public IEnumerable<Chain> Taken => (Before?.Taken ?? []).Append(this);

    /// <summary>Positions by step, as the evaluator's answers are written.</summary>
    public override string ToString() => string.Join(" ", Taken.GroupBy(t => t.Step.Name, t => t.Event)
        .OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => $"{s.Key}[{string.Join(",", s)}]"));
}
