using Cep.Evaluation;
using Cep.Evaluation.Snapshots;
using Cep.Events;
using Cep.Patterns;

namespace Cep.Differential.Cases;

/// <summary>A match or timeout: which positions each step took, and when it became certain.</summary>
internal readonly record struct Told(bool IsTimeout, string Events, long AtMs)
{
    public override string ToString() => $"{(IsTimeout ? "timeout" : "match")} {Events} at {AtMs}";
}

/// <summary>Shows a case to the evaluator as the operator does: each deadline at its own time, before the events of that time.</summary>
internal sealed class EvaluatorRun
{
    /// <summary>No case reaches it; one that did must not lose matches unnoticed.</summary>
    private static readonly PartialMatchLimit Limit = new(1_000_000, OverflowPolicy.Fail);

    private readonly RandomCase _case;
    private readonly RunEvaluator _evaluator;
    private readonly List<Completion> _output = [];
    private readonly RunSetFormat? _format;
    private readonly RunSetFormat.Reader? _reader;
    private int? _beginsNoneFrom;
    private RunSet? _runs;
    private long _timerMs = long.MaxValue;

    private EvaluatorRun(RandomCase c, CompiledPattern pattern, bool restores)
    {
        _case = c;
        _evaluator = new RunEvaluator(pattern, Limit);
        if (!restores)
            return;
        _format = new RunSetFormat(pattern, RandomCase.Types);
        var header = new EventBinaryOutput();
        _format.WriteHeader(header);
        _reader = _format.ReadHeader(new EventBinaryInput(header.Written.ToArray()));
    }

    /// <summary>What comes out, in order.</summary>
    public static IReadOnlyList<Told> Answer(RandomCase c, CompiledPattern pattern) => new EvaluatorRun(c, pattern, restores: false).Run();

    /// <summary>What comes out where what is remembered is written and read back around every event and every deadline.</summary>
    public static IReadOnlyList<Told> AnswerWithRestores(RandomCase c, CompiledPattern pattern) => new EvaluatorRun(c, pattern, restores: true).Run();

    /// <summary>What comes out where no run begins from a position on.</summary>
    public static IReadOnlyList<Told> AnswerOfRunsBegunBefore(int position, RandomCase c, CompiledPattern pattern) =>
        new EvaluatorRun(c, pattern, restores: false) { _beginsNoneFrom = position }.Run();

    private List<Told> Run()
    {
        for (var i = 0; i < _case.Events.Count; i++)
        {
            var e = _case.Events[i];
            if (i == _beginsNoneFrom)
                _evaluator.BeginNone();
            PassDeadlines(e.TimeMs);
            if (_evaluator.Begin(e.Value, e.TimeMs, i))
            {
                _runs = _evaluator.OnEvent(_runs, _output);
                SetTimer(e.TimeMs + 1);
            }
            Restore();
        }
        PassDeadlines(long.MaxValue - 1);
        return _output.Select(Tell).ToList();
    }

    private void PassDeadlines(long upToMs)
    {
        while (_runs is not null && _timerMs <= upToMs)
        {
            var nowMs = _timerMs;
            _timerMs = long.MaxValue;
            _runs = _evaluator.AdvanceTime(_runs, nowMs, _output);
            SetTimer(long.MinValue);
            Restore();
        }
    }

    /// <param name="earliestMs">A deadline that has passed already counts from then on: past the millisecond of the event.</param>
    private void SetTimer(long earliestMs)
    {
        if (_runs is null)
            _timerMs = long.MaxValue;
        else
            _timerMs = Math.Min(_timerMs, Math.Max(_runs.NextDeadlineMs, earliestMs));
    }

    private void Restore()
    {
        if (_format is null || _runs is null)
            return;
        var output = new EventBinaryOutput();
        _format.Write(_runs, output);
        _runs = _reader!.Read(new EventBinaryInput(output.Written.ToArray()));
        _evaluator.Adopt(_runs);
    }

    private Told Tell(Completion completion)
    {
        var steps = completion.Events().GroupBy(n => _evaluator.Pattern.Nfa.Steps[n.Step].Name, n => n.Sequence);
        return new Told(completion.IsTimeout, string.Join(" ", steps.OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => $"{s.Key}[{string.Join(",", s)}]")), completion.AtMs);
    }
}
