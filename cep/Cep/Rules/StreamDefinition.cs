using Cep.Events;

namespace Cep.Rules;

/// <summary>A declared stream: the shape of its events and how their time is known.</summary>
/// <param name="EventType">Name and fields.</param>
/// <param name="Time">Event time, or null for processing time.</param>
public sealed record StreamDefinition(EventType EventType, EventTime? Time)
{
    /// <summary>The stream's name.</summary>
    public string Name => EventType.Name;
}

/// <summary>Event time read from a field, with bounded disorder.</summary>
/// <param name="Field">A required timestamp field.</param>
/// <param name="DelayMs">How far an event may lie behind the newest before it is late, in milliseconds; at least 0.</param>
/// <param name="IdleAfterMs">After how long without an event, by the wall clock, the stream no longer holds back time; null for never.</param>
public sealed record EventTime(EventField Field, long DelayMs, long? IdleAfterMs = null);
