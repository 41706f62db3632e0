using System.Text;
using Cep.Conditions;

namespace Cep.Evaluation.Snapshots;

/// <summary>
/// Tells whether the states of two automata mean the same places in a pattern, one for one, so that a partial match of the one can go on in the other:
/// they may differ in what is asked of events and in how long is waited, and in nothing else.
/// </summary>
internal static class AutomatonShape
{
    /// <summary>The shape as text: equal for automata between which partial matches can be carried.</summary>
    public static string TextOf(Nfa.Nfa nfa)
    {
        var text = new StringBuilder();
        foreach (var step in nfa.Steps)
            text.Append(step.Name.Length).Append('`').Append(step.Name).Append("` ").Append(step.IsNegated).Append(' ').Append(step.Stream?.Name ?? "-").Append('\n');
        foreach (var state in nfa.States)
        {
            text.Append(state).Append(' ').Append(state.Step).Append('\n');
            foreach (var transition in state.Transitions)
                text.Append(transition.Kind).Append(' ').Append(transition.Source.Index).Append(' ').Append(transition.Target.Index).Append('\n');
        }
        var skip = nfa.Pattern.Skip;
        return text.Append(skip.Kind).Append(' ').Append(skip.Step).Append(' ').Append(skip.FailsOnMiss).ToString();
    }
}

/// <summary>Makes of what was remembered under one pattern what another one of the same <see cref="AutomatonShape"/> would remember.</summary>
/// <remarks>Each partial match stays in its state with its events; what conditions read of them is worked out anew. What is given is not changed. Not thread-safe.</remarks>
internal sealed class RunSetCarrier(CompiledPattern pattern)
{
    private readonly Dictionary<EventNode, (EventNode Node, Registers Registers)> _carried = new(ReferenceEqualityComparer.Instance);
    private readonly Stack<EventNode> _toCarry = new();

    /// <summary>The set under the pattern; it has no timer, and <see cref="RunEvaluator.Adopt"/> works out its deadline.</summary>
    public RunSet Carry(RunSet runs)
    {
        var carried = new RunSet();
        foreach (ref readonly var run in runs.Partial.Items)
            carried.Partial.Add(Carry(run));
        foreach (ref readonly var run in runs.CompletedItems)
            carried.Completed.Add(Carry(run));
        foreach (ref readonly var run in runs.DroppedItems)
            carried.Dropped.Add(Carry(run));
        _carried.Clear();
        return carried;
    }

    private Run Carry(in Run run)
    {
        var (last, registers) = Carry(run.Last);
        return run with { State = pattern.Nfa.States[run.State.Index], Last = last, Registers = registers };
    }

    private (EventNode? Last, Registers Registers) Carry(EventNode? last)
    {
        for (var node = last; node is not null && !_carried.ContainsKey(node); node = node.Previous)
            _toCarry.Push(node);
        while (_toCarry.TryPop(out var node))
        {
            var (previous, before) = node.Previous is { } p ? _carried[p] : (null, pattern.Registers.Empty);
            var registers = RegisterLayout.Take(pattern.Updates[node.Step], before, node.Value);
            _carried.Add(node, (new EventNode(previous, node.Step, node.Value, node.TimeMs, node.Sequence, node.Stream) { Told = node.Told }, registers));
        }
        return last is null ? (null, pattern.Registers.Empty) : _carried[last];
    }
}
