namespace Cep.Evaluation;

/// <summary>An event that a run has taken, and the one it took before: a run's events are a chain from the last to the first.</summary>
/// <remarks>Immutable; runs that branch share their past.</remarks>
internal sealed class EventNode(EventNode? previous, int step, object value, long timeMs, long sequence, int stream = 0)
{
    /// <summary>The event taken before, or null for the first.</summary>
    public EventNode? Previous { get; } = previous;

    /// <summary>The step that took it: a position in <see cref="Nfa.Nfa.Steps"/>.</summary>
    public int Step { get; } = step;

    /// <summary>The stream it came on, by the caller's count; 0 where the caller has one.</summary>
    public int Stream { get; } = stream;

    /// <summary>The event.</summary>
    public object Value { get; } = value;

    public long TimeMs { get; } = timeMs;

    /// <summary>The event's place in the input; with <see cref="TimeMs"/> it orders events.</summary>
    public long Sequence { get; } = sequence;
}
