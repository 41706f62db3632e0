using Cep.Conditions;
using Cep.Explain;
using Cep.Rules;

namespace Cep.Streaming.Inquiries;

/// <summary>Finds which events of one key call a rule off, and why.</summary>
internal sealed class UnlessTrace(IReadOnlyList<UnlessClause> clauses)
{
    private static readonly RegisterLayout NoRegisters = RegisterLayout.For([]);

    private readonly ExprEvaluator _evaluator = new(NoRegisters);

    /// <summary>The event with the condition that holds for it; null where it does not call the rule off.</summary>
    public ExplainedEvent? Explain(StreamDefinition stream, object e, long timeMs, long sequence)
    {
        foreach (var clause in clauses.Where(c => c.Stream == stream))
        {
            var condition = clause.Where is null ? null : _evaluator.Evaluate(clause.Where, e, timeMs, NoRegisters.Empty);
            if (condition is null or { Outcome: ConditionOutcome.Holds })
                return new ExplainedEvent(stream.Name, e, timeMs, sequence, condition);
        }
        return null;
    }
}
