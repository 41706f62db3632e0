using Cep.Conditions;
using Cep.Events;
using Xunit;

namespace Cep.Tests.Conditions;

public class ComparisonTests
{
    private static readonly BinaryOperator[] Equalities = [BinaryOperator.Equal, BinaryOperator.NotEqual];

    private static readonly BinaryOperator[] Comparisons =
        [.. Equalities, BinaryOperator.Less, BinaryOperator.LessOrEqual, BinaryOperator.Greater, BinaryOperator.GreaterOrEqual];

    public static TheoryData<FieldType, object[]> Values => new()
    {
        { FieldType.Bool, [false, true] },
        { FieldType.Int, [int.MinValue, -1, 0, int.MaxValue] },
        { FieldType.Long, [long.MinValue, -1L, 0L, long.MaxValue] },
        { FieldType.Double, [double.MinValue, -0.5, 0.0, 1e300] },
        { FieldType.Decimal, [-1.5m, 0m, 1.50m, decimal.MaxValue] },
        { FieldType.String, ["", "A", "a", "ab", "ż"] },
        { FieldType.Timestamp, [TimestampText.MinMs, 0L, 1L] },
        { FieldType.Duration, [-1L, 0L, 1L] },
    };

    [Theory]
    [MemberData(nameof(Values))]
    public void Values_of_one_type_compare_by_value_and_with_null_to_unknown(FieldType type, object[] values)
    {
        var name = type.ToString().ToLowerInvariant();
        var kind = ValueKinds.Of(type);
        foreach (var op in type == FieldType.Bool ? Equalities : Comparisons)
        {
            // Compiled once for each form of the operands: required, optional, constant.
            var fields = Compile(ExprFactory.Binary(op, Sample.Of(name), Sample.Of(name + "_opt")));
            foreach (var a in values)
            {
                foreach (var b in values.Append(null))
                    Assert.Equal(Expected(op, a, b), fields(Sample.Event((name, a), (name + "_opt", b))));
                var constant = Compile(ExprFactory.Binary(op, Sample.Constant(kind, kind == ValueKind.Long ? Convert.ToInt64(a) : a), Sample.Of(name)));
                foreach (var b in values)
                    Assert.Equal(Expected(op, a, b), constant(Sample.Event((name, b))));
            }
            var withNull = Compile(ExprFactory.Binary(op, Sample.Of(name), ExprFactory.Null(kind)));
            Assert.Equal(Truth.Unknown, withNull(Sample.Event((name, values[0]))));
        }
    }

    [Theory]
    [InlineData("int", 2, "double", 2.5, -1)]
    [InlineData("long", 3L, "double", 2.5, 1)]
    [InlineData("long", 2L, "double", 2.0, 0)]
    [InlineData("int_opt", 2, "double_opt", 2.0, 0)]
    [InlineData("int_opt", null, "double", 2.0, null)]
    [InlineData("int", 2, "double_opt", null, null)]
    public void Numbers_of_different_kinds_compare_in_their_common_kind(string left, object? a, string right, object? b, int? order)
    {
        var e = Sample.Event((left, a), (right, b));
        foreach (var op in Comparisons)
            Assert.Equal(LogicTests.TruthOf(Holds(op, order)), Compile(ExprFactory.Binary(op, Sample.Of(left), Sample.Of(right)))(e));
    }

    [Fact]
    public void A_decimal_compares_exactly_with_whole_numbers_and_constants()
    {
        var e = Sample.Event(("decimal", 200.00m), ("decimal_opt", 0.1m), ("long", 200L));

        Assert.Equal(Truth.True, Compile(ExprFactory.Binary(BinaryOperator.Equal, Sample.Of("decimal"), Sample.Of("long")))(e));
        Assert.Equal(Truth.False, Compile(ExprFactory.Binary(BinaryOperator.Greater, Sample.Of("decimal"), ExprFactory.Literal(200)))(e));
        Assert.Equal(Truth.True, Compile(ExprFactory.Binary(BinaryOperator.Equal, Sample.Of("decimal_opt"), ExprFactory.Literal(0.1m)))(e));
    }

    [Theory]
    [InlineData("int", "int_opt", 7, 7, 8)]
    [InlineData("string", "string_opt", "a", "a", "b")]
    [InlineData("timestamp", "timestamp_opt", 7L, 7L, 8L)]
    public void In_is_true_for_an_item_false_for_none_and_unknown_where_null_could_be_it(string required, string optional, object value, object item, object other)
    {
        var kind = Sample.Field(required).Kind;
        Expr C(object? v) => Sample.Constant(kind, v is int i ? (long)i : v);
        Truth In(string field, params Expr[] items) => Compile(ExprFactory.In(Sample.Of(field), items))(Sample.Event((required, value), (optional, null)));
        Truth NotIn(string field, params Expr[] items) =>
            Compile(ExprFactory.Not(ExprFactory.In(Sample.Of(field), items)))(Sample.Event((required, value), (optional, null)));

        Assert.Equal(Truth.True, In(required, C(other), C(item)));
        Assert.Equal(Truth.False, In(required, C(other)));
        Assert.Equal(Truth.Unknown, In(optional, C(item)));
        Assert.Equal(Truth.True, In(required, C(null), C(item)));
        Assert.Equal(Truth.Unknown, In(required, C(null), C(other)));
        Assert.Equal(Truth.True, In(required, Sample.Of(required), C(other)));
        Assert.Equal(Truth.Unknown, In(required, Sample.Of(optional), C(other)));
        Assert.Equal(Truth.False, NotIn(required, C(other), C(item)));
        Assert.Equal(Truth.True, NotIn(required, C(other)));
        Assert.Equal(Truth.Unknown, NotIn(optional, C(item)));
        Assert.Equal(Truth.Unknown, NotIn(required, C(null), C(other)));
    }

    [Fact]
    public void In_finds_a_number_of_another_kind()
    {
        var decimals = ExprFactory.In(Sample.Of("decimal"), [ExprFactory.Literal(1), ExprFactory.Literal(2.5m)]);
        var mixed = ExprFactory.In(Sample.Of("long"), [ExprFactory.Literal(1), ExprFactory.Literal(2.5)]);

        Assert.Equal(Truth.True, Compile(decimals)(Sample.Event(("decimal", 1.0m))));
        Assert.Equal(Truth.True, Compile(decimals)(Sample.Event(("decimal", 2.50m))));
        Assert.Equal(Truth.False, Compile(decimals)(Sample.Event(("decimal", 2m))));
        Assert.Equal(Truth.True, Compile(mixed)(Sample.Event(("long", 1L))));
        Assert.Equal(Truth.False, Compile(mixed)(Sample.Event(("long", 2L))));
    }

    [Theory]
    [InlineData(BinaryOperator.Contains, "abc", "b", true)]
    [InlineData(BinaryOperator.Contains, "abc", "", true)]
    [InlineData(BinaryOperator.Contains, "abc", "B", false)]
    [InlineData(BinaryOperator.StartsWith, "abc", "ab", true)]
    [InlineData(BinaryOperator.StartsWith, "abc", "bc", false)]
    [InlineData(BinaryOperator.EndsWith, "abc", "bc", true)]
    [InlineData(BinaryOperator.EndsWith, "abc", "ab", false)]
    [InlineData(BinaryOperator.Matches, "card-17", "^card-[0-9]+$", true)]
    [InlineData(BinaryOperator.Matches, "a card-17", "card", true)]
    [InlineData(BinaryOperator.Matches, "card-x", "^card-[0-9]+$", false)]
    [InlineData(BinaryOperator.Like, "abc", "a%", true)]
    [InlineData(BinaryOperator.Like, "abc", "a_c", true)]
    [InlineData(BinaryOperator.Like, "abc", "a_", false)]
    [InlineData(BinaryOperator.Like, "xabc", "a%", false)]
    [InlineData(BinaryOperator.Like, "a\nc", "a%c", true)]
    [InlineData(BinaryOperator.Like, "abc\n", "abc", false)]
    [InlineData(BinaryOperator.Like, "a.c", "a.c", true)]
    [InlineData(BinaryOperator.Like, "abc", "a.c", false)]
    [InlineData(BinaryOperator.Like, "", "%", true)]
    public void Text_is_searched_by_ordinal_value(BinaryOperator op, string text, string part, bool expected)
    {
        var code = Compile(ExprFactory.Binary(op, Sample.Of("string_opt"), ExprFactory.Literal(part)));

        Assert.Equal(LogicTests.TruthOf(expected), code(Sample.Event(("string_opt", text))));
        Assert.Equal(Truth.Unknown, code(Sample.Event()));
    }

    [Fact]
    public void A_bad_regular_expression_does_not_backtrack_for_ever()
    {
        var code = Compile(ExprFactory.Binary(BinaryOperator.Matches, Sample.Of("string"), ExprFactory.Literal("^(a+)+$")));

        Assert.Equal(Truth.False, code(Sample.Event(("string", new string('a', 100_000) + "b"))));
    }

    private static Func<object, Truth> Compile(Expr condition)
    {
        var layout = RegisterLayout.For([condition]);
        var code = ExpressionCompiler.Condition(Sample.Type, condition, layout);
        return e => code(e, 0, layout.Empty);
    }

    private static Truth Expected(BinaryOperator op, object a, object? b) => LogicTests.TruthOf(Holds(op, b is null ? null
        : a is string text ? string.CompareOrdinal(text, (string)b)
        : ((IComparable)a).CompareTo(b)));

    private static bool? Holds(BinaryOperator op, int? order) => order is not { } o ? null : op switch
    {
        BinaryOperator.Equal => o == 0,
        BinaryOperator.NotEqual => o != 0,
        BinaryOperator.Less => o < 0,
        BinaryOperator.LessOrEqual => o <= 0,
        BinaryOperator.Greater => o > 0,
        _ => o >= 0,
    };
}
