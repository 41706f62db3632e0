using Cep.Nfa;

namespace Cep.Explain;

/// <summary>How far each state of an automaton is from a match: how many events are needed at least, and which steps could bring it nearer.</summary>
internal sealed class StateProgress
{
    private const int Unreachable = int.MaxValue / 2;

    private readonly int[] _left;

    public StateProgress(Nfa.Nfa nfa)
    {
        _left = nfa.States.Select(s => s.Kind is StateKind.Final or StateKind.Pending ? 0 : Unreachable).ToArray();
        // Each pass carries the numbers one transition further, as in Bellman and Ford's shortest paths.
        for (var hasChanged = true; hasChanged;)
        {
            hasChanged = false;
            foreach (var transition in nfa.States.SelectMany(s => s.Transitions))
            {
                var left = LeftOver(transition);
                hasChanged |= left < _left[transition.Source.Index];
                _left[transition.Source.Index] = Math.Min(left, _left[transition.Source.Index]);
            }
        }
    }

    /// <summary>The least number of events that a run in the state still needs; 0 where it waits for a deadline alone.</summary>
    public int EventsLeft(State state) => _left[state.Index];

    /// <summary>The steps that bring a run of the state nearer to a match: by taking an event, or, negated, by not seeing one.</summary>
    public IReadOnlyList<int> AwaitedSteps(State state)
    {
        if (state.Kind == StateKind.Pending)
            return [state.Step];
        var awaited = new List<int>();
        var seen = new HashSet<State> { state };
        var toVisit = new Stack<State>(seen);
        while (toVisit.TryPop(out var reached))
        {
            foreach (var transition in reached.Transitions.Where(t => t.Target.Kind != StateKind.Stop))
            {
                if (transition.Kind == TransitionKind.Proceed && seen.Add(transition.Target))
                    toVisit.Push(transition.Target);
                else if (transition.Kind != TransitionKind.Proceed && EventsLeft(transition.Target) < EventsLeft(state))
                    awaited.Add(transition.Source.Step);
            }
        }
        return awaited.Distinct().Order().ToList();
    }

    private int LeftOver(Transition transition) => transition.Target.Kind == StateKind.Stop ? Unreachable
        : _left[transition.Target.Index] + (transition.Kind == TransitionKind.Take || IsSkippedToTheEnd(transition) ? 1 : 0);

    /// <summary>A final "not next" is met by one event more that is not the forbidden one.</summary>
    private static bool IsSkippedToTheEnd(Transition transition) =>
        transition.Kind == TransitionKind.Ignore && transition.Target.Kind == StateKind.Final;
}
