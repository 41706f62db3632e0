namespace Cep.Nfa;

/// <summary>What a run in a state is waiting for.</summary>
internal enum StateKind
{
    /// <summary>The first event; there is always one such run.</summary>
    Start,

    /// <summary>A further event.</summary>
    Normal,

    /// <summary>Nothing: the match is complete.</summary>
    Final,

    /// <summary>Nothing: a forbidden event came, and the run is dropped.</summary>
    Stop,

    /// <summary>The deadline of a final <c>not</c>: the match is complete when it passes.</summary>
    Pending,
}

/// <summary>What using a transition does with the event and the run.</summary>
internal enum TransitionKind
{
    /// <summary>The event is added to the run.</summary>
    Take,

    /// <summary>The event is left out; the run lives on.</summary>
    Ignore,

    /// <summary>The event is offered to the target state instead; no event is consumed.</summary>
    Proceed,
}

/// <summary>An edge of an <see cref="Nfa"/>.</summary>
internal sealed class Transition(TransitionKind kind, State source, State target, Guard guard)
{
    public TransitionKind Kind { get; } = kind;

    /// <summary>The state it leaves. An event taken counts as taken by this state's step, wherever the run came from.</summary>
    public State Source { get; } = source;

    public State Target { get; } = target;

    public Guard Guard { get; set; } = guard;

    public override string ToString() => $"{Kind} {Source.Name} -> {Target.Name} [{Guard}]";
}

/// <summary>A node of an <see cref="Nfa"/>.</summary>
internal sealed class State(int index, string name, int step, StateKind kind)
{
    private readonly List<Transition> _transitions = [];

    /// <summary>The position in <see cref="Nfa.States"/>.</summary>
    public int Index { get; } = index;

    /// <summary>The step's name; further states of a step have a number behind it.</summary>
    public string Name { get; } = name;

    /// <summary>The position in <see cref="Nfa.Steps"/> of the step whose events it takes; -1 for the final state and for groups.</summary>
    public int Step { get; } = step;

    public StateKind Kind { get; set; } = kind;

    /// <summary>The longest wait in this state since the last event, in milliseconds, exclusive; null for no bound.</summary>
    public long? GapMs { get; set; }

    /// <summary>In the order they were added, which is the order in which they are tried.</summary>
    public IReadOnlyList<Transition> Transitions => _transitions;

    public void Add(TransitionKind kind, State target, Guard guard) => _transitions.Add(new Transition(kind, this, target, guard));

    /// <summary>Replaces each target by several, in their order, each under the same guard.</summary>
    public void Lead(Func<State, IEnumerable<State>> to)
    {
        var transitions = _transitions.SelectMany(t => to(t.Target).Select(s => new Transition(t.Kind, this, s, t.Guard))).ToArray();
        _transitions.Clear();
        _transitions.AddRange(transitions);
    }

    public override string ToString() => $"{Name} ({Kind})";
}
