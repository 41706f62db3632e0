using Cep.Conditions;
using Cep.Nfa;

namespace Cep.Evaluation;

/// <summary>Which runs an event may move, by what conditions on it alone say.</summary>
internal enum Reach
{
    /// <summary>None, of any key: its key need not even be looked up.</summary>
    None,

    /// <summary>Only runs that have begun: a key of which nothing is remembered stays so.</summary>
    Begun,

    /// <summary>Any run.</summary>
    All,
}

/// <summary>Finds, by conditions on the event alone and before anything else is touched, how far an event can reach. In most rules most events reach nowhere.</summary>
/// <remarks>
/// Where all conditions of a rule are cheap, and an event that satisfies none of them leaves all runs in place, it asks every one of them, also those that no run
/// may wait for at the moment. Else it asks those of a first event, which are asked of every event anyway.
/// </remarks>
internal sealed class EventScreen
{
    private readonly StateMoves _start;

    /// <summary>All states that a run may wait in; null where an event may always move a run that has begun.</summary>
    private readonly StateMoves[]? _waiting;
    private readonly ulong _predicates;
    private readonly ScreenCode _code;
    private readonly ulong _withRun;
    private readonly ByTruths<Reach> _reach;

    private EventScreen(StateMoves start, StateMoves[]? waiting, ulong predicates, CompiledPattern pattern)
        : this(start, waiting, predicates, pattern.ScreenOf(predicates), pattern.AskedOfRuns)
    {
    }

    private EventScreen(StateMoves start, StateMoves[]? waiting, ulong predicates, ScreenCode code, ulong withRun)
    {
        (_start, _waiting, _predicates, _code, _withRun) = (start, waiting, predicates, code, withRun);
        _reach = new ByTruths<Reach>(predicates, Find);
    }

    /// <summary>The screen of a pattern, or null where it would be of no use.</summary>
    public static EventScreen? For(CompiledPattern pattern, StateMoves[] moves)
    {
        var start = moves[pattern.Nfa.Start.Index];
        var waiting = pattern.Nfa.States.SelectMany(s => s.Transitions)
            .Where(t => t.Kind != TransitionKind.Proceed && t.Target.Kind is not (StateKind.Final or StateKind.Stop))
            .Select(t => t.Target)
            .Append(pattern.Nfa.Start)
            .Distinct()
            .Select(s => moves[s.Index])
            .ToArray();
        var ofAll = waiting.Aggregate(0UL, (bits, m) => bits | m.Predicates);
        if (Array.TrueForAll(waiting, m => m.Of(0).Stays) && AreOfEvent(ofAll) && Asked(ofAll).All(i => IsCheap(pattern.Nfa.Predicates[i].Where)))
            return new EventScreen(start, waiting, ofAll, pattern);
        return AreOfEvent(start.Predicates) ? new EventScreen(start, waiting: null, start.Predicates, pattern) : null;

        IEnumerable<int> Asked(ulong predicates) => Enumerable.Range(0, pattern.Predicates.Length).Where(i => (predicates & (1UL << i)) != 0);

        bool AreOfEvent(ulong predicates) => Asked(predicates).All(i => pattern.Predicates[i].OfEvent is not null);
    }

    /// <summary>The screen where the run that waits for a first event moves otherwise. It asks the same conditions.</summary>
    public EventScreen With(StateMoves start) => new(start, _waiting?.Select(m => m == _start ? start : m).ToArray(), _predicates, _code, _withRun);

    /// <summary>Of the event that was screened last, the predicates that were asked; none where one threw.</summary>
    public ulong Asked { get; private set; }

    /// <summary>Those of <see cref="Asked"/> that hold.</summary>
    public ulong Truths { get; private set; }

    /// <summary>How far an event reaches. Everywhere where a condition throws: that matters only if a run that waits asks it.</summary>
    public Reach Of(PredicateTable predicates, object candidate, long timeMs)
    {
        if (!predicates.TryScreen(_code, _predicates, candidate, timeMs, out var truths))
        {
            Asked = 0;
            return Reach.All;
        }
        (Asked, Truths) = (_predicates, truths);
        return _reach.Of(truths);
    }

    private Reach Find(ulong truths)
    {
        if (!Stays(_start, truths))
            return Reach.All;
        return _waiting is null || !Array.TrueForAll(_waiting, m => Stays(m, truths)) ? Reach.Begun : Reach.None;
    }

    /// <summary>Whether the event alone decides that the runs of a state stay in it.</summary>
    private bool Stays(StateMoves moves, ulong truths) => (moves.Predicates & truths & _withRun) == 0 && moves.Of(truths & ~_withRun).Stays;

    private static bool IsCheap(Expr? e) => e is null
        || (e is not (CallExpr or OpaqueExpr or InListExpr { List.Type: ListType.Cidr } or BinaryExpr { Operator: BinaryOperator.Matches or BinaryOperator.Like }) && e.Children.All(IsCheap));
}
