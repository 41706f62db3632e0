namespace Cep.Evaluation;

/// <summary>A match, or a partial match that ran out of time.</summary>
/// <param name="IsTimeout">Whether it ran out of time.</param>
/// <param name="Last">Its last event, from which the others are reached.</param>
/// <param name="StartMs">Event time of its first event.</param>
/// <param name="EndMs">Event time of its last event; of a match that waited for a deadline, that.</param>
/// <param name="AtMs">
/// Of a match, the event time at which it became certain: that of the event that completed it, or of the deadline that passed. Of a timeout, the end of its window.
/// </param>
internal readonly record struct Completion(bool IsTimeout, EventNode Last, long StartMs, long EndMs, long AtMs)
{
    /// <summary>The events from first to last.</summary>
    public EventNode[] Events()
    {
        var count = 0;
        for (var node = Last; node is not null; node = node.Previous)
            count++;
        var events = new EventNode[count];
        for (var node = Last; node is not null; node = node.Previous)
            events[--count] = node;
        return events;
    }
}
