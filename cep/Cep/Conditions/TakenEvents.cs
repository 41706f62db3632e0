namespace Cep.Conditions;

/// <summary>The events that a partial match has taken so far, by step: what a condition of two arguments reads, as in <c>m["probe"].Last()</c>.</summary>
/// <typeparam name="T">The class of the events.</typeparam>
public sealed class TakenEvents<T> where T : class
{
    private readonly TakenLog? _log;

    internal TakenEvents(TakenLog? log) => _log = log;

    /// <summary>The events of a step, first to last; none while it has taken none. A loop sees those of its earlier rounds, not the candidate.</summary>
    /// <param name="step">The step's name.</param>
    public IReadOnlyList<T> this[string step] => EventsOf<T>(step);

    /// <summary>The events of a step that takes a subclass (<c>OfType</c>), first to last.</summary>
    /// <param name="step">The step's name.</param>
    /// <exception cref="InvalidCastException">The step takes events that are no <typeparamref name="TSub"/>.</exception>
    public IReadOnlyList<TSub> EventsOf<TSub>(string step) where TSub : class, T
    {
        var events = new List<TSub>();
        for (var taken = _log; taken is not null; taken = taken.Previous)
        {
            if (taken.Step == step)
                events.Add((TSub)taken.Event);
        }
        events.Reverse();
        return events;
    }
}

/// <summary>The events that a run has taken, last first, for conditions in code that cannot be looked into.</summary>
/// <remarks>Immutable; runs that branch share their past.</remarks>
internal sealed class TakenLog
{
    private TakenLog(TakenLog? previous, string step, object taken) => (Previous, Step, Event) = (previous, step, taken);

    public TakenLog? Previous { get; }

    public string Step { get; }

    public object Event { get; }

    /// <summary>The log, null for an empty one, with one more event.</summary>
    public static TakenLog Add(object? log, string step, object taken) => new((TakenLog?)log, step, taken);
}
