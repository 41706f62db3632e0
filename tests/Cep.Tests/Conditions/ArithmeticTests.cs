using Cep.Conditions;
using Xunit;

namespace Cep.Tests.Conditions;

public class ArithmeticTests
{
    private const ValueKind L = ValueKind.Long;
    private const ValueKind F = ValueKind.Double;
    private const ValueKind D = ValueKind.Decimal;
    private const ValueKind S = ValueKind.String;
    private const ValueKind T = ValueKind.Timestamp;
    private const ValueKind U = ValueKind.Duration;

    public static TheoryData<ValueKind, object, BinaryOperator, ValueKind, object, ValueKind, object> Results => new()
    {
        { L, 7L, BinaryOperator.Add, L, 2L, L, 9L },
        { L, 7L, BinaryOperator.Subtract, L, 9L, L, -2L },
        { L, 7L, BinaryOperator.Multiply, L, -2L, L, -14L },
        { L, 7L, BinaryOperator.Divide, L, 2L, L, 3L },
        { L, -7L, BinaryOperator.Divide, L, 2L, L, -3L },
        { L, 7L, BinaryOperator.Remainder, L, -4L, L, 3L },
        { L, -7L, BinaryOperator.Remainder, L, 4L, L, -3L },
        { L, 7L, BinaryOperator.Divide, F, 2.0, F, 3.5 },
        { F, 7.5, BinaryOperator.Remainder, L, 2L, F, 1.5 },
        { F, 1.0, BinaryOperator.Divide, F, 0.0, F, double.PositiveInfinity },
        { L, 7L, BinaryOperator.Divide, D, 2m, D, 3.5m },
        { D, 0.1m, BinaryOperator.Add, D, 0.2m, D, 0.3m },
        { D, 2.00m, BinaryOperator.Multiply, L, 50L, D, 100m },
        { D, 7.5m, BinaryOperator.Remainder, D, 2m, D, 1.5m },
        { D, 0.5m, BinaryOperator.Add, F, 0.25, F, 0.75 },
        { S, "a", BinaryOperator.Add, S, "b", S, "ab" },
        { T, 5_000L, BinaryOperator.Subtract, T, 8_000L, U, -3_000L },
        { T, 5_000L, BinaryOperator.Subtract, U, 8_000L, T, -3_000L },
        { T, 5_000L, BinaryOperator.Add, U, 8_000L, T, 13_000L },
        { U, 5_000L, BinaryOperator.Add, T, 8_000L, T, 13_000L },
        { U, 5_000L, BinaryOperator.Add, U, 8_000L, U, 13_000L },
        { U, 5_000L, BinaryOperator.Subtract, U, 8_000L, U, -3_000L },
        { U, 8_000L, BinaryOperator.Remainder, U, 3_000L, U, 2_000L },
        { U, 5_000L, BinaryOperator.Divide, U, 2_000L, F, 2.5 },
        { U, 5_000L, BinaryOperator.Divide, L, 3L, U, 1_666L },
        { U, 5_000L, BinaryOperator.Multiply, L, 3L, U, 15_000L },
        { U, 5_000L, BinaryOperator.Multiply, F, 1.5, U, 7_500L },
        { U, 5_000L, BinaryOperator.Divide, D, 2.5m, U, 2_000L },
        { F, 1.5, BinaryOperator.Multiply, U, 5_000L, U, 7_500L },
        { L, 3L, BinaryOperator.Multiply, U, 5_000L, U, 15_000L },
        { U, long.MaxValue, BinaryOperator.Subtract, U, 1L, U, long.MaxValue - 1 },
        { U, long.MaxValue, BinaryOperator.Divide, L, 1L, U, long.MaxValue },
    };

    [Theory]
    [MemberData(nameof(Results))]
    public void Two_values_give_a_third(ValueKind left, object a, BinaryOperator op, ValueKind right, object b, ValueKind kind, object expected)
    {
        var e = ExprFactory.Binary(op, Sample.Constant(left, a), Sample.Constant(right, b));

        Assert.Equal(kind, e.Kind);
        Assert.Equal(expected, Sample.Evaluate(e));
    }

    [Theory]
    [MemberData(nameof(Results))]
    public void Null_on_either_side_gives_null(ValueKind left, object a, BinaryOperator op, ValueKind right, object b, ValueKind kind, object expected)
    {
        Assert.Null(Sample.Evaluate(ExprFactory.Binary(op, ExprFactory.Null(left), Sample.Constant(right, b))));
        Assert.Null(Sample.Evaluate(ExprFactory.Binary(op, Sample.Constant(left, a), ExprFactory.Null(right))));
        Assert.Equal((kind, expected), (Typing.Result(op, left, right)!.Value, expected));
    }

    [Theory]
    [MemberData(nameof(Results))]
    public void Fields_compute_as_constants_do(ValueKind left, object a, BinaryOperator op, ValueKind right, object b, ValueKind kind, object expected)
    {
        var (first, second) = (left.Name(), right.Name() + "_opt");
        var holds = ExprFactory.Binary(BinaryOperator.Equal, ExprFactory.Binary(op, Sample.Of(first), Sample.Of(second)), Sample.Constant(kind, expected));

        Assert.Equal(Truth.True, Sample.Decide(holds, Sample.Event((first, a), (second, b))));
        Assert.Equal(Truth.Unknown, Sample.Decide(holds, Sample.Event((first, a))));
    }

    public static TheoryData<ValueKind, object, BinaryOperator, ValueKind, object> Overflows => new()
    {
        { L, long.MaxValue, BinaryOperator.Add, L, 1L },
        { L, long.MinValue, BinaryOperator.Subtract, L, 1L },
        { L, long.MaxValue, BinaryOperator.Multiply, L, 2L },
        { L, long.MinValue, BinaryOperator.Divide, L, -1L },
        { D, decimal.MaxValue, BinaryOperator.Add, L, 1L },
        { D, decimal.MaxValue, BinaryOperator.Multiply, D, 2m },
        { T, long.MaxValue, BinaryOperator.Add, U, 1L },
        { T, long.MinValue, BinaryOperator.Subtract, T, 1L },
        { U, long.MaxValue, BinaryOperator.Multiply, L, 2L },
        { U, 1L, BinaryOperator.Multiply, F, 1e300 },
        { U, 1L, BinaryOperator.Divide, F, 0.0 },
    };

    [Theory]
    [MemberData(nameof(Overflows))]
    public void A_result_out_of_range_is_an_error(ValueKind left, object a, BinaryOperator op, ValueKind right, object b) =>
        Assert.Throws<OverflowException>(() => Sample.Evaluate(ExprFactory.Binary(op, Sample.Constant(left, a), Sample.Constant(right, b))));

    [Theory]
    [InlineData(BinaryOperator.Divide)]
    [InlineData(BinaryOperator.Remainder)]
    public void Division_of_whole_numbers_and_decimals_by_zero_is_an_error(BinaryOperator op)
    {
        foreach (var (kind, one, zero) in new (ValueKind, object, object)[] { (L, 1L, 0L), (D, 1m, 0m) })
            Assert.Throws<DivideByZeroException>(() => Sample.Evaluate(ExprFactory.Binary(op, Sample.Constant(kind, one), Sample.Constant(kind, zero))));
    }

    [Fact]
    public void Negation_keeps_the_kind_null_and_the_range()
    {
        Assert.Equal(-5L, Sample.Evaluate(ExprFactory.Negate(ExprFactory.Literal(5))));
        Assert.Equal(-0.5, Sample.Evaluate(ExprFactory.Negate(ExprFactory.Literal(0.5))));
        Assert.Equal(-0.5m, Sample.Evaluate(ExprFactory.Negate(ExprFactory.Literal(0.5m))));
        Assert.Equal(-5L, Sample.Evaluate(ExprFactory.Negate(ExprFactory.DurationMs(5))));
        Assert.Null(Sample.Evaluate(ExprFactory.Negate(ExprFactory.Null(D))));
        Assert.Throws<OverflowException>(() => Sample.Evaluate(ExprFactory.Negate(ExprFactory.Literal(long.MinValue))));
    }

    [Theory]
    [InlineData(BinaryOperator.Add, S, L)]
    [InlineData(BinaryOperator.Add, T, T)]
    [InlineData(BinaryOperator.Multiply, T, L)]
    [InlineData(BinaryOperator.Multiply, U, U)]
    [InlineData(BinaryOperator.Divide, L, U)]
    [InlineData(BinaryOperator.Subtract, U, T)]
    [InlineData(BinaryOperator.Less, ValueKind.Bool, ValueKind.Bool)]
    [InlineData(BinaryOperator.Less, T, L)]
    [InlineData(BinaryOperator.Equal, S, L)]
    [InlineData(BinaryOperator.Equal, T, U)]
    [InlineData(BinaryOperator.And, L, ValueKind.Bool)]
    [InlineData(BinaryOperator.Contains, S, L)]
    public void Operands_that_do_not_go_together_are_refused(BinaryOperator op, ValueKind left, ValueKind right) =>
        Assert.Throws<ArgumentException>(() => ExprFactory.Binary(op, ExprFactory.Null(left), ExprFactory.Null(right)));
}
