using Cep.Conditions;
using Cep.Matching;
using Cep.Rules;

namespace Cep.Streaming;

/// <summary>The <c>unless</c> clauses of a rule as code, by stream.</summary>
/// <remarks>Immutable; shared by all subtasks.</remarks>
internal sealed class UnlessConditions
{
    private static readonly Registers NoRegisters = RegisterLayout.For([]).Empty;

    private readonly ConditionCode[]?[] _byStream;

    /// <param name="rule">The rule.</param>
    /// <param name="streams">All streams of the set; events name theirs by its position here.</param>
    /// <exception cref="ArgumentException">A clause names a stream that the rule does not read.</exception>
    public UnlessConditions(Rule rule, IReadOnlyList<StreamDefinition> streams)
    {
        if (rule.Unless.FirstOrDefault(u => rule.Inputs.All(i => i.Stream != u.Stream)) is { } other)
            throw new ArgumentException($"The stream `{other.Stream.Name}` of `unless` is not one of the inputs of the rule `{rule.Name}`.", nameof(rule));
        var none = RegisterLayout.For([]);
        _byStream = streams
            .Select(s => rule.Unless.Where(u => u.Stream == s).Select(u => ExpressionCompiler.Condition(s.EventType, u.Where, none)).ToArray())
            .Select(codes => codes.Length == 0 ? null : codes)
            .ToArray();
    }

    /// <summary>Whether an event of a stream can call the rule off.</summary>
    public bool Reads(int stream) => _byStream[stream] is not null;

    /// <summary>Whether an event calls the rule off for its key: one of the clauses of its stream holds.</summary>
    /// <param name="e">The event.</param>
    /// <param name="timeMs">Its event time.</param>
    /// <param name="counts">Where unknown and failed conditions are counted.</param>
    /// <exception cref="PatternEvaluationException">A condition threw.</exception>
    public bool Hold(in StreamEvent e, long timeMs, RuleCounts counts)
    {
        foreach (var code in _byStream[e.Stream] ?? [])
        {
            if (Holds(code, e.Value, timeMs, counts))
                return true;
        }
        return false;
    }

    private static bool Holds(ConditionCode code, object e, long timeMs, RuleCounts counts)
    {
        try
        {
            var truth = code(e, timeMs, NoRegisters);
            counts.CountFilter(truth);
            return truth == Truth.True;
        }
        catch (Exception thrown) when (thrown is OverflowException or DivideByZeroException)
        {
            counts.CountFailure();
            return false;
        }
        catch (Exception thrown) when (thrown is not OutOfMemoryException)
        {
            throw new PatternEvaluationException($"The condition of `unless` threw {thrown.GetType().Name}: {thrown.Message}", null, e, timeMs, thrown);
        }
    }
}
