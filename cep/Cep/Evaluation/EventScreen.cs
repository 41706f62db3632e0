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
    private readonly Dictionary<(ulong OfEvent, ulong OfRun), bool> _movesNothing = [];
    private (ulong OfEvent, ulong OfRun) _last;
    private bool _lastMovesNothing;

    private EventScreen(StateMoves[] waiting, ulong predicates, ScreenCode code)
    {
        _waiting = waiting;
        _predicates = predicates;
        _code = code;
        _lastMovesNothing = true;
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
        return new EventScreen(waiting, predicates, pattern.ScreenOf(predicates));
    }

    /// <summary>Whether the event at hand leaves every run where it is. Not so where a condition throws: that matters only if a run that waits asks it.</summary>
    public bool MovesNothing(PredicateTable predicates)
    {
        if (!predicates.TryAsk(_code, _predicates))
            return false;
        var asked = (predicates.OfEvent, predicates.OfRun);
        if (asked == _last)
            return _lastMovesNothing;
        if (!_movesNothing.TryGetValue(asked, out var movesNothing))
        {
            if (_movesNothing.Count == StateMoves.KeptMax)
                _movesNothing.Clear();
            _movesNothing[asked] = movesNothing = Decide(asked);
        }
        _last = asked;
        return _lastMovesNothing = movesNothing;
    }

    private bool Decide((ulong OfEvent, ulong OfRun) asked) =>
        Array.TrueForAll(_waiting, m => (m.Predicates & asked.OfRun) == 0 && m.Of(asked.OfEvent).Stays);

    private static bool IsCheap(Expr? e) => e is null
        || (e is not (CallExpr or OpaqueExpr or BinaryExpr { Operator: BinaryOperator.Matches or BinaryOperator.Like }) && e.Children.All(IsCheap));
}
