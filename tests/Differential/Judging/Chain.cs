using Cep.Patterns;

namespace Cep.Differential.Judging;

/// <summary>What a partial match has taken: an event, the step that took it, and what was taken before.</summary>
internal sealed record Chain(Chain? Before, EventStep Step, int Event)
{
    /// <summary>The position of the first event.</summary>
    public int Start => Before?.Start ?? Event;

    /// <summary>From the first to the last.</summary>
    public IEnumerable<Chain> Taken => (Before?.Taken ?? []).Append(this);

    /// <summary>Positions by step, as the evaluator's answers are written.</summary>
    public override string ToString() => string.Join(" ", Taken.GroupBy(t => t.Step.Name, t => t.Event)
        .OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => $"{s.Key}[{string.Join(",", s)}]"));
}
