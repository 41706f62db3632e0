using Cep.Conformance.Cases;
using Cep.Conformance.Reports;
using Cep.Evaluation;
using Cep.Patterns;

namespace Cep.Conformance.Model;

/// <summary>Runs the pattern of one case through the evaluator, without language or engine.</summary>
internal sealed class ModelRun : IReplayed
{
    /// <summary>No case needs as many.</summary>
    private static readonly PartialMatchLimit Limit = new(1_000_000, OverflowPolicy.Fail);

    private readonly Case _case;
    private readonly RunEvaluator _evaluator;
    private readonly SortedDictionary<long, RunSet> _keys = [];
    private readonly List<Completion> _output = [];

    private ModelRun(Case c, Pattern pattern) => (_case, _evaluator) = (c, new RunEvaluator(CompiledPattern.Of(pattern), Limit));

    /// <summary>What we answer to the case.</summary>
    public static Answer Answer(Case c, Pattern pattern)
    {
        var run = new ModelRun(c, pattern);
        var beforeEnd = 0;
        var late = Replay.Run(c, run, () => beforeEnd = run._output.Count(m => !m.IsTimeout));
        var told = run._output.ToLookup(m => m.IsTimeout, m => new Told(run.Text(m), m.AtMs));
        return new Answer(told[false].ToArray(), told[true].ToArray(), late, beforeEnd);
    }

    /// <inheritdoc/>
    public void Process(int position)
    {
        var row = _case.Events[position];
        var key = _case.KeyedBy switch
        {
            null => 0,
            "id" => row.Id,
            _ => throw new InvalidDataException($"Unknown key: {_case.KeyedBy}."),
        };
        if (_evaluator.Begin(CaseEvent.Of(_case, position), row.T, position))
            Remember(key, _evaluator.OnEvent(_keys.GetValueOrDefault(key), _output));
    }

    /// <inheritdoc/>
    public void Advance(long timeMs)
    {
        foreach (var (key, runs) in _keys.ToArray())
            Remember(key, _evaluator.AdvanceTime(runs, timeMs, _output));
    }

    private void Remember(long key, RunSet? runs)
    {
        if (runs is null)
            _keys.Remove(key);
        else
            _keys[key] = runs;
    }

    private string Text(Completion completion) => Taken.Text(completion.Events()
        .GroupBy(node => _evaluator.Pattern.Nfa.Steps[node.Step].Name, node => ((CaseEvent)node.Value).Position)
        .Select(step => KeyValuePair.Create(step.Key, step.ToArray())));
}
