using Cep.Conditions;
using Cep.Nfa;

namespace Cep.Evaluation;

/// <summary>Finds, by conditions on the event alone, that an event moves no run of any key: then its key need not even be looked up.</summary>
/// <remarks>
/// In most rules most events are such. It asks every condition of the rule, also those that no run may wait for at the moment, so it is used only where
/// all of them are cheap, and where an event that satisfies none of them leaves all runs in place.
/// </remarks>
internal sealed class EventScreen
{
    private readonly StateMoves[] _waiting;
    private readonly ulong _predicates;
    private readonly ScreenCode _code;
    private readonly ulong _withRun;
    private readonly Dictionary<ulong, bool> _movesNothing = [];
    private ulong _last;
    private bool _lastMovesNothing = true;

    private EventScreen(StateMoves[] waiting, ulong predicates, ulong withRun, ScreenCode code)
    {
        _waiting = waiting;
        _predicates = predicates;
        _withRun = withRun;
        _code = code;
    }

    /// <summary>The screen of a pattern, or null where it would be of no use.</summary>
    public static EventScreen? For(CompiledPattern pattern, StateMoves[] moves)
    {
        var waiting = pattern.Nfa.States.SelectMany(s => s.Transitions)
            .Where(t => t.Kind != TransitionKind.Proceed && t.Target.Kind is not (StateKind.Final or StateKind.Stop))
            .Select(t => t.Target)
            .Append(pattern.Nfa.Start)
            .Distinct()
            .Select(s => moves[s.Index])
            .ToArray();
        if (!Array.TrueForAll(waiting, m => m.Of(0).Stays))
            return null;
        var predicates = waiting.Aggregate(0UL, (bits, m) => bits | m.Predicates);
        for (var i = 0; i < pattern.Predicates.Length; i++)
        {
            var isAsked = (predicates & (1UL << i)) != 0;
            if (isAsked && (pattern.Predicates[i].OfEvent is null || !IsCheap(pattern.Nfa.Predicates[i].Where)))
                return null;
        }
        return new EventScreen(waiting, predicates, pattern.AskedOfRuns, pattern.ScreenOf(predicates));
    }

    /// <summary>Of the event that was screened last, the predicates that were asked; none where one threw.</summary>
    public ulong Asked { get; private set; }

    /// <summary>Those of <see cref="Asked"/> that hold.</summary>
    public ulong Truths => _last;

    /// <summary>Whether an event leaves every run where it is. Not so where a condition throws: that matters only if a run that waits asks it.</summary>
    public bool MovesNothing(PredicateTable predicates, object candidate, long timeMs)
    {
        if (!predicates.TryScreen(_code, _predicates, candidate, timeMs, out var truths))
        {
            Asked = 0;
            return false;
        }
        if (truths != _last)
            (_last, _lastMovesNothing) = (truths, Of(truths));
        Asked = _predicates;
        return _lastMovesNothing;
    }

    private bool Of(ulong truths)
    {
        if (_movesNothing.TryGetValue(truths, out var movesNothing))
            return movesNothing;
        if (_movesNothing.Count == StateMoves.KeptMax)
            _movesNothing.Clear();
        return _movesNothing[truths] = Array.TrueForAll(_waiting, m => (m.Predicates & truths & _withRun) == 0 && m.Of(truths & ~_withRun).Stays);
    }

    private static bool IsCheap(Expr? e) => e is null
        || (e is not (CallExpr or OpaqueExpr or BinaryExpr { Operator: BinaryOperator.Matches or BinaryOperator.Like }) && e.Children.All(IsCheap));
}
