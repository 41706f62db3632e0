using Cep.Conditions;
using Cep.Evaluation;
using Cep.Matching;
using Cep.Rules;
using Cep.Streaming.Matches;
using Cep.Streaming.Throttling;

namespace Cep.Streaming;

/// <summary>A rule ready to run: its pattern, its pre-filters and what it tells as code.</summary>
/// <remarks>Immutable; shared by all subtasks.</remarks>
internal sealed class CompiledRule
{
    private static readonly Registers NoRegisters = RegisterLayout.For([]).Empty;

    private readonly IReadOnlyList<StreamDefinition> _streams;
    private readonly ConditionCode?[] _filters;

    /// <summary>Compiles a rule.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="index">Its position among the rules that run.</param>
    /// <param name="streams">All streams of the set; events name theirs by its position here.</param>
    /// <param name="pattern">Its pattern where that was compiled before; partial matches stay with what they were made by.</param>
    /// <exception cref="ArgumentException">The pattern has something wrong with it, or alerts are to be suppressed by what they do not have.</exception>
    public CompiledRule(Rule rule, int index, IReadOnlyList<StreamDefinition> streams, CompiledPattern? pattern = null)
    {
        Rule = rule;
        Index = index;
        _streams = streams;
        Pattern = pattern ?? CompiledPattern.Of(rule.Pattern);
        var none = RegisterLayout.For([]);
        _filters = streams
            .Select(s => rule.Inputs.FirstOrDefault(i => i.Stream == s)?.Where is { } where ? ExpressionCompiler.Condition(s.EventType, where, none) : null)
            .ToArray();
        Unless = new UnlessConditions(rule, streams);
        SuppressedBy = AlertValues.Of(rule);
        OfMatches = rule.TellsMatches ? new AlertCode(rule, rule.Measures, Pattern, isAlert: true) : null;
        OfTimeouts = new AlertCode(rule, rule.TimeoutMeasures ?? [], Pattern, isAlert: rule.TimeoutMeasures is not null);
    }

    public Rule Rule { get; }

    /// <summary>Its position among the rules that run.</summary>
    public int Index { get; }

    /// <summary>Its place among what one event or deadline leads to; set once, when its set is compiled.</summary>
    public int Rank { get; set; }

    public CompiledPattern Pattern { get; }

    /// <summary>The conditions that call it off.</summary>
    public UnlessConditions Unless { get; }

    /// <summary>What its alerts are suppressed by; null where they are not.</summary>
    public AlertValues? SuppressedBy { get; }

    /// <summary>What it tells of a match; null where matches are only counted.</summary>
    public AlertCode? OfMatches { get; }

    /// <summary>What it tells of a timeout.</summary>
    public AlertCode OfTimeouts { get; }

    /// <summary>Whether it reads a stream.</summary>
    public bool Reads(int stream) => Rule.Inputs.Any(i => i.Stream == _streams[stream]);

    /// <summary>The position by which events name a stream that it reads.</summary>
    public int PositionOf(StreamDefinition stream) => StreamEvent.PositionOf(stream, _streams);

    /// <summary>Whether not all events of a stream are offered to the pattern.</summary>
    public bool HasFilter(int stream) => _filters[stream] is not null;

    /// <summary>Whether the pre-filter lets an event through to the pattern; one that fails in arithmetic does not.</summary>
    /// <param name="e">The event.</param>
    /// <param name="timeMs">Its event time.</param>
    /// <param name="counts">Where unknown and failed filters are counted; null for nowhere.</param>
    /// <exception cref="PatternEvaluationException">The filter threw.</exception>
    public bool Accepts(in StreamEvent e, long timeMs, RuleCounts? counts)
    {
        if (_filters[e.Stream] is not { } filter)
            return true;
        try
        {
            var truth = filter(e.Value, timeMs, NoRegisters);
            counts?.CountFilter(truth);
            return truth == Truth.True;
        }
        catch (Exception thrown) when (thrown is OverflowException or DivideByZeroException)
        {
            counts?.CountFailure();
            return false;
        }
        catch (Exception thrown) when (thrown is not OutOfMemoryException)
        {
            throw new PatternEvaluationException($"The pre-filter of the rule threw {thrown.GetType().Name}: {thrown.Message}", null, e.Value, timeMs, thrown);
        }
    }
}
