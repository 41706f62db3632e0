using Cep.Conditions;
using Cep.Events;
using Cep.Patterns;

namespace Cep.Differential.Cases;

/// <summary>An event of the generated streams.</summary>
internal class Tick
{
    /// <summary>Event time, in milliseconds.</summary>
    public DateTime T { get; set; } = DateTime.UnixEpoch;

    /// <summary>One of a few letters.</summary>
    public string Kind { get; set; } = "";

    /// <summary>A small whole number.</summary>
    public long Price { get; set; }

    /// <summary>A number that may be missing.</summary>
    public double? Volume { get; set; }

    public static EventType Type { get; } = EventType.Of<Tick>();

    /// <summary>The condition that an event is of a kind.</summary>
    public static Expr Is(string kind) => ExprFactory.Binary(BinaryOperator.Equal,
        ExprFactory.Field(Type, Type.Fields.Single(f => f.Name == nameof(Kind))), ExprFactory.Literal(kind));
}

/// <summary>An event of another stream.</summary>
internal class Alarm
{
    /// <inheritdoc cref="Tick.T"/>
    public DateTime T { get; set; } = DateTime.UnixEpoch;

    /// <inheritdoc cref="Tick.Kind"/>
    public string Kind { get; set; } = "";

    /// <inheritdoc cref="Tick.Price"/>
    public decimal Price { get; set; }

    public static EventType Type { get; } = EventType.Of<Alarm>();
}

/// <summary>An event with its time; its position in the stream is its sequence number.</summary>
internal readonly record struct TimedEvent(object Value, long TimeMs)
{
    public string Kind => Value is Tick tick ? tick.Kind : ((Alarm)Value).Kind;
}

/// <summary>A pattern and the events of one key, in order.</summary>
internal sealed record RandomCase(Pattern Pattern, IReadOnlyList<TimedEvent> Events)
{
    public static IReadOnlyList<EventType> Types { get; } = [Tick.Type, Alarm.Type];
}
