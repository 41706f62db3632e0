namespace Cep.Conditions;

/// <summary>The typing rules of operators and aggregates, asked before an expression is built.</summary>
public static class Typing
{
    /// <summary>The kind of <c>left op right</c>, or null when the operator does not take these operands.</summary>
    public static ValueKind? Result(BinaryOperator op, ValueKind left, ValueKind right) => op switch
    {
        BinaryOperator.And or BinaryOperator.Or => left == ValueKind.Bool && right == ValueKind.Bool ? ValueKind.Bool : null,
        _ when op.IsEquality() => left == right || ValueKinds.Common(left, right) is not null ? ValueKind.Bool : null,
        _ when op.IsOrdering() => (left == right && left != ValueKind.Bool) || ValueKinds.Common(left, right) is not null ? ValueKind.Bool : null,
        _ when op.IsArithmetic() => Arithmetic(op, left, right),
        _ => left == ValueKind.String && right == ValueKind.String ? ValueKind.Bool : null,
    };

    /// <summary>The kind of an aggregate over a field of the given kind, or null when it does not apply.</summary>
    public static ValueKind? Result(AggregateKind aggregate, ValueKind field) => aggregate switch
    {
        AggregateKind.Count or AggregateKind.Distinct => ValueKind.Long,
        AggregateKind.Sum => field.IsNumeric() || field == ValueKind.Duration ? field : null,
        AggregateKind.Avg => field == ValueKind.Long ? ValueKind.Double : field.IsNumeric() || field == ValueKind.Duration ? field : null,
        AggregateKind.Min or AggregateKind.Max => field is ValueKind.Bool or ValueKind.String ? null : field,
        AggregateKind.StdDev => field.IsNumeric() ? ValueKind.Double : null,
        _ => throw new ArgumentOutOfRangeException(nameof(aggregate), aggregate, null),
    };

    private static ValueKind? Arithmetic(BinaryOperator op, ValueKind left, ValueKind right)
    {
        if (ValueKinds.Common(left, right) is { } common)
            return common;
        return (op, left, right) switch
        {
            (BinaryOperator.Add, ValueKind.String, ValueKind.String) => ValueKind.String,
            (BinaryOperator.Subtract, ValueKind.Timestamp, ValueKind.Timestamp) => ValueKind.Duration,
            (BinaryOperator.Add or BinaryOperator.Subtract, ValueKind.Timestamp, ValueKind.Duration) => ValueKind.Timestamp,
            (BinaryOperator.Add, ValueKind.Duration, ValueKind.Timestamp) => ValueKind.Timestamp,
            (BinaryOperator.Add or BinaryOperator.Subtract or BinaryOperator.Remainder, ValueKind.Duration, ValueKind.Duration) => ValueKind.Duration,
            (BinaryOperator.Divide, ValueKind.Duration, ValueKind.Duration) => ValueKind.Double,
            (BinaryOperator.Multiply or BinaryOperator.Divide, ValueKind.Duration, _) when right.IsNumeric() => ValueKind.Duration,
            (BinaryOperator.Multiply, _, ValueKind.Duration) when left.IsNumeric() => ValueKind.Duration,
            _ => null,
        };
    }
}
