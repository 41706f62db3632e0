using Cep.Conditions;
using Cep.Evaluation;
using Cep.Patterns;

namespace Cep.Explain;

/// <summary>Tells of the events of a match which step took each, and why: replays the registers along the events and computes each condition once more.</summary>
/// <remarks>One thread only.</remarks>
internal sealed class StepExplainer(CompiledPattern pattern)
{
    private readonly ExprEvaluator _evaluator = new(pattern.Registers);

    /// <param name="events">From first to last.</param>
    public IReadOnlyList<ExplainedEvent> Explain(IReadOnlyList<EventNode> events)
    {
        var explained = new ExplainedEvent[events.Count];
        var registers = pattern.Registers.Empty;
        for (var i = 0; i < explained.Length; i++)
        {
            var e = events[i];
            explained[i] = Explain(pattern.Nfa.Steps[e.Step], e.Value, e.TimeMs, e.Sequence, registers);
            registers = RegisterLayout.Take(pattern.Updates[e.Step], registers, e.Value);
        }
        return explained;
    }

    /// <summary>What a step says of an event of its stream, given what a run remembers.</summary>
    public ExplainedEvent Explain(EventStep step, object e, long timeMs, long sequence, Registers registers) => new(
        step.Name, e, timeMs, sequence, step.Where is { } where ? _evaluator.Evaluate(where, e, timeMs, registers) : null);

    /// <summary>Whether an event is of the stream that a step takes.</summary>
    public static bool IsOfStream(EventStep step, object e) => step.Stream is null || step.Stream.ClrType.IsInstanceOfType(e);
}
