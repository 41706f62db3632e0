using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Cep.Conditions;
using Cep.Matching;
using Cep.Nfa;
using Cep.Patterns;

namespace Cep.Evaluation;

/// <summary>Offering an event: which runs it moves, and where to.</summary>
internal sealed partial class RunEvaluator
{
    private RunSet? Offer(RunSet? runs, List<Completion> output)
    {
        var isNew = runs is null;
        if (runs is null)
        {
            if (OfEvent(_nfa.Start) is { Stays: true })
                return null;
            runs = Remember();
        }
        else if (runs.HasDropped)
        {
            Changing?.Invoke();
            runs.Dropped.Clear();
            _setsWithDropped--;
        }
        var before = runs.Partial.Count;
        if (NothingMoves(runs))
            return Remembers(runs) ? runs : Forget(runs);
        if (!isNew)
            Changing?.Invoke();
        if (!StepRuns(runs.Partial))
            return Remembers(runs) ? runs : Forget(runs);
        Bound(runs.Partial, _limit.PerKey);
        Emit(runs, _predicates.TimeMs, output, isDeadline: false);
        return Commit(runs, before);
    }

    /// <summary>Whether the event alone decides that every run stays where it is.</summary>
    private bool NothingMoves(RunSet runs)
    {
        var states = runs.States;
        if (states >= 1UL << 63)
            return false;
        for (; states != 0; states &= states - 1)
        {
            if (OfEvent(_nfa.States[BitOperations.TrailingZeroCount(states)]) is not { Stays: true })
                return false;
        }
        return true;
    }

    /// <summary>Where the event takes every run of a state; null where each run must be asked.</summary>
    private Moves? OfEvent(State state)
    {
        var moves = _moves[state.Index];
        if (moves.BegunAt == _begun)
            return moves.OfEvent;
        moves.BegunAt = _begun;
        _predicates.Ask(moves.Predicates);
        return moves.OfEvent = (moves.Predicates & _predicates.OfRun) == 0 ? moves.Of(_predicates.OfEvent) : null;
    }

    private Moves MovesOf(in Run run)
    {
        if (OfEvent(run.State) is { } ofAll)
            return ofAll;
        var moves = _moves[run.State.Index];
        return moves.Of(_predicates.Ask(moves.Predicates, run.Registers));
    }

    /// <summary>Steps each run. Those before the first that moves are left in their places, which is where adding them again would put them.</summary>
    /// <returns>Whether any moves.</returns>
    private bool StepRuns(RunQueue runs)
    {
        if (runs.Count == 1 && !runs.Peek().HasBegun)
            return StepOnly(runs);
        if (runs.Count == 2 && !runs.Items[1].HasBegun && MovesOf(_start).Stays)
            return StepFirst(runs);
        var first = 0;
        Moves? moves = null;
        foreach (ref readonly var run in runs.Items)
        {
            moves = MovesOf(run);
            if (!moves.Stays)
                break;
            first++;
        }
        if (first == runs.Count)
            return false;
        runs.CutFrom(first, _toStep);
        foreach (ref readonly var run in runs.Items)
            _ = IsNew(run);
        foreach (ref readonly var run in CollectionsMarshal.AsSpan(_toStep))
        {
            moves ??= MovesOf(run);
            if (moves.Stays)
                Keep(runs, run);
            else
                Step(runs, run, moves.Open);
            moves = null;
        }
        _toStep.Clear();
        return true;
    }

    /// <summary>Steps the run that waits for a first event, where there is no other. It can stay where one run at most begins, which comes to lie before it.</summary>
    private bool StepOnly(RunQueue runs)
    {
        var moves = MovesOf(_start);
        if (moves.Stays)
            return false;
        var isStopped = Follow(_start, moves.Open);
        if (isStopped || _steps.Count > 1)
            runs.Clear();
        if (!isStopped && _steps.Count > 1)
            _steps.Add(_start);
        if (!isStopped)
            KeepSteps(runs);
        _steps.Clear();
        return true;
    }

    /// <summary>Steps a run beside which there is only the one that waits for a first event, and stays. One run at most comes to lie in its place.</summary>
    private bool StepFirst(RunQueue runs)
    {
        var moves = MovesOf(runs.Peek());
        if (moves.Stays)
            return false;
        var isStopped = Follow(runs.Peek(), moves.Open);
        if (!isStopped && _steps.Count > 1)
        {
            runs.Clear();
            _steps.Add(_start);
            KeepSteps(runs);
        }
        else if (!isStopped && _steps.Count == 1 && IsNew(_steps[0]))
        {
            runs.ReplaceFirst(_steps[0]);
        }
        else
        {
            runs.Poll();
        }
        _steps.Clear();
        return true;
    }

    private void Step(RunQueue runs, in Run run, Transition[] open)
    {
        var isStopped = Follow(run, open);
        if (run.State.Kind == StateKind.Start)
            _steps.Add(run);
        // A forbidden event ends the run, but not a match that the same event completes.
        if (!isStopped)
            KeepSteps(runs);
        _steps.Clear();
    }

    /// <summary>Lets a run take its ways; where they lead comes to be in <see cref="_steps"/>, and in <see cref="_matches"/> what completes.</summary>
    /// <returns>Whether the event is forbidden to it.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Follow(in Run run, Transition[] open)
    {
        var isStopped = false;
        foreach (var transition in open)
        {
            if (transition.Target.Kind == StateKind.Stop)
                isStopped = true;
            else if (transition.Kind == TransitionKind.Take)
                Take(run, transition);
            else if (run.State.Kind != StateKind.Start)
                Arrive(run with { State = transition.Target });
        }
        return isStopped;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void KeepSteps(RunQueue runs)
    {
        foreach (ref readonly var next in CollectionsMarshal.AsSpan(_steps))
            Keep(runs, next);
    }

    private void Take(in Run run, Transition transition)
    {
        var step = transition.Source.Step;
        var node = NodeFor(run.Last, step);
        var next = new Run(
            transition.Target,
            run.HasBegun ? run.StartMs : _predicates.TimeMs,
            run.HasBegun ? run.StartSequence : _sequence,
            node,
            RegisterLayout.Take(_pattern.Updates[step], run.Registers, _predicates.Candidate));
        Arrive(next);
        if (FinalPast(run, transition.Target) is { } final)
            Arrive(next with { State = final });
    }

    private void Arrive(in Run run)
    {
        if (run.State.Kind == StateKind.Final)
        {
            if (IsNew(run))
                _matches.Add(run);
        }
        else
        {
            _steps.Add(run);
        }
    }

    /// <summary>The final state, where what is left of the pattern may be left out.</summary>
    private State? FinalPast(in Run before, State state)
    {
        var moves = _moves[state.Index];
        // The guards are asked of the event just taken, and of the run before it took it; Flink's meaning.
        return moves.CanEnd ? moves.FinalPast(_predicates.Ask(moves.EndPredicates, before.Registers)) : null;
    }

    /// <summary>The chain with one more event. Where a pattern can divide the same events in several ways, equal chains are one object.</summary>
    private EventNode NodeFor(EventNode? previous, int step)
    {
        if (!_pattern.CanDivide)
            return new EventNode(previous, step, _predicates.Candidate, _predicates.TimeMs, _sequence, _stream);
        if (!_taken.TryGetValue((previous, step), out var node))
            _taken[(previous, step)] = node = new EventNode(previous, step, _predicates.Candidate, _predicates.TimeMs, _sequence, _stream);
        return node;
    }

    private void Keep(RunQueue runs, in Run run)
    {
        if (!IsNew(run))
            return;
        runs.Add(run);
        // One event can make many times as many: they are not all kept until it has been offered to each.
        Bound(runs, 2L * _limit.PerKey);
    }

    /// <summary>Keeps the runs of a key within the limit, once they are more than <paramref name="most"/>.</summary>
    private void Bound(RunQueue runs, long most)
    {
        // The run that waits for a first event does not count.
        if (runs.Count - 1 > most)
            DropExcess(runs, runs.Count - 1 - _limit.PerKey);
    }

    private void DropExcess(RunQueue runs, int excess)
    {
        if (_limit.OnOverflow == OverflowPolicy.Fail)
            throw new PatternEvaluationException($"The key has more than {_limit.PerKey} partial matches.", null, _predicates.Candidate, _predicates.TimeMs);
        DroppedPartials += excess;
        if (_limit.OnOverflow == OverflowPolicy.DropNewest)
            runs.DropNewest(excess);
        for (; _limit.OnOverflow == OverflowPolicy.DropOldest && excess > 0; excess--)
            runs.Poll();
    }

    /// <summary>Whether no run with the same events waits in the same state: two that do are one.</summary>
    private bool IsNew(in Run run)
    {
        if (!_pattern.CanDivide || run.Last is null)
            return true;
        return _seen.Add((run.Last, run.State.Kind == StateKind.Final ? -1 : run.State.Index));
    }
}
