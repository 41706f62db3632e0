using Cep.Evaluation;

namespace Cep.Matching;

/// <summary>The events that met a pattern; or, of a timeout, those that a partial match had taken when its time ran out.</summary>
/// <typeparam name="T">The class of the events.</typeparam>
/// <remarks>Immutable, and safe to hand to another thread.</remarks>
public sealed class Match<T> where T : class
{
    private readonly Nfa.Nfa _nfa;
    private readonly Completion _completion;
    private readonly EventNode[] _nodes;

    internal Match(Nfa.Nfa nfa, in Completion completion)
    {
        (_nfa, _completion) = (nfa, completion);
        _nodes = completion.Events();
        Events = Array.ConvertAll(_nodes, n => (T)n.Value);
    }

    /// <summary>Whether the pattern was not completed: a partial match ran out of time.</summary>
    public bool IsTimeout => _completion.IsTimeout;

    /// <summary>All events, in the order in which they came; at least one.</summary>
    public IReadOnlyList<T> Events { get; }

    /// <summary>The events that a step took, in the order in which they came; none where the step was left out or negated.</summary>
    /// <param name="step">The step's name.</param>
    /// <exception cref="KeyNotFoundException">The pattern has no such step.</exception>
    public IReadOnlyList<T> this[string step] => EventsOf<T>(step);

    /// <summary>The events that a step of a subclass took (<c>OfType</c>), in the order in which they came.</summary>
    /// <param name="step">The step's name.</param>
    /// <exception cref="KeyNotFoundException">The pattern has no such step.</exception>
    /// <exception cref="InvalidCastException">The step took an event that is no <typeparamref name="TSub"/>.</exception>
    public IReadOnlyList<TSub> EventsOf<TSub>(string step) where TSub : class, T
    {
        for (var i = 0; i < _nfa.Steps.Count; i++)
        {
            if (_nfa.Steps[i].Name == step)
                return Array.ConvertAll(Array.FindAll(_nodes, n => n.Step == i), n => (TSub)n.Value);
        }
        throw new KeyNotFoundException($"The pattern has no step `{step}`.");
    }

    /// <summary>Event time of the first event.</summary>
    public DateTimeOffset Start => EventTime.Of(_completion.StartMs);

    /// <summary>Event time of the last event; of an absence, the deadline; of a timeout, the end of its window.</summary>
    public DateTimeOffset End => EventTime.Of(_completion.IsTimeout ? _completion.AtMs : _completion.EndMs);

    /// <summary>Event time at which it became certain: that of the event that completed it, or of the deadline that passed.</summary>
    public DateTimeOffset Detected => EventTime.Of(_completion.AtMs);
}

/// <summary>Event time as Unix milliseconds and as <see cref="DateTimeOffset"/>.</summary>
internal static class EventTime
{
    private static readonly long MinMs = DateTimeOffset.MinValue.ToUnixTimeMilliseconds();
    private static readonly long MaxMs = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    /// <summary>In UTC; a time beyond the ends is put at the end.</summary>
    public static DateTimeOffset Of(long ms) => DateTimeOffset.FromUnixTimeMilliseconds(Math.Clamp(ms, MinMs, MaxMs));
}
