namespace Cep.Nfa;

/// <summary>
/// Follows all partial matches of a negated group at once: the set of states they are in, determinised (Rabin, Scott: "Finite Automata and Their
/// Decision Problems"). What must not come has come when any of them is complete.
/// </summary>
/// <remarks>
/// Exact because no condition of a negated group reads an event that the group itself has taken, so that partial matches in one state are one. State 0 has
/// seen no event.
/// </remarks>
internal sealed class AbsenceAutomaton
{
    private readonly Nfa _group;
    private readonly int[] _predicates;
    private readonly List<ulong> _sets = [0];
    private readonly Dictionary<ulong, int> _stateOf = new() { [0] = 0 };
    private readonly Dictionary<int, (ulong Set, bool IsComplete)[]> _nexts = [];
    private readonly Dictionary<int, Guard?> _completes = [];

    /// <summary>Formulas by number; 0 never holds, 1 always.</summary>
    private readonly List<Guard?> _formulas = [null, Guard.True];
    private readonly Dictionary<(int Predicate, int Without, int With), int> _choices = [];
    private readonly Dictionary<int, IReadOnlyList<(int Next, Guard When)>> _moves = [];

    /// <param name="group">The automaton of the group as a pattern of its own; at most 64 states.</param>
    public AbsenceAutomaton(Nfa group)
    {
        _group = group;
        var read = group.States.SelectMany(s => s.Transitions).Aggregate(0UL, (bits, t) => bits | t.Guard.Predicates);
        _predicates = Enumerable.Range(0, 64).Where(i => (read & 1UL << i) != 0).ToArray();
    }

    /// <summary>How many states have been reached so far.</summary>
    public int Count => _sets.Count;

    /// <summary>Which events complete the group in a state; null for none.</summary>
    public Guard? Completes(int state)
    {
        if (!_completes.TryGetValue(state, out var guard))
            _completes[state] = guard = When(NextsOf(state), next => next.IsComplete);
        return guard;
    }

    /// <summary>Where events that do not complete the group lead from a state; each event to exactly one.</summary>
    public IReadOnlyList<(int Next, Guard When)> Moves(int state)
    {
        if (_moves.TryGetValue(state, out var known))
            return known;
        var nexts = NextsOf(state);
        var reached = nexts.Where(n => !n.IsComplete).Select(n => n.Set).Distinct().ToArray();
        var moves = reached.Select(set => (StateOf(set), When(nexts, next => !next.IsComplete && next.Set == set)!)).ToArray();
        return _moves[state] = moves;
    }

    private int StateOf(ulong set)
    {
        if (!_stateOf.TryGetValue(set, out var state))
        {
            _stateOf[set] = state = _sets.Count;
            _sets.Add(set);
        }
        return state;
    }

    /// <summary>Where a state leads, by which predicates hold: bit i of the index is the i-th predicate that the group reads.</summary>
    private (ulong Set, bool IsComplete)[] NextsOf(int state)
    {
        if (!_nexts.TryGetValue(state, out var nexts))
            _nexts[state] = nexts = Enumerable.Range(0, 1 << _predicates.Length).Select(c => Next(_sets[state], Truths(c))).ToArray();
        return nexts;
    }

    private ulong Truths(int combination)
    {
        var truths = 0UL;
        for (var i = 0; i < _predicates.Length; i++)
            truths |= (ulong)(combination >> i & 1) << _predicates[i];
        return truths;
    }

    /// <summary>What an event does to partial matches in a set of states, and to one that may begin with it.</summary>
    private (ulong Set, bool IsComplete) Next(ulong set, ulong truths)
    {
        var (next, isComplete) = (0UL, false);
        foreach (var state in _group.States.Where(s => s == _group.Start || (set & 1UL << s.Index) != 0))
        {
            var moved = 0UL;
            var isStopped = false;
            foreach (var t in Open(state, truths))
            {
                isStopped |= t.Target.Kind == StateKind.Stop;
                if (t.Target.Kind == StateKind.Stop || (t.Kind == TransitionKind.Ignore && state == _group.Start))
                    continue;
                isComplete |= t.Target.Kind == StateKind.Final || (t.Kind == TransitionKind.Take && Reached(t.Target, truths).Any(s => s.Kind == StateKind.Final));
                if (t.Target.Kind != StateKind.Final)
                    moved |= 1UL << t.Target.Index;
            }
            if (!isStopped)
                next |= moved;
        }
        return (next, isComplete);
    }

    private static IEnumerable<Transition> Open(State state, ulong truths) =>
        Reached(state, truths).SelectMany(s => s.Transitions).Where(t => t.Kind != TransitionKind.Proceed && t.Guard.Holds(truths));

    private static HashSet<State> Reached(State from, ulong truths)
    {
        var reached = new HashSet<State> { from };
        var toVisit = new Stack<State>(reached);
        while (toVisit.TryPop(out var state))
        {
            foreach (var t in state.Transitions.Where(t => t.Kind == TransitionKind.Proceed && t.Guard.Holds(truths) && reached.Add(t.Target)))
                toVisit.Push(t.Target);
        }
        return reached;
    }

    /// <summary>The formula that holds where a state leads to what a test accepts, read one predicate at a time; null where it never does.</summary>
    private Guard? When((ulong Set, bool IsComplete)[] nexts, Func<(ulong Set, bool IsComplete), bool> accepts)
    {
        return _formulas[Below(0, 0)];

        int Below(int depth, int combination)
        {
            if (depth == _predicates.Length)
                return accepts(nexts[combination]) ? 1 : 0;
            var (without, with) = (Below(depth + 1, combination), Below(depth + 1, combination | 1 << depth));
            return without == with ? with : Choice(depth, without, with);
        }
    }

    /// <summary>The formula that is one where a predicate holds and another where it does not; equal formulas have one number.</summary>
    private int Choice(int predicate, int without, int with)
    {
        if (!_choices.TryGetValue((predicate, without, with), out var formula))
        {
            _choices[(predicate, without, with)] = formula = _formulas.Count;
            var holds = Guard.Holds(_predicates[predicate]);
            _formulas.Add(Or(And(holds, _formulas[with]), And(holds.Not(), _formulas[without])));
        }
        return formula;
    }

    private static Guard? And(Guard a, Guard? b) => b is null ? null : a.And(b);

    private static Guard? Or(Guard? a, Guard? b) => a is null ? b : b is null ? a : a.Not().And(b.Not()).Not();
}
