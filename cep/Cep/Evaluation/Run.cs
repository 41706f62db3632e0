using Cep.Conditions;
using Cep.Nfa;

namespace Cep.Evaluation;

/// <summary>A partial match: the state it waits in, when it began, the events it has taken, and what conditions remember of them.</summary>
/// <param name="State">The state it waits in.</param>
/// <param name="StartMs">Event time of its first event; <see cref="long.MaxValue"/> before that.</param>
/// <param name="StartSequence">The place of its first event in the input; <see cref="long.MaxValue"/> before that.</param>
/// <param name="Last">The event taken last; null before the first.</param>
/// <param name="Registers">What conditions read of its events.</param>
internal readonly record struct Run(State State, long StartMs, long StartSequence, EventNode? Last, Registers Registers)
{
    /// <summary>Whether it has taken an event. The run that waits for a first event is always there and never expires.</summary>
    public bool HasBegun => Last is not null;

    /// <summary>Orders runs by their first event; a run that has not begun comes last.</summary>
    public static int CompareStart(in Run a, in Run b)
    {
        var byTime = a.StartMs.CompareTo(b.StartMs);
        return byTime != 0 ? byTime : a.StartSequence.CompareTo(b.StartSequence);
    }
}
