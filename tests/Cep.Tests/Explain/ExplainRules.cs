using Cep.Conditions;
using Cep.Events;
using Cep.Patterns;
using Cep.Rules;

namespace Cep.Tests.Explain;

/// <summary>Streams, conditions and rules of a few words, for what is told about them.</summary>
internal static class ExplainRules
{
    public static readonly StreamDefinition Auths = Stream("auths", "card_id");
    public static readonly StreamDefinition Orders = Stream("orders", "order_id");
    public static readonly StreamDefinition Shipments = Stream("shipments", "order_ref");

    public static Quantifier Times(int min, int? max, bool isGreedy = true) =>
        Quantifier.One with { Min = Math.Max(min, 1), Max = max, IsOptional = min == 0, IsGreedy = isGreedy };

    public static EventStep Step(string name, StreamDefinition? stream = null, Expr? where = null) =>
        new() { Name = name, Stream = (stream ?? Auths).EventType, Where = where };

    public static EventStep Not(string name, StreamDefinition? stream = null, Expr? where = null) => Step(name, stream, where) with { IsNegated = true };

    public static EventField Field(StreamDefinition stream, string name) =>
        stream.EventType.TryGetField(name, out var field) ? field : throw new ArgumentException($"No field {name}.");

    /// <summary><c>amount op value</c>, of the candidate.</summary>
    public static Expr Amount(BinaryOperator op, object value, StreamDefinition? stream = null) =>
        ExprFactory.Binary(op, ExprFactory.Field((stream ?? Auths).EventType, Field(stream ?? Auths, "amount")), ExprFactory.Literal(value));

    public static Expr Text(string field, string value, StreamDefinition stream) =>
        ExprFactory.Binary(BinaryOperator.Equal, ExprFactory.Field(stream.EventType, Field(stream, field)), ExprFactory.Literal(value));

    /// <summary>A rule over <see cref="Auths"/>, by card.</summary>
    public static Rule Rule(Pattern pattern, params RuleInput[] inputs) => new()
    {
        Name = "rule",
        Inputs = inputs.Length > 0 ? inputs : [new RuleInput(Auths, [Field(Auths, "card_id")], null)],
        Pattern = pattern,
    };

    public static Rule Rule(params PatternStep[] steps) => Rule(new Pattern { Steps = steps, WithinMs = 600_000, Skip = AfterMatchSkip.PastLast });

    private static StreamDefinition Stream(string name, string key)
    {
        var type = new EventTypeBuilder(name).Field(key, FieldType.String).Field("amount", FieldType.Decimal).Field("status", FieldType.String).Field("ts", FieldType.Timestamp).Build();
        return new StreamDefinition(type, null);
    }
}
