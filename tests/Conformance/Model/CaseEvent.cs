using Cep.Conformance.Cases;
using Cep.Events;

namespace Cep.Conformance.Model;

/// <summary>An event of a case as a class of a user's program.</summary>
public sealed class CaseEvent
{
    /// <summary>The shape that patterns are built over.</summary>
    public static EventType EventType { get; } = EventType.Of<CaseEvent>();

    /// <summary>The position among the events of the case.</summary>
    public required int Position { get; init; }

    /// <summary>Event time in milliseconds.</summary>
    public required long T { get; init; }

    /// <summary>A whole number.</summary>
    public required long Id { get; init; }

    /// <summary>A text.</summary>
    public required string Name { get; init; }

    /// <summary>A number.</summary>
    public required double Price { get; init; }

    /// <summary>A number that may be absent.</summary>
    public double? Volume { get; init; }

    /// <summary>The type in Flink's sense; an event without one is an <c>Event</c>.</summary>
    public required string Type { get; init; }

    /// <summary>The event at a position of a case.</summary>
    public static CaseEvent Of(Case c, int position)
    {
        var row = c.Events[position];
        return new()
        {
            Position = position, T = row.T, Id = row.Id, Name = row.Name, Price = row.Price, Volume = row.Volume, Type = row.Type ?? "Event",
        };
    }

    /// <summary>The field that the neutral expression language calls by this name.</summary>
    /// <exception cref="FormatException">There is none.</exception>
    public static EventField Field(string neutralName) =>
        EventType.Fields.FirstOrDefault(f => f.Name.ToLowerInvariant() == neutralName && neutralName != "position")
        ?? throw new FormatException($"An event of a case has no field `{neutralName}`.");
}
