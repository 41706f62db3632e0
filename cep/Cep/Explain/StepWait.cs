using Cep.Conditions;
using Cep.Evaluation;

namespace Cep.Explain;

/// <summary>What a partial match has seen while it waited for one step: which clauses failed how often, and on which events last.</summary>
internal sealed class StepWait
{
    private readonly WaitedClause[] _clauses;
    private readonly int _step;
    private readonly long[] _failed;
    private readonly long[] _unknown;
    private readonly List<Seen> _last = [];
    private long _events;
    private int _bestHeld = -1;
    private Seen _best;

    private readonly record struct Seen(object Event, long TimeMs, long Sequence, Registers Registers);

    public StepWait(int step, WaitedClause[] clauses) : this(step, clauses, new long[clauses.Length], new long[clauses.Length])
    {
    }

    private StepWait(int step, WaitedClause[] clauses, long[] failed, long[] unknown) =>
        (_step, _clauses, _failed, _unknown) = (step, clauses, failed, unknown);

    /// <summary>How near the nearest event came: the share of clauses that held, 0 to 1; -1 where none came.</summary>
    public double Nearness => _events == 0 ? -1 : _clauses.Length == 0 ? 0 : _bestHeld / (double)_clauses.Length;

    /// <summary>The same, for a partial match that goes on from this one.</summary>
    public StepWait Branch()
    {
        var branch = new StepWait(_step, _clauses, [.. _failed], [.. _unknown]) { _events = _events, _bestHeld = _bestHeld, _best = _best };
        branch._last.AddRange(_last);
        return branch;
    }

    /// <summary>Takes note of an event that was not taken.</summary>
    public void Note(object e, long timeMs, long sequence, Registers registers)
    {
        // A run can wait in several states at once; it sees an event once.
        if (_last is [.., var newest] && newest.Sequence == sequence)
            return;
        var seen = new Seen(e, timeMs, sequence, registers);
        var held = 0;
        for (var i = 0; i < _clauses.Length; i++)
        {
            var truth = _clauses[i].Ask(e, timeMs, registers);
            held += Convert.ToInt32(truth == Truth.True);
            _failed[i] += Convert.ToInt32(truth != Truth.True);
            _unknown[i] += Convert.ToInt32(truth == Truth.Unknown);
        }
        _events++;
        if (held >= _bestHeld)
            (_bestHeld, _best) = (held, seen);
        if (_last.Count == AwaitedStep.EventsMax)
            _last.RemoveAt(0);
        _last.Add(seen);
    }

    public AwaitedStep Report(CompiledPattern pattern, StepExplainer explainer)
    {
        var step = pattern.Nfa.Steps[_step];
        var shown = _last.ToList();
        if (_events > shown.Count && !shown.Contains(_best))
            shown[0] = _best;
        return new AwaitedStep
        {
            Step = step.Name,
            Events = _events,
            Clauses = _clauses.Select((c, i) => new ClauseCount(c.Text, _failed[i], _unknown[i])).ToList(),
            LastEvents = shown.ConvertAll(s => explainer.Explain(step, s.Event, s.TimeMs, s.Sequence, s.Registers)),
        };
    }
}

/// <summary>An operand of the outermost <c>and</c>s of a step's condition, as code of its own.</summary>
internal sealed class WaitedClause(Expr condition, RegisterLayout layout)
{
    private readonly ConditionCode _code = ExpressionCompiler.Condition(null, condition, layout);

    public string Text { get; } = condition.ToString();

    public Truth Ask(object e, long timeMs, Registers registers)
    {
        try
        {
            return _code(e, timeMs, registers);
        }
        catch (Exception)
        {
            // Arithmetic that fails, or code of a program that throws: it did not hold, and the report says why.
            return Truth.False;
        }
    }
}
