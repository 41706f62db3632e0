using Cep.Events;

namespace Cep.Conditions;

/// <summary>The type of an expression's value. Every kind may also be null, which means unknown.</summary>
public enum ValueKind
{
    /// <summary>True or false; CLR <see cref="bool"/>.</summary>
    Bool,

    /// <summary>A 64-bit integer, overflow-checked; fields of type <c>int</c> and <c>long</c>; CLR <see cref="long"/>.</summary>
    Long,

    /// <summary>CLR <see cref="double"/>.</summary>
    Double,

    /// <summary>CLR <see cref="decimal"/>.</summary>
    Decimal,

    /// <summary>CLR <see cref="string"/>, compared by ordinal value.</summary>
    String,

    /// <summary>Unix milliseconds; CLR <see cref="long"/>.</summary>
    Timestamp,

    /// <summary>Milliseconds; CLR <see cref="long"/>.</summary>
    Duration,
}

/// <summary>Facts about value kinds.</summary>
public static class ValueKinds
{
    /// <summary>The kind in which a field's values are computed with.</summary>
    public static ValueKind Of(FieldType type) => type switch
    {
        FieldType.Bool => ValueKind.Bool,
        FieldType.Int or FieldType.Long => ValueKind.Long,
        FieldType.Double => ValueKind.Double,
        FieldType.Decimal => ValueKind.Decimal,
        FieldType.String => ValueKind.String,
        FieldType.Timestamp => ValueKind.Timestamp,
        FieldType.Duration => ValueKind.Duration,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, null),
    };

    /// <summary>Whether values of the kind can be added, multiplied and averaged as plain numbers.</summary>
    public static bool IsNumeric(this ValueKind kind) => kind is ValueKind.Long or ValueKind.Double or ValueKind.Decimal;

    /// <summary>The kind's name in rule text.</summary>
    public static string Name(this ValueKind kind) => kind.ToString().ToLowerInvariant();

    /// <summary>The CLR type that holds a value of the kind that is not null.</summary>
    public static Type ClrType(this ValueKind kind) => kind switch
    {
        ValueKind.Bool => typeof(bool),
        ValueKind.Long or ValueKind.Timestamp or ValueKind.Duration => typeof(long),
        ValueKind.Double => typeof(double),
        ValueKind.Decimal => typeof(decimal),
        ValueKind.String => typeof(string),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    /// <summary>
    /// The kind in which two numbers are compared or computed: integers widen to decimal or double; a decimal with a double
    /// becomes a double. Null when one of them is no number.
    /// </summary>
    public static ValueKind? Common(ValueKind a, ValueKind b)
    {
        if (!a.IsNumeric() || !b.IsNumeric())
            return null;
        if (a == ValueKind.Double || b == ValueKind.Double)
            return ValueKind.Double;
        return a == ValueKind.Decimal || b == ValueKind.Decimal ? ValueKind.Decimal : ValueKind.Long;
    }
}
