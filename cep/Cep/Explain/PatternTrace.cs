using Cep.Conditions;
using Cep.Evaluation;
using Cep.Nfa;
using Cep.Patterns;

namespace Cep.Explain;

/// <summary>Runs a pattern over the events of one key and watches each partial match, to tell in the end which came furthest and what it lacked.</summary>
/// <remarks>
/// The evaluator is the one that runs the rules; beside it each event is put to what every partial match waits for, clause by clause. That is far slower,
/// and meant for one key. Events come in order of (time, sequence). One thread only.
/// </remarks>
internal sealed class PatternTrace
{
    private readonly CompiledPattern _pattern;
    private readonly RunEvaluator _evaluator;
    private readonly PredicateTable _predicates;
    private readonly StateMoves[] _moves;
    private readonly StateProgress _progress;
    private readonly StepExplainer _explainer;
    private readonly WaitedClause[]?[] _clauses;
    private readonly Dictionary<EventNode, WatchedRun> _watched = [];
    private readonly List<Completion> _completions = [];
    private readonly Queue<Completion> _matches = new();
    private readonly WatchedRun _beginning;
    private WatchedRun? _furthest;
    private RunSet? _runs;
    private long _matchCount;
    private long _begun;

    public PatternTrace(CompiledPattern pattern)
    {
        _pattern = pattern;
        _evaluator = new RunEvaluator(pattern);
        _predicates = new PredicateTable(pattern);
        _moves = pattern.Nfa.States.Select(s => new StateMoves(s)).ToArray();
        _progress = new StateProgress(pattern.Nfa);
        _explainer = new StepExplainer(pattern);
        _clauses = new WaitedClause[pattern.Nfa.Steps.Count][];
        _beginning = new WatchedRun(Beginning, _progress.EventsLeft(pattern.Nfa.Start), 0);
    }

    private Run Beginning => new(_pattern.Nfa.Start, long.MaxValue, long.MaxValue, null, _pattern.Registers.Empty);

    /// <summary>Offers the next event, after every deadline at or before its time.</summary>
    public void Offer(object e, long timeMs, long sequence)
    {
        AdvanceTime(timeMs);
        _predicates.Begin(e, timeMs, asked: 0, truths: 0);
        var ends = new Dictionary<EventNode, (PartialMatchEnd End, ExplainedEvent? By)>();
        foreach (var run in _runs is null ? [Beginning] : _runs.Partial.Items.ToArray())
            Put(run, sequence, ends);
        if (_evaluator.Begin(e, timeMs, sequence))
            Remember(_evaluator.OnEvent(_runs, _completions), timeMs == long.MaxValue ? long.MaxValue : timeMs + 1);
        Settle(timeMs, ends);
    }

    /// <summary>Drops every partial match, after every deadline at or before the event's time.</summary>
    /// <param name="by">The event that calls the rule off.</param>
    public void Cancel(ExplainedEvent by)
    {
        AdvanceTime(by.TimeMs);
        if (_runs is not { } runs)
            return;
        var ends = new Dictionary<EventNode, (PartialMatchEnd End, ExplainedEvent? By)>();
        foreach (var run in Alive())
            ends[run.Last!] = (PartialMatchEnd.Cancelled, by);
        Remember(_evaluator.Cancel(runs, by.TimeMs, _completions), long.MinValue);
        Settle(by.TimeMs, ends);
    }

    /// <summary>Lets every deadline at or before a time pass, each at its own time.</summary>
    public void AdvanceTime(long nowMs)
    {
        while (_runs is { } runs && runs.TimerMs <= nowMs && runs.TimerMs != long.MaxValue)
        {
            var deadlineMs = runs.TimerMs;
            runs.TimerMs = long.MaxValue;
            Remember(_evaluator.AdvanceTime(runs, deadlineMs, _completions), long.MinValue);
            Settle(deadlineMs, []);
        }
    }

    /// <summary>What there is to tell so far.</summary>
    /// <param name="prefersAlive">Whether a partial match that is alive is told rather than one that has ended, however far that came.</param>
    public PatternReport Report(bool prefersAlive)
    {
        var furthest = prefersAlive ? null : _furthest;
        foreach (var alive in _watched.Values)
            furthest = furthest is null || alive.IsFurtherThan(furthest) ? alive : furthest;
        furthest ??= _furthest;
        return new PatternReport
        {
            MatchCount = _matchCount,
            Matches = _matches.Select(m => new MatchReport(_explainer.Explain(m.Events()), m.AtMs)).ToList(),
            Begun = _begun,
            Furthest = furthest is null ? null : ReportOf(furthest),
            Beginning = AwaitsOf(_beginning),
        };
    }

    private PartialMatchReport ReportOf(WatchedRun watched) => new()
    {
        Taken = _explainer.Explain(new Completion(true, watched.Run.Last!, 0, 0, 0).Events()),
        EventsNeeded = watched.Count + watched.EventsLeft,
        DeadlineMs = watched.DeadlineMs == long.MaxValue ? null : watched.DeadlineMs,
        Awaits = AwaitsOf(watched),
        End = watched.End,
        EndedAtMs = watched.EndedAtMs,
        EndedBy = watched.EndedBy,
    };

    private List<AwaitedStep> AwaitsOf(WatchedRun watched) => _progress.AwaitedSteps(watched.Run.State).Select(s => _pattern.Nfa.Steps[s].IsNegated
        ? new AwaitedStep { Step = _pattern.Nfa.Steps[s].Name, IsAbsence = true }
        : WaitOf(watched, s).Report(_pattern, _explainer)).ToList();

    private StepWait WaitOf(WatchedRun watched, int step)
    {
        if (!watched.Waits.TryGetValue(step, out var wait))
        {
            var where = _pattern.Nfa.Steps[step].Where;
            var clauses = _clauses[step] ??= where is null ? [] : PredicateCode.Conjuncts(where).Select(c => new WaitedClause(c, _pattern.Registers)).ToArray();
            watched.Waits[step] = wait = new StepWait(step, clauses);
        }
        return wait;
    }

    // ---- one event

    /// <summary>Puts the event to one run: one that takes it goes on; of another it is noted what the event lacked, and whether it is the end.</summary>
    private void Put(in Run run, long sequence, Dictionary<EventNode, (PartialMatchEnd End, ExplainedEvent? By)> ends)
    {
        var moves = _moves[run.State.Index];
        var open = moves.Of(_predicates.Ask(moves.Predicates, run.Registers)).Open;
        var isForbidden = Array.Find(open, t => t.Target.Kind == StateKind.Stop);
        if (run.Last is { } last && isForbidden is not null)
            ends[last] = (PartialMatchEnd.Forbidden, Explain(_pattern.Nfa.Steps[isForbidden.Target.Step], run.Registers, sequence));
        if (isForbidden is not null || Array.Exists(open, t => t.Kind == TransitionKind.Take))
            return;
        var watched = run.Last is null ? _beginning : _watched[run.Last];
        foreach (var step in _progress.AwaitedSteps(run.State).Where(s => !_pattern.Nfa.Steps[s].IsNegated))
        {
            if (StepExplainer.IsOfStream(_pattern.Nfa.Steps[step], _predicates.Candidate))
                WaitOf(watched, step).Note(_predicates.Candidate, _predicates.TimeMs, sequence, run.Registers);
            if (run.Last is not null && open.Length == 0)
                ends.TryAdd(run.Last, (PartialMatchEnd.NotNext, Explain(_pattern.Nfa.Steps[step], run.Registers, sequence)));
        }
    }

    private ExplainedEvent Explain(EventStep step, Registers registers, long sequence) => StepExplainer.IsOfStream(step, _predicates.Candidate)
        ? _explainer.Explain(step, _predicates.Candidate, _predicates.TimeMs, sequence, registers)
        : new ExplainedEvent(step.Name, _predicates.Candidate, _predicates.TimeMs, sequence, null);

    private void Remember(RunSet? after, long earliestMs)
    {
        _runs = after;
        if (after is not null && Math.Max(after.NextDeadlineMs, earliestMs) is var nextMs && nextMs < after.TimerMs)
            after.TimerMs = nextMs;
    }

    // ---- what became of the runs

    /// <summary>Compares the runs that are alive with those that were: new ones are watched, ended ones are told why they ended.</summary>
    private void Settle(long atMs, Dictionary<EventNode, (PartialMatchEnd End, ExplainedEvent? By)> ends)
    {
        var alive = new HashSet<EventNode>();
        var wentOn = new HashSet<EventNode>();
        foreach (var run in Alive())
        {
            alive.Add(run.Last!);
            Watch(run, wentOn);
        }
        foreach (var match in _completions.Where(c => !c.IsTimeout))
        {
            wentOn.Add(match.Last);
            if (match.Last.Previous is { } previous)
                wentOn.Add(previous);
        }
        foreach (var (node, watched) in _watched.Where(w => !alive.Contains(w.Key)).ToList())
        {
            _watched.Remove(node);
            if (!wentOn.Contains(node))
                Conclude(watched, node, atMs, ends);
        }
        CountMatches();
        _completions.Clear();
    }

    /// <summary>The runs that have begun, those that are complete and held back among them.</summary>
    private IEnumerable<Run> Alive()
    {
        if (_runs is null)
            return [];
        var runs = _runs.Partial.Items.ToArray().Where(r => r.HasBegun);
        return _runs.HasCompleted ? runs.Concat(_runs.Completed.Items.ToArray()) : runs;
    }

    private void Watch(in Run run, HashSet<EventNode> wentOn)
    {
        var previous = run.Last!.Previous;
        var eventsLeft = _progress.EventsLeft(run.State);
        if (!_watched.TryGetValue(run.Last, out var watched))
        {
            var parent = previous is null ? null : _watched.GetValueOrDefault(previous);
            _watched[run.Last] = watched = new WatchedRun(run, eventsLeft, (parent?.Count ?? 0) + 1);
            _begun += Convert.ToInt32(previous is null);
            foreach (var (step, wait) in parent?.Waits ?? [])
                watched.Waits[step] = wait.Branch();
        }
        if (previous is not null)
            wentOn.Add(previous);
        watched.Stand(run, eventsLeft);
        watched.DeadlineMs = watched.IsComplete ? long.MaxValue : _evaluator.DeadlineMs(watched.Run);
    }

    private void Conclude(WatchedRun watched, EventNode node, long atMs, Dictionary<EventNode, (PartialMatchEnd End, ExplainedEvent? By)> ends)
    {
        var timeout = _completions.FindIndex(c => c.IsTimeout && ReferenceEquals(c.Last, node));
        (watched.End, watched.EndedBy) = timeout >= 0 ? (PartialMatchEnd.OutOfTime, null)
            : ends.TryGetValue(node, out var end) ? end
            : (PartialMatchEnd.Dropped, (ExplainedEvent?)null);
        watched.EndedAtMs = timeout >= 0 ? _completions[timeout].AtMs : atMs;
        if (_furthest is null || watched.IsFurtherThan(_furthest))
            _furthest = watched;
    }

    private void CountMatches()
    {
        foreach (var match in _completions.Where(c => !c.IsTimeout))
        {
            _matchCount++;
            if (_matches.Count == PatternReport.MatchesMax)
                _matches.Dequeue();
            _matches.Enqueue(match);
        }
    }
}
