using Cep.Nfa;

namespace Cep.Evaluation;

/// <summary>Where a run goes with an event: the take and ignore transitions that are open to it, in Flink's order.</summary>
/// <param name="Open">Depth first along proceed transitions.</param>
/// <param name="Stays">Whether all they do is to leave the run where it is.</param>
internal sealed record Moves(Transition[] Open, bool Stays);

/// <summary>
/// Where the runs of one state go, by what is true of event and run. The graph is walked once for each combination of truths that occurs; after
/// that the answer is looked up, as in a deterministic automaton that is built as it is needed.
/// </summary>
internal sealed class StateMoves
{
    private readonly State _state;
    private readonly ByTruths<Moves> _moves;
    private readonly ByTruths<State?>? _finalPast;

    public StateMoves(State state)
    {
        _state = state;
        var reached = Walk(state, _ => true);
        Predicates = reached.SelectMany(s => s.Transitions).Aggregate(0UL, (bits, t) => bits | t.Guard.Predicates);
        _moves = new ByTruths<Moves>(Predicates, Find);
        if (state.Kind == StateKind.Final || reached.TrueForAll(s => s.Kind != StateKind.Final))
            return;
        CanEnd = true;
        EndPredicates = reached.SelectMany(s => s.Transitions).Where(t => t.Kind == TransitionKind.Proceed)
            .Aggregate(0UL, (bits, t) => bits | t.Guard.Predicates);
        _finalPast = new ByTruths<State?>(EndPredicates, truths => Walk(_state, t => t.Guard.Holds(truths)).Find(s => s.Kind == StateKind.Final));
    }

    /// <param name="predicates">What must be known of event and run.</param>
    private StateMoves(State state, ulong predicates, Func<ulong, Moves> find) => (_state, Predicates, _moves) = (state, predicates, new ByTruths<Moves>(predicates, find));

    /// <summary>The moves of a state whose runs stay, whatever the event.</summary>
    public static StateMoves Staying(State state) => new(state, 0, _ => new Moves([], Stays: true));

    /// <summary>What must be known of event and run.</summary>
    public ulong Predicates { get; }

    /// <summary>Whether the final state can be reached over proceed transitions alone: what is left of the pattern may be left out.</summary>
    public bool CanEnd { get; }

    /// <summary>What must be known for <see cref="FinalPast"/>.</summary>
    public ulong EndPredicates { get; }

    /// <summary>The event for which <see cref="OfEvent"/> was found: its number, from 1.</summary>
    public long BegunAt { get; set; }

    /// <summary>Where the event takes every run of the state; null where each run must be asked.</summary>
    public Moves? OfEvent { get; set; }

    /// <summary>Where a run goes.</summary>
    public Moves Of(ulong truths) => _moves.Of(truths);

    /// <summary>The final state that is reached over proceed transitions alone, or null.</summary>
    public State? FinalPast(ulong truths) => _finalPast?.Of(truths);

    private Moves Find(ulong truths)
    {
        var open = Walk(_state, t => t.Guard.Holds(truths))
            .SelectMany(s => s.Transitions)
            .Where(t => t.Kind != TransitionKind.Proceed && t.Guard.Holds(truths))
            .ToArray();
        var stays = _state.Kind == StateKind.Start
            ? !Array.Exists(open, t => t.Kind == TransitionKind.Take)
            : open is [{ Kind: TransitionKind.Ignore } only] && only.Target == _state;
        return new Moves(open, stays);
    }

    /// <summary>The states reached from one over proceed transitions, in the order in which Flink visits them.</summary>
    /// <remarks>Each state comes once: optional steps can lead to one state in several ways, and rounds that take nothing lead back to their start.</remarks>
    private static List<State> Walk(State from, Func<Transition, bool> isOpen)
    {
        var visited = new List<State>();
        var seen = new HashSet<State> { from };
        var toVisit = new Stack<State>(seen);
        while (toVisit.TryPop(out var state))
        {
            visited.Add(state);
            foreach (var transition in state.Transitions)
            {
                if (transition.Kind == TransitionKind.Proceed && isOpen(transition) && seen.Add(transition.Target))
                    toVisit.Push(transition.Target);
            }
        }
        return visited;
    }
}
