using Cep.Conditions;
using Cep.Evaluation;
using Cep.Matching;
using Cep.Rules;

namespace Cep.Streaming.Matches;

/// <summary>What a rule tells of its matches, or of its timeouts, beside the events: measures and severity, as code.</summary>
/// <remarks>Immutable; shared by all subtasks.</remarks>
internal sealed class AlertCode
{
    private readonly Rule _rule;
    private readonly IReadOnlyList<Measure> _declared;
    private readonly RegisterLayout _layout;
    private readonly Action<object, Registers>?[] _updates;
    private readonly MeasureCode[] _measures;
    private readonly MeasureCode[] _severities;

    /// <param name="rule">The rule.</param>
    /// <param name="measures">Its measures of matches, or of timeouts.</param>
    /// <param name="pattern">Its pattern.</param>
    /// <param name="isAlert">See <see cref="IsAlert"/>.</param>
    public AlertCode(Rule rule, IReadOnlyList<Measure> measures, CompiledPattern pattern, bool isAlert)
    {
        (_rule, _declared, IsAlert) = (rule, measures, isAlert);
        var severities = rule.SeverityCases.Select(c => c.When).ToList();
        _layout = RegisterLayout.For(measures.Select(m => m.Value).Concat(severities));
        _updates = pattern.Nfa.Steps.Select(s => _layout.UpdateOf(s.Name)).ToArray();
        _measures = measures.Select(m => ExpressionCompiler.Measure(m.Value, _layout)).ToArray();
        _severities = severities.Select(s => ExpressionCompiler.Measure(s, _layout)).ToArray();
    }

    /// <summary>Whether it goes to the output of matches; else to that of timeouts.</summary>
    public bool IsAlert { get; }

    /// <summary>Whether it is more than the events.</summary>
    public bool ComputesAnything => _measures.Length + _severities.Length > 0;

    /// <summary>Computes the measures, in their order, and how bad it is. What fails in arithmetic is null, or does not hold, and is counted.</summary>
    /// <exception cref="PatternEvaluationException">A measure or condition threw.</exception>
    public (object?[] Measures, Severity Severity) Of(IReadOnlyList<EventNode> events, MatchFacts facts, RuleCounts counts)
    {
        var registers = _layout.Empty;
        foreach (var e in events)
            registers = RegisterLayout.Take(_updates[e.Step], registers, e.Value);
        var values = _measures.Length == 0 ? [] : new object?[_measures.Length];
        for (var i = 0; i < values.Length; i++)
            values[i] = Evaluate(_measures[i], registers, facts, counts, i);
        return (values, SeverityOf(registers, facts, counts));
    }

    private Severity SeverityOf(Registers registers, MatchFacts facts, RuleCounts counts)
    {
        for (var i = 0; i < _severities.Length; i++)
        {
            if (Evaluate(_severities[i], registers, facts, counts, _measures.Length + i) is true)
                return _rule.SeverityCases[i].Severity;
        }
        return _rule.Severity;
    }

    /// <param name="code">What is evaluated.</param>
    /// <param name="registers">What it reads of the events.</param>
    /// <param name="facts">What it reads of the match.</param>
    /// <param name="counts">Where a failure is counted.</param>
    /// <param name="index">Its place among measures and severities, for messages.</param>
    private object? Evaluate(MeasureCode code, Registers registers, MatchFacts facts, RuleCounts counts, int index)
    {
        try
        {
            return code(registers, facts);
        }
        catch (Exception e) when (e is OverflowException or DivideByZeroException)
        {
            counts.CountFailure();
            return null;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            var what = index < _declared.Count ? $"measure `{_declared[index].Name}`" : $"condition of the severity `{_rule.SeverityCases[index - _declared.Count].Severity.ToString().ToLowerInvariant()}`";
            throw new PatternEvaluationException($"The {what} threw {e.GetType().Name}: {e.Message}", null, null, facts.DetectedMs, e);
        }
    }
}
