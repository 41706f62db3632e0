using Cep.Conditions;
using Xunit;

namespace Cep.Tests.Conditions;

/// <summary>Three-valued logic: unknown is null.</summary>
public class LogicTests
{
    private static readonly bool?[] Truths = [true, false, null];

    /// <summary>Every pair of truth values, each as a required field (when it is known), an optional field, and a constant.</summary>
    public static TheoryData<bool?, string, bool?, string> Pairs
    {
        get
        {
            var pairs = new TheoryData<bool?, string, bool?, string>();
            foreach (var a in Truths)
                foreach (var b in Truths)
                    foreach (var formA in FormsOf(a))
                        foreach (var formB in FormsOf(b))
                            pairs.Add(a, formA, b, formB);
            return pairs;
        }
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void And_and_or_follow_three_valued_logic(bool? a, string formA, bool? b, string formB)
    {
        var and = a == false || b == false ? false : a is null || b is null ? null : (bool?)true;
        var or = a == true || b == true ? true : a is null || b is null ? null : (bool?)false;
        // The two operands need fields of their own; comparing an int field with 1 gives the second one.
        var e = Sample.Event(("bool", a ?? false), ("bool_opt", a), ("int", b == true ? 1 : 0), ("int_opt", b is { } known ? known ? 1 : 0 : null));
        var left = formA == "constant" ? Sample.Constant(ValueKind.Bool, a) : Sample.Of(formA == "required" ? "bool" : "bool_opt");
        var right = formB == "constant" ? Sample.Constant(ValueKind.Bool, b)
            : ExprFactory.Binary(BinaryOperator.Equal, Sample.Of(formB == "required" ? "int" : "int_opt"), ExprFactory.Literal(1));

        Assert.Equal(TruthOf(and), Sample.Decide(ExprFactory.Binary(BinaryOperator.And, left, right), e));
        Assert.Equal(TruthOf(and), Sample.Decide(ExprFactory.Binary(BinaryOperator.And, right, left), e));
        Assert.Equal(TruthOf(or), Sample.Decide(ExprFactory.Binary(BinaryOperator.Or, left, right), e));
        Assert.Equal(TruthOf(or), Sample.Decide(ExprFactory.Binary(BinaryOperator.Or, right, left), e));
        Assert.Equal(TruthOf(!a), Sample.Decide(ExprFactory.Not(left), e));
    }

    [Theory]
    [InlineData(BinaryOperator.And, false)]
    [InlineData(BinaryOperator.Or, true)]
    public void A_left_side_that_decides_keeps_the_right_side_from_failing(BinaryOperator op, bool left)
    {
        var fails = ExprFactory.Binary(BinaryOperator.Equal, ExprFactory.Binary(BinaryOperator.Divide, Sample.Of("long"), Sample.Of("int")), Sample.Of("int"));

        Assert.Equal(TruthOf(left), Sample.Decide(ExprFactory.Binary(op, Sample.Of("bool"), fails), Sample.Event(("bool", left))));
        Assert.Equal(TruthOf(left), Sample.Decide(ExprFactory.Binary(op, Sample.Of("bool_opt"), fails), Sample.Event(("bool_opt", left))));
        Assert.Throws<DivideByZeroException>(() => Sample.Decide(ExprFactory.Binary(op, Sample.Of("bool"), fails), Sample.Event(("bool", !left))));
    }

    [Theory]
    [InlineData("bool", false)]
    [InlineData("long", 0L)]
    [InlineData("double", 0.0)]
    [InlineData("string", "")]
    [InlineData("timestamp", 0L)]
    public void Is_null_is_never_unknown(string field, object value)
    {
        Assert.Equal(Truth.False, Sample.Decide(ExprFactory.IsNull(Sample.Of(field)), Sample.Event((field, value))));
        Assert.Equal(Truth.False, Sample.Decide(ExprFactory.IsNull(Sample.Of(field + "_opt")), Sample.Event((field + "_opt", value))));
        Assert.Equal(Truth.True, Sample.Decide(ExprFactory.IsNull(Sample.Of(field + "_opt")), Sample.Event()));
        Assert.Equal(Truth.True, Sample.Decide(ExprFactory.Not(ExprFactory.Not(ExprFactory.IsNull(Sample.Of(field + "_opt")))), Sample.Event()));
    }

    [Fact]
    public void An_unknown_condition_of_if_takes_the_other_branch()
    {
        var e = ExprFactory.If(Sample.Of("bool_opt"), ExprFactory.Literal(true), ExprFactory.Literal(false));

        Assert.Equal(Truth.True, Sample.Decide(e, Sample.Event(("bool_opt", true))));
        Assert.Equal(Truth.False, Sample.Decide(e, Sample.Event(("bool_opt", false))));
        Assert.Equal(Truth.False, Sample.Decide(e, Sample.Event()));
    }

    [Fact]
    public void The_branches_of_if_meet_in_their_common_kind()
    {
        Assert.Equal(1.0, Sample.Evaluate(ExprFactory.If(ExprFactory.Literal(true), ExprFactory.Literal(1), ExprFactory.Literal(0.5))));
        Assert.Equal("a", Sample.Evaluate(ExprFactory.If(ExprFactory.Literal(true), ExprFactory.Literal("a"), ExprFactory.Null(ValueKind.String))));
        Assert.Null(Sample.Evaluate(ExprFactory.If(ExprFactory.Literal(false), ExprFactory.Literal(1), ExprFactory.Null(ValueKind.Long))));
    }

    [Fact]
    public void An_event_of_another_type_satisfies_no_condition()
    {
        var layout = RegisterLayout.For([]);

        Assert.Equal(Truth.False, ExpressionCompiler.Condition(Sample.Type, ExprFactory.Literal(true), layout)("another", 0, layout.Empty));
        Assert.Equal(Truth.False, ExpressionCompiler.Condition(Sample.Type, null, layout)("another", 0, layout.Empty));
        Assert.Equal(Truth.True, ExpressionCompiler.Condition(null, null, layout)("another", 0, layout.Empty));
        Assert.Equal(Truth.True, ExpressionCompiler.Condition(Sample.Type, null, layout)(Sample.Event(), 0, layout.Empty));
    }

    internal static Truth TruthOf(bool? value) => value switch { true => Truth.True, false => Truth.False, null => Truth.Unknown };

    private static string[] FormsOf(bool? value) => value is null ? ["optional", "constant"] : ["required", "optional", "constant"];
}
