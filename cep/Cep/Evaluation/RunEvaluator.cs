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

    private readonly CompiledPattern _pattern;
    private readonly Nfa.Nfa _nfa;
    private readonly PredicateTable _predicates;
    private readonly StateMoves[] _moves;

    // Scratch, empty between calls.
    private readonly RunQueue _next = new();
    private readonly RunQueue _matches = new();
    private readonly Stack<State> _toVisit = new();
    private readonly List<Transition> _moveOfRun = [];
    private readonly List<Run> _steps = [];
    private readonly Dictionary<(EventNode? Previous, int Step), EventNode> _taken = [];
    private readonly HashSet<(EventNode, int State)> _seen = [];

    /// <summary>Runs that took the same events but wait in different states are one timeout.</summary>
    private readonly HashSet<EventNode> _timedOut = [];
    private readonly Stack<RunSet> _forgotten = new();
    private readonly long[] _visitedAt;
    private long _visit;
    private long _offered;

    public RunEvaluator(CompiledPattern pattern)
    {
        _pattern = pattern;
        _nfa = pattern.Nfa;
        _predicates = new PredicateTable(pattern);
        _moves = _nfa.States.Select(_ => new StateMoves()).ToArray();
        _visitedAt = new long[_nfa.States.Count];
    }

    /// <summary>What it evaluates.</summary>
    public CompiledPattern Pattern => _pattern;

    /// <summary>How often a condition was null.</summary>
    public long UnknownConditions => _predicates.Unknown;

    /// <summary>How often a condition failed in arithmetic.</summary>
    public long ConditionErrors => _predicates.Errors;

    /// <summary>Where the runs of a state go with the event at hand, when the event alone decides it.</summary>
    private sealed class StateMoves
    {
        public long OfferedAt = -1;
        public bool AskEachRun;
        public bool Stays;
        public readonly List<Transition> Transitions = [];
    }

    /// <summary>Offers an event to every run of a key.</summary>
    /// <param name="runs">What is remembered of the key; null for nothing.</param>
    /// <param name="output">Takes the matches.</param>
    /// <returns>What is remembered now; null for nothing. A set given and not returned is used again for other keys.</returns>
    public RunSet? OnEvent(RunSet? runs, object candidate, long timeMs, long sequence, List<Completion> output)
    {
        _offered++;
        _predicates.Offer(candidate, timeMs);
        runs?.Dropped.Clear();
        if (runs is null ? MovesOf(_nfa.Start).Stays : NothingMoves(runs))
            return runs is null || Remembers(runs) ? runs : Forget(runs);

        runs ??= Remember();
        foreach (ref readonly var run in runs.Partial.Items)
        {
            var moves = MovesOf(run.State);
            if (moves.Stays)
                Keep(run);
            else
                Step(run, moves.AskEachRun ? AskRun(run) : moves.Transitions, candidate, timeMs, sequence);
        }
        if (_nfa.Pattern.Skip.Kind == SkipKind.None)
            EmitAll(timeMs, output);
        else
            EmitUnderSkip(runs, timeMs, output, dropped: null);
        return Commit(runs);
    }

    /// <summary>The event time at which the next deadline of the key passes; <see cref="long.MaxValue"/> for none.</summary>
    public long NextDeadlineMs(RunSet runs)
    {
        var next = long.MaxValue;
        foreach (var run in runs.Dropped)
            next = Math.Min(next, Later(DeadlineMs(run), 1));
        if (!_pattern.HasGaps)
            return Math.Min(next, DeadlineMs(runs.Partial.Peek()));
        foreach (ref readonly var run in runs.Partial.Items)
            next = Math.Min(next, DeadlineMs(run));
        return next;
    }

    /// <summary>Lets time pass: runs whose deadline is at or before <paramref name="nowMs"/> time out, or match where they wait for just that.</summary>
    /// <returns>What is remembered now; null for nothing, as with <see cref="OnEvent"/>.</returns>
    public RunSet? AdvanceTime(RunSet runs, long nowMs, List<Completion> output)
    {
        var hasExpired = TimeOutDropped(runs, nowMs, output);
        foreach (ref readonly var run in runs.Partial.Items)
        {
            var deadlineMs = DeadlineMs(run);
            if (deadlineMs > nowMs)
            {
                _next.Add(run);
                continue;
            }
            hasExpired = true;
            if (run.State.Kind == StateKind.Pending)
                _matches.Add(run);
            else if (_timedOut.Add(run.Last!))
                output.Add(new Completion(IsTimeout: true, run.Last!, run.StartMs, run.Last!.TimeMs, deadlineMs));
        }
        _timedOut.Clear();
        if (!hasExpired)
        {
            _next.Clear();
            return runs;
        }
        if (_nfa.Pattern.Skip.Kind == SkipKind.None)
            EmitAll(nowMs, output);
        else
            EmitUnderSkip(runs, nowMs, output, runs.Dropped);
        return Commit(runs);
    }

    // ---- which runs move

    private bool NothingMoves(RunSet runs)
    {
        var states = runs.States;
        if (states >= 1UL << 63)
            return false;
        for (; states != 0; states &= states - 1)
        {
            if (!MovesOf(_nfa.States[System.Numerics.BitOperations.TrailingZeroCount(states)]).Stays)
                return false;
        }
        return true;
    }

    private StateMoves MovesOf(State state)
    {
        var moves = _moves[state.Index];
        if (moves.OfferedAt == _offered)
            return moves;
        moves.OfferedAt = _offered;
        var truths = new EventTruths(_predicates);
        Collect(state, moves.Transitions, ref truths);
        moves.AskEachRun = truths.NeedsRun;
        moves.Stays = !truths.NeedsRun && LeavesAlone(state, moves.Transitions);
        return moves;
    }

    private static bool LeavesAlone(State state, List<Transition> moves) => state.Kind == StateKind.Start
        ? !moves.Exists(t => t.Kind == TransitionKind.Take)
        : moves is [{ Kind: TransitionKind.Ignore } only] && only.Target == state;

    private List<Transition> AskRun(in Run run)
    {
        _predicates.Ask(run.Registers);
        var truths = new RunTruths(_predicates);
        Collect(run.State, _moveOfRun, ref truths);
        return _moveOfRun;
    }

    /// <summary>The take and ignore transitions that the event opens from a state, in Flink's order: depth first along proceed transitions.</summary>
    private void Collect<TTruths>(State state, List<Transition> open, ref TTruths truths) where TTruths : struct, ITruths
    {
        open.Clear();
        BeginVisit(state);
        while (_toVisit.TryPop(out var visited))
        {
            foreach (var transition in visited.Transitions)
            {
                if (!transition.Guard.Decide(ref truths))
                    continue;
                if (transition.Kind == TransitionKind.Proceed)
                    Visit(transition.Target);
                else
                    open.Add(transition);
            }
        }
    }

    private void BeginVisit(State state)
    {
        _visit++;
        Visit(state);
    }

    /// <summary>Each state is visited once: optional steps can lead to one state in several ways, and rounds that take nothing lead back to their start.</summary>
    private void Visit(State state)
    {
        if (_visitedAt[state.Index] == _visit)
            return;
        _visitedAt[state.Index] = _visit;
        _toVisit.Push(state);
    }

    // ---- one run

    private void Step(in Run run, List<Transition> open, object candidate, long timeMs, long sequence)
    {
        var isStart = run.State.Kind == StateKind.Start;
        var isStopped = false;
        foreach (var transition in open)
        {
            if (transition.Target.Kind == StateKind.Stop)
                isStopped = true;
            else if (transition.Kind == TransitionKind.Take)
                Take(run, transition, candidate, timeMs, sequence);
            else if (!isStart)
                Arrive(run with { State = transition.Target });
        }
        if (isStart)
            _steps.Add(run);
        // A forbidden event ends the run, but not a match that the same event completes.
        if (!isStopped)
        {
            foreach (var next in _steps)
                Keep(next);
        }
        _steps.Clear();
    }

    private void Take(in Run run, Transition transition, object candidate, long timeMs, long sequence)
    {
        var step = transition.Source.Step;
        var node = NodeFor(run.Last, step, candidate, timeMs, sequence);
        var next = new Run(
            transition.Target,
            run.HasBegun ? run.StartMs : timeMs,
            run.HasBegun ? run.StartSequence : sequence,
            node,
            RegisterLayout.Take(_pattern.Updates[step], run.Registers, candidate));
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

    /// <summary>The final state that is reached from a state over proceed transitions alone: what is left of the pattern may be left out.</summary>
    private State? FinalPast(in Run before, State state)
    {
        if (state.Kind == StateKind.Final)
            return null;
        // The guards are asked of the event just taken, and of the run before it took it; Flink's meaning.
        _predicates.Ask(before.Registers);
        var truths = new RunTruths(_predicates);
        BeginVisit(state);
        while (_toVisit.TryPop(out var visited))
        {
            foreach (var transition in visited.Transitions)
            {
                if (transition.Kind != TransitionKind.Proceed || !transition.Guard.Decide(ref truths))
                    continue;
                if (transition.Target.Kind == StateKind.Final)
                {
                    _toVisit.Clear();
                    return transition.Target;
                }
                Visit(transition.Target);
            }
        }
        return null;
    }

    /// <summary>The chain with one more event. Where a pattern can divide the same events in several ways, equal chains are one object.</summary>
    private EventNode NodeFor(EventNode? previous, int step, object candidate, long timeMs, long sequence)
    {
        if (!_pattern.CanDivide)
            return new EventNode(previous, step, candidate, timeMs, sequence);
        if (!_taken.TryGetValue((previous, step), out var node))
            _taken[(previous, step)] = node = new EventNode(previous, step, candidate, timeMs, sequence);
        return node;
    }

    private void Keep(in Run run)
    {
        if (IsNew(run))
            _next.Add(run);
    }

    /// <summary>Whether no run with the same events waits in the same state: two that do are one.</summary>
    private bool IsNew(in Run run)
    {
        if (!_pattern.CanDivide || run.Last is null)
            return true;
        return _seen.Add((run.Last, run.State.Kind == StateKind.Final ? -1 : run.State.Index));
    }

    // ---- completed matches

    private void EmitAll(long atMs, List<Completion> output)
    {
        foreach (ref readonly var match in _matches.Items)
            output.Add(MatchOf(match, atMs));
    }

    /// <summary>Emits completed matches that no earlier partial match holds back; each drops what the skip strategy says.</summary>
    /// <param name="dropped">Takes the partial matches that were dropped; null when nobody asks.</param>
    private void EmitUnderSkip(RunSet runs, long atMs, List<Completion> output, List<Run>? dropped)
    {
        foreach (ref readonly var match in _matches.Items)
            runs.Completed.Add(match);
        while (runs.Completed.Count > 0
            && (_next.Count == 0 || Run.CompareStart(runs.Completed.Peek(), _next.Peek()) <= 0))
        {
            var match = runs.Completed.Poll();
            Skip(match, runs, dropped);
            output.Add(MatchOf(match, atMs));
        }
    }

    /// <summary>A match ends with its last event; one that waited for a deadline ends with that.</summary>
    private Completion MatchOf(in Run run, long atMs) => new(
        IsTimeout: false, run.Last!, run.StartMs, run.State.Kind == StateKind.Pending ? DeadlineMs(run) : run.Last!.TimeMs, atMs);

    private void Skip(in Run match, RunSet runs, List<Run>? dropped)
    {
        var skip = _nfa.Pattern.Skip;
        if (SkipPosition(match, skip) is not { } position)
            return;
        var inclusive = skip.Kind is SkipKind.ToNext or SkipKind.PastLast;
        _next.DropStartedUpTo(position.TimeMs, position.Sequence, inclusive, dropped);
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
    private long DeadlineMs(in Run run)
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
    private bool TimeOutDropped(RunSet runs, long nowMs, List<Completion> output)
    {
        var hasExpired = false;
        for (var i = runs.Dropped.Count - 1; i >= 0; i--)
        {
            var run = runs.Dropped[i];
            var deadlineMs = DeadlineMs(run);
            if (run.State.Kind != StateKind.Pending && deadlineMs < nowMs && _timedOut.Add(run.Last!))
                output.Add(new Completion(IsTimeout: true, run.Last!, run.StartMs, run.Last!.TimeMs, deadlineMs));
            if (run.State.Kind != StateKind.Pending && deadlineMs >= nowMs)
                continue;
            runs.Dropped.RemoveAt(i);
            hasExpired = true;
        }
        return hasExpired;
    }

    private static long Later(long timeMs, long spanMs) => timeMs > long.MaxValue - spanMs ? long.MaxValue : timeMs + spanMs;

    // ---- the set

    private RunSet Remember()
    {
        var runs = _forgotten.TryPop(out var old) ? old : new RunSet();
        runs.Partial.Add(new Run(_nfa.Start, long.MaxValue, long.MaxValue, null, _pattern.Registers.Empty));
        return runs;
    }

    private RunSet? Commit(RunSet runs)
    {
        runs.Partial.CopyFrom(_next);
        var states = 0UL;
        foreach (ref readonly var run in _next.Items)
            states |= StateBit(run.State);
        runs.States = states;
        _next.Clear();
        _matches.Clear();
        if (_pattern.CanDivide)
        {
            _taken.Clear();
            _seen.Clear();
        }
        return Remembers(runs) ? runs : Forget(runs);
    }

    /// <summary>Whether a set holds more than the run that waits for a first event.</summary>
    private static bool Remembers(RunSet runs) => runs.Partial.Count > 1 || runs.Completed.Count > 0 || runs.Dropped.Count > 0;

    private RunSet? Forget(RunSet runs)
    {
        runs.Partial.Clear();
        runs.TimerMs = long.MaxValue;
        if (_forgotten.Count < ForgottenMax)
            _forgotten.Push(runs);
        return null;
    }

    /// <summary>The bit of a state in <see cref="RunSet.States"/>.</summary>
    internal static ulong StateBit(State state) => 1UL << Math.Min(state.Index, 63);

    private struct EventTruths(PredicateTable predicates) : ITruths
    {
        /// <summary>Whether a guard asked for something that depends on the run; then the answers are of no use.</summary>
        public bool NeedsRun { get; private set; }

        public bool Holds(int predicate)
        {
            NeedsRun |= !predicates.IsOfEvent(predicate, out var holds);
            return holds;
        }
    }

    private readonly struct RunTruths(PredicateTable predicates) : ITruths
    {
        public bool Holds(int predicate) => predicates.Holds(predicate);
    }
}
