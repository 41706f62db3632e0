using Cep.Conditions;
using Cep.Evaluation;
using Cep.Events;
using Cep.Rules;

namespace Cep.Streaming;

/// <summary>A rule ready to run: its pattern, its pre-filters and its measures as code.</summary>
/// <remarks>Immutable; shared by all subtasks.</remarks>
internal sealed class CompiledRule
{
    private readonly ConditionCode?[] _filters;
    private readonly RegisterLayout _measureRegisters;
    private readonly Action<object, Registers>?[] _measureUpdates;
    private readonly MeasureCode[] _measures;

    /// <summary>Compiles a rule.</summary>
    /// <param name="streams">All streams of the set; events name theirs by its position here.</param>
    /// <exception cref="ArgumentException">The pattern has something wrong with it.</exception>
    public CompiledRule(Rule rule, int index, IReadOnlyList<StreamDefinition> streams)
    {
        Rule = rule;
        Index = index;
        Pattern = CompiledPattern.Of(rule.Pattern);
        var none = RegisterLayout.For([]);
        _filters = streams
            .Select(s => rule.Inputs.FirstOrDefault(i => i.Stream == s)?.Where is { } where ? ExpressionCompiler.Condition(s.EventType, where, none) : null)
            .ToArray();
        _measureRegisters = RegisterLayout.For(rule.Measures.Select(m => m.Value));
        _measureUpdates = Pattern.Nfa.Steps.Select(s => _measureRegisters.UpdateOf(s.Name)).ToArray();
        _measures = rule.Measures.Select(m => ExpressionCompiler.Measure(m.Value, _measureRegisters)).ToArray();
    }

    public Rule Rule { get; }

    /// <summary>Its position among the rules that run.</summary>
    public int Index { get; }

    public CompiledPattern Pattern { get; }

    /// <summary>What decides whether an event of a stream is offered to the pattern; null when all are.</summary>
    public ConditionCode? FilterOf(int stream) => _filters[stream];

    /// <summary>Computes the measures of a match, in the order of <see cref="Rule.Measures"/>; one that fails in arithmetic is null and counted.</summary>
    public object?[] Measure(IReadOnlyList<EventNode> events, MatchFacts facts, RuleCounts counts)
    {
        if (_measures.Length == 0)
            return [];
        var registers = _measureRegisters.Empty;
        foreach (var e in events)
            registers = RegisterLayout.Take(_measureUpdates[e.Step], registers, e.Value);
        return Array.ConvertAll(_measures, code => Evaluate(code, registers, facts, counts));
    }

    private static object? Evaluate(MeasureCode code, Registers registers, MatchFacts facts, RuleCounts counts)
    {
        try
        {
            return code(registers, facts);
        }
        catch (Exception e) when (e is OverflowException or DivideByZeroException)
        {
            counts.OtherErrors++;
            return null;
        }
    }
}
