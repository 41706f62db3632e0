using Cep.Matching;
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
internal sealed partial class RunEvaluator
{
    /// <summary>How many sets of keys that are forgotten are kept for use by other keys.</summary>
    private const int ForgottenMax = 1024;

    /// <summary>The last deadline there can be; <see cref="long.MaxValue"/> stands for none.</summary>
    private const long LastMs = long.MaxValue - 1;

    private readonly CompiledPattern _pattern;
    private readonly PartialMatchLimit _limit;
    private readonly Nfa.Nfa _nfa;
    private readonly PredicateTable _predicates;
    private readonly StateMoves[] _moves;
    private EventScreen? _screen;

    /// <summary>The run that waits for a first event.</summary>
    private readonly Run _start;

    // Scratch, empty between calls.
    private readonly RunQueue _matches = new();
    private readonly List<Run> _toStep = [];
    private readonly List<Run> _steps = [];
    private readonly Dictionary<(EventNode? Previous, int Step), EventNode> _taken = [];
    private readonly HashSet<(EventNode, int State)> _seen = [];

    private readonly Stack<RunSet> _forgotten = new();

    /// <summary>How many sets have dropped runs whose deadline has not passed.</summary>
    private int _setsWithDropped;

    /// <summary>The place in the input of the event at hand, and its stream.</summary>
    private long _sequence;
    private int _stream;

    /// <summary>Which runs the event at hand may move.</summary>
    private Reach _reach;

    /// <summary>How many events have been begun with.</summary>
    private long _begun;

    /// <param name="pattern">What to evaluate.</param>
    /// <param name="limit">Bounds the partial matches of each key; null for <see cref="PartialMatchLimit.Default"/>.</param>
    public RunEvaluator(CompiledPattern pattern, PartialMatchLimit? limit = null)
    {
        _pattern = pattern;
        _limit = limit ?? PartialMatchLimit.Default;
        _nfa = pattern.Nfa;
        _predicates = new PredicateTable(pattern);
        _moves = _nfa.States.Select(s => new StateMoves(s)).ToArray();
        _screen = EventScreen.For(pattern, _moves);
        _start = new Run(_nfa.Start, long.MaxValue, long.MaxValue, null, pattern.Registers.Empty);
    }

    /// <summary>Told of a set before it is changed; null for nobody. A set that is made is not told.</summary>
    public Action? Changing { get; set; }

    /// <summary>What it evaluates.</summary>
    public CompiledPattern Pattern => _pattern;

    /// <summary>How often a condition was evaluated.</summary>
    public long ConditionEvaluations => _predicates.Evaluations;

    /// <summary>How often a condition was null.</summary>
    public long UnknownConditions => _predicates.Unknown;

    /// <summary>How often a condition failed in arithmetic.</summary>
    public long ConditionErrors => _predicates.Errors;

    /// <summary>The partial matches that are alive, of all keys.</summary>
    public long PartialMatches { get; private set; }

    /// <summary>The partial matches that were dropped because their key had too many.</summary>
    public long DroppedPartials { get; private set; }

    /// <summary>No event begins a run any more; those that have begun go on as they would.</summary>
    /// <remarks>
    /// What is told of them is what would be told of them beside later ones: no match drops or holds back a run that began before it. But later runs do not count for the limit of
    /// partial matches any more, and are not in the heap that decides which of several matches with one first event a skip strategy tells.
    /// </remarks>
    public void BeginNone()
    {
        var start = _moves[_nfa.Start.Index] = StateMoves.Staying(_nfa.Start);
        _screen = _screen?.With(start);
    }

    /// <summary>Begins with an event, to be offered to the runs of its key.</summary>
    /// <param name="candidate">The event.</param>
    /// <param name="timeMs">Its event time.</param>
    /// <param name="sequence">Its place in the input.</param>
    /// <param name="stream">The stream it came on, by the caller's count.</param>
    /// <returns>False where it moves no run of any key: then it was not begun with, and must not be offered.</returns>
    public bool Begin(object candidate, long timeMs, long sequence, int stream = 0)
    {
        var (asked, truths) = (0UL, 0UL);
        _reach = Reach.All;
        if (_screen is not null)
        {
            _reach = _screen.Of(_predicates, candidate, timeMs);
            // An event that moves nothing still makes its key forget what was dropped.
            if (_reach == Reach.None && _setsWithDropped == 0)
                return false;
            (asked, truths) = (_screen.Asked, _screen.Truths);
        }
        _sequence = sequence;
        _stream = stream;
        _begun++;
        _predicates.Begin(candidate, timeMs, asked, truths);
        return true;
    }

    /// <summary>Whether the event that was begun with may move anything of its key; else it need not be offered.</summary>
    /// <param name="runs">What is remembered of the key; null for nothing.</param>
    public bool MayMove(RunSet? runs) => runs is not null || _reach == Reach.All;

    /// <summary>Offers the event that was begun with to every run of its key.</summary>
    /// <param name="runs">What is remembered of the key; null for nothing.</param>
    /// <param name="output">Takes the matches.</param>
    /// <returns>What is remembered now; null for nothing. A set given and not returned is used again for other keys.</returns>
    /// <exception cref="PatternEvaluationException">
    /// A condition threw, or there are too many partial matches. Nothing is told; what was remembered of the key is gone, and the set given must be forgotten.
    /// </exception>
    public RunSet? OnEvent(RunSet? runs, List<Completion> output)
    {
        var (before, told) = (runs?.Partial.Count ?? 1, output.Count);
        try
        {
            return Offer(runs, output);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            Abandon(before, output, told);
            if (e is PatternEvaluationException)
                throw;
            throw new PatternEvaluationException($"Reading the event threw {e.GetType().Name}: {e.Message}", null, _predicates.Candidate, _predicates.TimeMs, e);
        }
    }

    /// <summary>Takes over a set that another evaluator of the pattern made, read from a snapshot.</summary>
    public void Adopt(RunSet runs)
    {
        PartialMatches += runs.Partial.Count - 1;
        _setsWithDropped += Convert.ToInt32(runs.HasDropped);
        Note(runs);
    }

    /// <summary>Gives a set up in the middle of something.</summary>
    /// <param name="before">How many runs it had.</param>
    private void Abandon(int before, List<Completion> output, int told)
    {
        PartialMatches -= before - 1;
        output.RemoveRange(told, output.Count - told);
        _matches.Clear();
        _toStep.Clear();
        _steps.Clear();
        _taken.Clear();
        _seen.Clear();
    }

    /// <summary>Takes leave of a set that its owner forgets.</summary>
    public void Release(RunSet runs)
    {
        PartialMatches -= runs.Partial.Count - 1;
        _setsWithDropped -= Convert.ToInt32(runs.HasDropped);
    }

    private RunSet Remember()
    {
        if (_forgotten.TryPop(out var old))
            return old;
        var runs = new RunSet { States = StateBit(_nfa.Start) };
        runs.Partial.Add(_start);
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

    /// <summary>Forgets a set; as it is used again, it holds the run that waits for a first event, and nothing else.</summary>
    private RunSet? Forget(RunSet runs)
    {
        if (runs.Partial.Count != 1 || runs.Partial.Peek().HasBegun)
        {
            runs.Partial.Clear();
            runs.Partial.Add(_start);
        }
        runs.States = StateBit(_nfa.Start);
        runs.NextDeadlineMs = runs.TimerMs = long.MaxValue;
        if (_forgotten.Count < ForgottenMax)
            _forgotten.Push(runs);
        return null;
    }

    /// <summary>The bit of a state in <see cref="RunSet.States"/>.</summary>
    internal static ulong StateBit(State state) => 1UL << Math.Min(state.Index, 63);
}
