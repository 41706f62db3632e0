using Cep.Differential.Cases;
using Cep.Patterns;

namespace Cep.Differential.Judging;

/// <summary>Says when a group that must not come has come: when the group, as a pattern of its own, matches the events since the last one taken.</summary>
/// <param name="events">The events of the key.</param>
/// <param name="interpreter">Evaluates conditions.</param>
internal sealed class Absences(IReadOnlyList<TimedEvent> events, Interpreter interpreter)
{
    private readonly Dictionary<GroupStep, Dictionary<Chain, HashSet<int>>> _completions = new(ReferenceEqualityComparer.Instance);

    /// <summary>Whether an event completes the group for a partial match.</summary>
    /// <param name="group">The negated group.</param>
    /// <param name="taken">What the partial match has taken.</param>
    /// <param name="candidate">The event.</param>
    public bool Completes(GroupStep group, Chain taken, int candidate)
    {
        if (!_completions.TryGetValue(group, out var ofGroup))
            _completions[group] = ofGroup = [];
        if (!ofGroup.TryGetValue(taken, out var completions))
            ofGroup[taken] = completions = Enumeration.Completions(new Pattern { Steps = [group with { IsNegated = false, GapMs = null }] }, events, interpreter, taken);
        return completions.Contains(candidate);
    }
}
