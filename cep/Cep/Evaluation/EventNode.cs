namespace Cep.Evaluation;

/// <summary>What may be told of the events of a run.</summary>
[Flags]
internal enum Outcomes : byte
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>That they are a match.</summary>
    Match = 1,

    /// <summary>That they ran out of time.</summary>
    Timeout = 2,
}

/// <summary>An event that a run has taken, and the one it took before: a run's events are a chain from the last to the first.</summary>
/// <remarks>Immutable but for <see cref="Told"/>; runs that branch share their past, and runs with the same events end with one node.</remarks>
internal sealed class EventNode(EventNode? previous, int step, object value, long timeMs, long sequence, int stream = 0)
{
    /// <summary>How many bits <see cref="Told"/> takes of those it shares with <see cref="Step"/>: of these objects there are many.</summary>
    private const int ToldBits = 2;

    private int _stepAndTold = step << ToldBits;

    /// <summary>The event taken before, or null for the first.</summary>
    public EventNode? Previous { get; } = previous;

    /// <summary>The step that took it: a position in <see cref="Nfa.Nfa.Steps"/>.</summary>
    public int Step => _stepAndTold >> ToldBits;

    /// <summary>The stream it came on, by the caller's count; 0 where the caller has one.</summary>
    public int Stream { get; } = stream;

    /// <summary>The event.</summary>
    public object Value { get; } = value;

    public long TimeMs { get; } = timeMs;

    /// <summary>The event's place in the input; with <see cref="TimeMs"/> it orders events.</summary>
    public long Sequence { get; } = sequence;

    /// <summary>What has been told of the chain that ends here. Runs with these events may complete, or run out of time, more than once; it is told once.</summary>
    public Outcomes Told
    {
        get => (Outcomes)(_stepAndTold & ((1 << ToldBits) - 1));
        set => _stepAndTold = (Step << ToldBits) | (int)value;
    }
}
