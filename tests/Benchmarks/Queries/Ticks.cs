using Cep.Benchmarks.Streams;
using Cep.Conditions;
using Cep.Events;
using Cep.Patterns;

namespace Cep.Benchmarks.Queries;

/// <summary>Conditions and steps over ticks, whichever class holds them.</summary>
internal sealed class Ticks(EventType type)
{
    public EventType EventType { get; } = type;

    public EventField Key => Field(nameof(Tick.Key));

    public Expr Price => ExprFactory.Field(EventType, Field(nameof(Tick.Price)));

    public Expr PriceOf(string step) => ExprFactory.StepField(step, -1, EventType, Field(nameof(Tick.Price)));

    public Expr TypeIs(string type) =>
        ExprFactory.Binary(BinaryOperator.Equal, ExprFactory.Field(EventType, Field(nameof(Tick.Type))), ExprFactory.Literal(type));

    public Expr Above(double price) => ExprFactory.Binary(BinaryOperator.Greater, Price, ExprFactory.Literal(price));

    public EventStep Step(string name, params Expr[] conditions) =>
        new() { Name = name, Stream = EventType, Where = conditions.Aggregate((Expr?)null, ExprFactory.And) };

    private EventField Field(string name) => EventType.Fields.Single(f => f.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
}
