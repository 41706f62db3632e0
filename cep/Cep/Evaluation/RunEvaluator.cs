using System.Numerics;
using System.Runtime.InteropServices;
using Cep.Conditions;
using Cep.Nfa;
using Cep.Patterns;

namespace Cep.Evaluation;

/// <summary>
/// Steps the runs of a rule through its automaton, one event at a time: a run is a partial match with the state it waits in and registers for what
/// conditions read of its events. Evaluates every pattern; the oracle of evaluators for less.
/// </summary>
/// <remarks>
/// One instance serves all keys of a rule on one thread; what it remembers of a key is in that key's <see cref="RunSet"/>. Events of a key come
/// in order of (time, sequence), and <see cref="AdvanceTime"/> is called for every deadline up to an event's time before that event.
/// </remarks>
internal sealed class RunEvaluator
{
    /// <summary>How many sets of keys that are forgotten are kept for use by other keys.</summary>
    private const int ForgottenMax = 1024;

    /// <summary>The last deadline there can be; <see cref="long.MaxValue"/> stands for none.</summary>
    private const long LastMs = long.MaxValue - 1;

    private readonly CompiledPattern _pattern;
    private readonly Nfa.Nfa _nfa;
    private readonly PredicateTable _predicates;
    private readonly StateMoves[] _moves;
    private readonly EventScreen? _screen;

    // Scratch, empty between calls.
    private readonly RunQueue _matches = new();
    private readonly List<Run> _toStep = [];
    private readonly List<Run> _steps = [];
    private readonly Dictionary<(EventNode? Previous, int Step), EventNode> _taken = [];
    private readonly HashSet<(EventNode, int State)> _seen = [];

    /// <summary>Runs that took the same events but wait in different states are one timeout.</summary>
    private readonly HashSet<EventNode> _timedOut = [];
    private readonly Stack<RunSet> _forgotten = new();

    /// <summary>How many sets have dropped runs whose deadline has not passed.</summary>
    private int _setsWithDropped;

    /// <summary>The place in the input of the event at hand.</summary>
    private long _sequence;

    /// <summary>How many events have been begun with.</summary>
    private long _begun;

    public RunEvaluator(CompiledPattern pattern)
    {
        _pattern = pattern;
        _nfa = pattern.Nfa;
        _predicates = new PredicateTable(pattern);
        _moves = _nfa.States.Select(s => new StateMoves(s)).ToArray();
        _screen = EventScreen.For(pattern, _moves);
    }

    /// <summary>What it evaluates.</summary>
    public CompiledPattern Pattern => _pattern;

    /// <summary>How often a condition was null.</summary>
    public long UnknownConditions => _predicates.Unknown;

    /// <summary>How often a condition failed in arithmetic.</summary>
    public long ConditionErrors => _predicates.Errors;

    /// <summary>The partial matches that are alive, of all keys.</summary>
    public long PartialMatches { get; private set; }

    /// <summary>Begins with an event, to be offered to the runs of its key.</summary>
    /// <returns>False where it moves no run of any key, and need not be offered.</returns>
    public bool Begin(object candidate, long timeMs, long sequence)
    {
        _sequence = sequence;
        _begun++;
        _predicates.Begin(candidate, timeMs);
        // An event that moves nothing still makes its key forget what was dropped.
        return _screen is null || _setsWithDropped > 0 || !_screen.MovesNothing(_predicates);
    }

    /// <summary>Offers the event that was begun with to every run of its key.</summary>
    /// <param name="runs">What is remembered of the key; null for nothing.</param>
    /// <param name="output">Takes the matches.</param>
    /// <returns>What is remembered now; null for nothing. A set given and not returned is used again for other keys.</returns>
    public RunSet? OnEvent(RunSet? runs, List<Completion> output)
    {
        if (runs is null)
        {
            if (OfEvent(_nfa.Start) is { Stays: true })
                return null;
            runs = Remember();
        }
        else if (runs.HasDropped)
        {
            runs.Dropped.Clear();
            _setsWithDropped--;
        }
        var before = runs.Partial.Count;
        if (NothingMoves(runs) || !StepRuns(runs.Partial))
            return Remembers(runs) ? runs : Forget(runs);
        Emit(runs, _predicates.TimeMs, output, isDeadline: false);
        return Commit(runs, before);
    }

    /// <summary>Lets time pass: runs whose deadline is at or before <paramref name="nowMs"/> time out, or match where they wait for just that.</summary>
    /// <returns>What is remembered now; null for nothing, as with <see cref="OnEvent"/>.</returns>
    public RunSet? AdvanceTime(RunSet runs, long nowMs, List<Completion> output)
    {
        var before = runs.Partial.Count;
        var hadDropped = runs.HasDropped;
        if (hadDropped)
            TimeOutDropped(runs, nowMs, output);
        runs.Partial.CutFrom(FirstExpired(runs.Partial, nowMs), _toStep);
        foreach (ref readonly var run in CollectionsMarshal.AsSpan(_toStep))
        {
            var deadlineMs = DeadlineMs(run);
            if (deadlineMs > nowMs)
                runs.Partial.Add(run);
            else if (run.State.Kind == StateKind.Pending)
                _matches.Add(run);
            else if (_timedOut.Add(run.Last!))
                output.Add(new Completion(IsTimeout: true, run.Last!, run.StartMs, run.Last!.TimeMs, deadlineMs));
        }
        _toStep.Clear();
        _timedOut.Clear();
        Emit(runs, nowMs, output, isDeadline: true);
        _setsWithDropped += Convert.ToInt32(runs.HasDropped) - Convert.ToInt32(hadDropped);
        return Commit(runs, before);
    }

    private int FirstExpired(RunQueue runs, long nowMs)
    {
        var first = 0;
        foreach (ref readonly var run in runs.Items)
        {
            if (DeadlineMs(run) <= nowMs)
                break;
            first++;
        }
        return first;
    }

    // ---- which runs move

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

    // ---- one run

    private void Step(RunQueue runs, in Run run, Transition[] open)
    {
        var isStart = run.State.Kind == StateKind.Start;
        var isStopped = false;
        foreach (var transition in open)
        {
            if (transition.Target.Kind == StateKind.Stop)
                isStopped = true;
            else if (transition.Kind == TransitionKind.Take)
                Take(run, transition);
            else if (!isStart)
                Arrive(run with { State = transition.Target });
        }
        if (isStart)
            _steps.Add(run);
        // A forbidden event ends the run, but not a match that the same event completes.
        if (!isStopped)
        {
            foreach (ref readonly var next in CollectionsMarshal.AsSpan(_steps))
                Keep(runs, next);
        }
        _steps.Clear();
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
            return new EventNode(previous, step, _predicates.Candidate, _predicates.TimeMs, _sequence);
        if (!_taken.TryGetValue((previous, step), out var node))
            _taken[(previous, step)] = node = new EventNode(previous, step, _predicates.Candidate, _predicates.TimeMs, _sequence);
        return node;
    }

    private void Keep(RunQueue runs, in Run run)
    {
        if (IsNew(run))
            runs.Add(run);
    }

    /// <summary>Whether no run with the same events waits in the same state: two that do are one.</summary>
    private bool IsNew(in Run run)
    {
        if (!_pattern.CanDivide || run.Last is null)
            return true;
        return _seen.Add((run.Last, run.State.Kind == StateKind.Final ? -1 : run.State.Index));
    }

    // ---- completed matches

    private void Emit(RunSet runs, long atMs, List<Completion> output, bool isDeadline)
    {
        if (_nfa.Pattern.Skip.Kind != SkipKind.None)
        {
            EmitUnderSkip(runs, atMs, output, isDeadline);
            return;
        }
        foreach (ref readonly var match in _matches.Items)
            output.Add(MatchOf(match, atMs));
    }

    /// <summary>Emits completed matches that no earlier partial match holds back; each drops what the skip strategy says.</summary>
    private void EmitUnderSkip(RunSet runs, long atMs, List<Completion> output, bool isDeadline)
    {
        foreach (ref readonly var match in _matches.Items)
            runs.Completed.Add(match);
        while (runs.HasCompleted
            && (runs.Partial.Count == 0 || Run.CompareStart(runs.Completed.Peek(), runs.Partial.Peek()) <= 0))
        {
            var match = runs.Completed.Poll();
            Skip(match, runs, isDeadline ? runs.Dropped : null);
            output.Add(MatchOf(match, atMs));
        }
    }

    /// <summary>A match ends with its last event; one that waited for a deadline ends with that.</summary>
    private Completion MatchOf(in Run run, long atMs) => new(
        IsTimeout: false, run.Last!, run.StartMs, run.State.Kind == StateKind.Pending ? DeadlineMs(run) : run.Last!.TimeMs, atMs);

    /// <param name="dropped">Takes the partial matches that are dropped; null when nobody asks.</param>
    private void Skip(in Run match, RunSet runs, List<Run>? dropped)
    {
        var skip = _nfa.Pattern.Skip;
        if (SkipPosition(match, skip) is not { } position)
            return;
        var inclusive = skip.Kind is SkipKind.ToNext or SkipKind.PastLast;
        runs.Partial.DropStartedUpTo(position.TimeMs, position.Sequence, inclusive, dropped);
        runs.Completed.DropStartedUpTo(position.TimeMs, position.Sequence, inclusive, dropped: null);
    }

    /// <summary>The event at which matching goes on, or null when the named step took none: then nothing is dropped.</summary>
    private EventNode? SkipPosition(in Run match, AfterMatchSkip skip)
    {
        if (skip.Kind == SkipKind.PastLast)
            return match.Last;
        EventNode? found = null;
        for (var node = match.Last; node is not null; node = node.Previous)
        {
            if (skip.Kind == SkipKind.ToNext)
                found = node;
            else if (_nfa.Steps[node.Step].Name == skip.Step && (skip.Kind == SkipKind.ToFirst || found is null))
                found = node;
        }
        return found;
    }

    // ---- time

    /// <summary>When the run times out: at the end of the window of the pattern, or of the state it waits in.</summary>
    public long DeadlineMs(in Run run)
    {
        if (!run.HasBegun)
            return long.MaxValue;
        var gapMs = run.State.GapMs is { } gap ? Later(run.Last!.TimeMs, gap) : long.MaxValue;
        // The wait of a final `not` with a window of its own comes on top of the pattern's.
        if (run.State.Kind == StateKind.Pending && run.State.GapMs is not null)
            return gapMs;
        return Math.Min(gapMs, _nfa.Pattern.WithinMs is { } within ? Later(run.StartMs, within) : long.MaxValue);
    }

    /// <summary>Tells the dropped runs whose deadline has passed, and forgets them. An event at the very deadline would have come first.</summary>
    private void TimeOutDropped(RunSet runs, long nowMs, List<Completion> output)
    {
        for (var i = runs.Dropped.Count - 1; i >= 0; i--)
        {
            var run = runs.Dropped[i];
            var deadlineMs = DeadlineMs(run);
            if (run.State.Kind != StateKind.Pending && deadlineMs < nowMs && _timedOut.Add(run.Last!))
                output.Add(new Completion(IsTimeout: true, run.Last!, run.StartMs, run.Last!.TimeMs, deadlineMs));
            if (run.State.Kind == StateKind.Pending || deadlineMs < nowMs)
                runs.Dropped.RemoveAt(i);
        }
    }

    private long NextDeadlineMs(RunSet runs)
    {
        var next = long.MaxValue;
        if (runs.HasDropped)
        {
            foreach (var run in runs.Dropped)
                next = Math.Min(next, DeadlineMs(run) is var deadlineMs and < LastMs ? deadlineMs + 1 : long.MaxValue);
        }
        if (!_pattern.HasGaps)
            return Math.Min(next, DeadlineMs(runs.Partial.Peek()));
        foreach (ref readonly var run in runs.Partial.Items)
            next = Math.Min(next, DeadlineMs(run));
        return next;
    }

    /// <summary>A window that reaches past the end of time ends with it, so that the end of the input still closes the window.</summary>
    private static long Later(long timeMs, long spanMs) => timeMs > LastMs - spanMs ? LastMs : timeMs + spanMs;

    // ---- the set

    /// <summary>Takes over a set that another evaluator of the pattern made, read from a snapshot.</summary>
    public void Adopt(RunSet runs)
    {
        PartialMatches += runs.Partial.Count - 1;
        _setsWithDropped += Convert.ToInt32(runs.HasDropped);
        Note(runs);
    }

    private RunSet Remember()
    {
        var runs = _forgotten.TryPop(out var old) ? old : new RunSet();
        runs.Partial.Add(new Run(_nfa.Start, long.MaxValue, long.MaxValue, null, _pattern.Registers.Empty));
        runs.States = StateBit(_nfa.Start);
        return runs;
    }

    /// <param name="before">How many runs there were.</param>
    private RunSet? Commit(RunSet runs, int before)
    {
        PartialMatches += runs.Partial.Count - before;
        runs.Partial.Trim();
        Note(runs);
        _matches.Clear();
        if (_pattern.CanDivide)
        {
            _taken.Clear();
            _seen.Clear();
        }
        return Remembers(runs) ? runs : Forget(runs);
    }

    /// <summary>Notes in a set what is asked of it at every event.</summary>
    private void Note(RunSet runs)
    {
        var states = 0UL;
        foreach (ref readonly var run in runs.Partial.Items)
            states |= StateBit(run.State);
        runs.States = states;
        runs.NextDeadlineMs = NextDeadlineMs(runs);
    }

    /// <summary>Whether a set holds more than the run that waits for a first event.</summary>
    private static bool Remembers(RunSet runs) => runs.Partial.Count > 1 || runs.HasCompleted || runs.HasDropped;

    private RunSet? Forget(RunSet runs)
    {
        runs.Partial.Clear();
        runs.NextDeadlineMs = runs.TimerMs = long.MaxValue;
        if (_forgotten.Count < ForgottenMax)
            _forgotten.Push(runs);
        return null;
    }

    /// <summary>The bit of a state in <see cref="RunSet.States"/>.</summary>
    internal static ulong StateBit(State state) => 1UL << Math.Min(state.Index, 63);
}
