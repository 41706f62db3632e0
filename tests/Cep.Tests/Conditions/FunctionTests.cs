using Cep.Conditions;
using Xunit;

namespace Cep.Tests.Conditions;

public class FunctionTests
{
    /// <summary>Function, result, arguments. A text that begins with @ or ~ stands for a timestamp or a duration in milliseconds.</summary>
    public static TheoryData<Function, object?, object?[]> Calls => new()
    {
        { Function.Abs, 5L, [-5L] },
        { Function.Abs, 0.5, [-0.5] },
        { Function.Abs, 2.50m, [-2.50m] },
        { Function.Abs, 5_000L, ["~-5000"] },
        { Function.Ceil, 2.0, [1.2] },
        { Function.Ceil, -1m, [-1.2m] },
        { Function.Ceil, 7L, [7L] },
        { Function.Floor, 1.0, [1.8] },
        { Function.Floor, -2m, [-1.2m] },
        { Function.Floor, 7L, [7L] },
        { Function.Round, 2.0, [2.5] },
        { Function.Round, 4m, [3.5m] },
        { Function.Round, 7L, [7L] },
        { Function.Round, 2.34m, [2.345m, 2L] },
        { Function.Round, 2.36m, [2.355m, 2L] },
        { Function.Round, 2.34m, [2.3449m, 2L] },
        { Function.Round, 1.23, [1.2345, 2L] },
        { Function.Round, 7L, [7L, 2L] },
        { Function.Sqrt, 3.0, [9L] },
        { Function.Sqrt, 1.5, [2.25m] },
        { Function.Sqrt, null, [-1.0] },
        { Function.Pow, 8.0, [2L, 3L] },
        { Function.Ln, 0.0, [1L] },
        { Function.Ln, null, [0.0] },
        { Function.Ln, null, [-1L] },
        { Function.Exp, 1.0, [0L] },
        { Function.Greatest, 9L, [3L, 9L, 4L] },
        { Function.Greatest, 9.5, [3L, 9.5] },
        { Function.Greatest, 3m, [3L, 1.5m] },
        { Function.Greatest, "b", ["a", "b", "B"] },
        { Function.Greatest, 7_000L, ["@5000", "@7000"] },
        { Function.Least, 3L, [3L, 9L, 4L] },
        { Function.Least, "B", ["a", "b", "B"] },
        { Function.Least, -1_000L, ["~5000", "~-1000"] },
        { Function.Least, 5L, [5L] },
        { Function.Coalesce, 3L, [3L, 9L] },
        { Function.Coalesce, 3.0, [3L, 9.5] },
        { Function.Coalesce, "a", ["a", "b"] },
        { Function.Coalesce, true, [true, false] },
        { Function.Lower, "żabc", ["ŻaBC"] },
        { Function.Upper, "ŻABC", ["żaBC"] },
        { Function.Trim, "a b", [" \ta b\n"] },
        { Function.Length, 4L, ["ab👍"] },
        { Function.Substring, "cd", ["abcd", 2L] },
        { Function.Substring, "bc", ["abcd", 1L, 2L] },
        { Function.Substring, "", ["abcd", 4L] },
        { Function.Substring, "", ["abcd", 9L, 2L] },
        { Function.Substring, "d", ["abcd", 3L, 9L] },
        { Function.Substring, "abcd", ["abcd", -2L] },
        { Function.Substring, "a", ["abcd", -1L, 2L] },
        { Function.Substring, "", ["abcd", 1L, -2L] },
        { Function.Substring, "", ["abcd", -5L, 2L] },
        { Function.Substring, "bcd", ["abcd", 1L, long.MaxValue] },
        { Function.Substring, "", ["abcd", long.MinValue, 5L] },
        { Function.Replace, "xbxb", ["abab", "a", "x"] },
        { Function.Replace, "abab", ["abab", "", "x"] },
        { Function.Replace, "bb", ["abab", "a", ""] },
        { Function.Hour, 10L, ["@1767607200000"] },
        { Function.Hour, 23L, ["@-1"] },
        { Function.Minute, 59L, ["@-1"] },
        { Function.Minute, 5L, ["@1767607500000"] },
        { Function.DayOfWeek, 4L, ["@0"] },
        { Function.DayOfWeek, 3L, ["@-1"] },
        { Function.DayOfWeek, 1L, ["@1767607200000"] },
        { Function.DayOfWeek, 7L, ["@1767571199999"] },
        { Function.DateDiff, 1L, ["hour", "@0", "@7199999"] },
        { Function.DateDiff, -1L, ["hour", "@7199999", "@0"] },
        { Function.DateDiff, 250L, ["ms", "@0", "@250"] },
        { Function.DateDiff, 90L, ["second", "@0", "@90999"] },
        { Function.DateDiff, 1L, ["minute", "@0", "@90999"] },
        { Function.DateDiff, 2L, ["day", "@0", "@172800000"] },
        { Function.DistanceKm, 0.0, [52.0, 21.0, 52.0, 21.0] },
    };

    [Theory]
    [MemberData(nameof(Calls))]
    public void A_call_gives_its_value(Function function, object? expected, object?[] arguments) =>
        Assert.Equal(expected, Sample.Evaluate(ExprFactory.Call(function, arguments.Select(Constant).ToArray())));

    [Theory]
    [MemberData(nameof(Calls))]
    public void A_call_with_a_null_argument_is_null_where_it_is_not_about_null(Function function, object? expected, object?[] arguments)
    {
        var constants = arguments.Select(Constant).ToArray();
        for (var i = 0; i < arguments.Length; i++)
        {
            if (function is Function.Coalesce or Function.Greatest or Function.Least || (function == Function.DateDiff && i == 0))
                continue;
            var withNull = constants.ToArray();
            withNull[i] = ExprFactory.Null(constants[i].Kind);
            Assert.Null(Sample.Evaluate(ExprFactory.Call(function, withNull)));
        }
        Assert.Equal(expected, Sample.Evaluate(ExprFactory.Call(function, constants)));
    }

    [Theory]
    [InlineData(Function.Greatest, 9L)]
    [InlineData(Function.Least, 3L)]
    [InlineData(Function.Coalesce, 3L)]
    public void Greatest_least_and_coalesce_leave_null_out(Function function, long expected)
    {
        Expr[] arguments = [ExprFactory.Null(ValueKind.Long), ExprFactory.Literal(3), ExprFactory.Null(ValueKind.Long), ExprFactory.Literal(9)];

        Assert.Equal(expected, Sample.Evaluate(ExprFactory.Call(function, arguments)));
        Assert.Null(Sample.Evaluate(ExprFactory.Call(function, ExprFactory.Null(ValueKind.Long), ExprFactory.Null(ValueKind.Long))));
        Assert.Null(Sample.Evaluate(ExprFactory.Call(function, ExprFactory.Null(ValueKind.String), ExprFactory.Null(ValueKind.String))));
        Assert.Equal("a", Sample.Evaluate(ExprFactory.Call(function, ExprFactory.Null(ValueKind.String), ExprFactory.Literal("a"))));
    }

    [Fact]
    public void Functions_take_fields_that_may_be_null()
    {
        var condition = ExprFactory.Binary(BinaryOperator.Equal,
            ExprFactory.Call(Function.Lower, ExprFactory.Call(Function.Trim, Sample.Of("string_opt"))), ExprFactory.Literal("a"));
        var distance = ExprFactory.Binary(BinaryOperator.Greater,
            ExprFactory.Call(Function.DistanceKm, Sample.Of("double"), Sample.Of("double_opt"), Sample.Of("int"), Sample.Of("decimal_opt")), ExprFactory.Literal(111));

        Assert.Equal(Truth.True, Sample.Decide(condition, Sample.Event(("string_opt", " A "))));
        Assert.Equal(Truth.False, Sample.Decide(condition, Sample.Event(("string_opt", "b"))));
        Assert.Equal(Truth.Unknown, Sample.Decide(condition, Sample.Event()));
        Assert.Equal(Truth.True, Sample.Decide(distance, Sample.Event(("double_opt", 0.0), ("int", 1), ("decimal_opt", 0m))));
        Assert.Equal(Truth.Unknown, Sample.Decide(distance, Sample.Event(("double_opt", 0.0), ("int", 1))));
    }

    /// <summary>Distances by the same sphere, from a geodesic calculator; half a kilometre is rounding of the cities' places.</summary>
    [Theory]
    [InlineData(52.2297, 21.0122, 52.4064, 16.9252, 278.5)]
    [InlineData(51.5074, -0.1278, 40.7128, -74.0060, 5570.2)]
    [InlineData(0, 179.5, 0, -179.5, 111.2)]
    [InlineData(90, 0, -90, 0, 20015.1)]
    public void Distance_is_along_the_great_circle(double lat1, double lon1, double lat2, double lon2, double expected)
    {
        var km = (double)Sample.Evaluate(ExprFactory.Call(Function.DistanceKm, new[] { lat1, lon1, lat2, lon2 }.Select(x => ExprFactory.Literal(x)).ToArray()))!;

        Assert.InRange(km, expected - 0.5, expected + 0.5);
    }

    [Fact]
    public void Calls_inside_calls_compile_in_time_that_grows_with_their_number()
    {
        var e = Sample.Of("string_opt");
        for (var i = 0; i < 60; i++)
            e = ExprFactory.Call(i % 2 == 0 ? Function.Lower : Function.Upper, e);

        Assert.Equal(Truth.True, Sample.Decide(ExprFactory.Binary(BinaryOperator.Equal, e, ExprFactory.Literal("AB")), Sample.Event(("string_opt", "ab"))));
    }

    [Fact]
    public void Every_function_is_called_here_and_has_a_signature()
    {
        var called = Calls.Select(c => (Function)((object?[])c)[0]!).ToHashSet();

        Assert.Equal(Enum.GetValues<Function>().ToHashSet(), called);
        Assert.All(called, f => Assert.StartsWith(f.Name() + "(", Functions.Signature(f)));
        Assert.All(called, f => Assert.True(Functions.TryGet(f.Name(), out var found) && found == f));
    }

    [Fact]
    public void The_greatest_magnitude_has_no_absolute_value() =>
        Assert.Throws<OverflowException>(() => Sample.Evaluate(ExprFactory.Call(Function.Abs, ExprFactory.Literal(long.MinValue))));

    public static TheoryData<Function, ValueKind[]> Refused => new()
    {
        { Function.Abs, [ValueKind.String] },
        { Function.Abs, [ValueKind.Timestamp] },
        { Function.Round, [ValueKind.Double, ValueKind.Double] },
        { Function.Lower, [ValueKind.Long] },
        { Function.Greatest, [] },
        { Function.Greatest, [ValueKind.Bool, ValueKind.Bool] },
        { Function.Coalesce, [ValueKind.Long, ValueKind.String] },
        { Function.Hour, [ValueKind.Long] },
        { Function.DateDiff, [ValueKind.Timestamp, ValueKind.Timestamp] },
        { Function.DistanceKm, [ValueKind.Double, ValueKind.Double] },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void Arguments_that_a_function_does_not_take_are_refused(Function function, ValueKind[] kinds) =>
        Assert.Contains(Functions.Signature(function), Assert.Throws<ArgumentException>(() => ExprFactory.Call(function, kinds.Select(ExprFactory.Null).ToArray())).Message);

    [Fact]
    public void The_unit_of_date_diff_is_a_known_constant()
    {
        var (from, to) = (ExprFactory.TimestampMs(0), ExprFactory.TimestampMs(1));

        Assert.Throws<ArgumentException>(() => ExprFactory.Call(Function.DateDiff, ExprFactory.Literal("week"), from, to));
        Assert.Throws<ArgumentException>(() => ExprFactory.Call(Function.DateDiff, Sample.Of("string"), from, to));
        Assert.Throws<ArgumentException>(() => ExprFactory.Call(Function.DateDiff, ExprFactory.Null(ValueKind.String), from, to));
    }

    private static Expr Constant(object? value) => value switch
    {
        string { Length: > 1 } text when text[0] == '@' => ExprFactory.TimestampMs(long.Parse(text[1..])),
        string { Length: > 1 } text when text[0] == '~' => ExprFactory.DurationMs(long.Parse(text[1..])),
        _ => ExprFactory.Literal(value!),
    };
}
