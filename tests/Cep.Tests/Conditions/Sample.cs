using Cep.Conditions;
using Cep.Events;

namespace Cep.Tests.Conditions;

/// <summary>An event type with a required and an optional field of every type, and short ways to evaluate expressions over it.</summary>
internal static class Sample
{
    private static readonly FieldType[] Types = Enum.GetValues<FieldType>();

    /// <summary>Fields <c>bool</c> and <c>bool_opt</c>, <c>int</c> and <c>int_opt</c>, and so on.</summary>
    public static EventType Type { get; } = Build();

    public static EventField Field(string name) => Type.TryGetField(name, out var field) ? field : throw new ArgumentException(name);

    /// <summary>A field of the candidate.</summary>
    public static Expr Of(string name) => ExprFactory.Field(Type, Field(name));

    /// <summary>A constant or null of a kind.</summary>
    public static Expr Constant(ValueKind kind, object? value) => (kind, value) switch
    {
        (_, null) => ExprFactory.Null(kind),
        (ValueKind.Timestamp, long ms) => ExprFactory.TimestampMs(ms),
        (ValueKind.Duration, long ms) => ExprFactory.DurationMs(ms),
        _ => ExprFactory.Literal(value),
    };

    /// <summary>An event with the fields given; others are zero, empty or null.</summary>
    public static object Event(params (string Field, object? Value)[] values)
    {
        var e = Activator.CreateInstance(Type.ClrType)!;
        Type.ClrType.GetField("string")!.SetValue(e, "");
        foreach (var (field, value) in values)
            Type.ClrType.GetField(field)!.SetValue(e, value);
        return e;
    }

    /// <summary>What a condition says of an event.</summary>
    public static Truth Decide(Expr condition, object candidate, long timeMs = 0)
    {
        var layout = RegisterLayout.For([condition]);
        return ExpressionCompiler.Condition(Type, condition, layout)(candidate, timeMs, layout.Empty);
    }

    /// <summary>The value of an expression that reads no candidate.</summary>
    public static object? Evaluate(Expr e)
    {
        var layout = RegisterLayout.For([e]);
        return ExpressionCompiler.Measure(e, layout)(layout.Empty, new MatchFacts(0, 0, 0, null, ""));
    }

    private static EventType Build()
    {
        var builder = new EventTypeBuilder("sample");
        foreach (var type in Types)
        {
            var name = type.ToString().ToLowerInvariant();
            builder.Field(name, type).Field(name + "_opt", type, isOptional: true);
        }
        return builder.Build();
    }
}
