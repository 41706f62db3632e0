using Cep.Conditions;
using Cep.Events;
using Xunit;

namespace Cep.Tests.Conditions;

/// <summary>What a run remembers, against a plain recomputation over the events it has taken.</summary>
public class RegisterTests
{
    private const string Step = "a";

    private static readonly string[] Numeric = ["int", "int_opt", "long", "long_opt", "double", "double_opt", "decimal", "decimal_opt"];
    private static readonly string[] Spans = ["duration", "duration_opt"];
    private static readonly string[] Times = ["timestamp", "timestamp_opt"];
    private static readonly string[] Others = ["bool", "bool_opt", "string", "string_opt"];

    public static TheoryData<AggregateKind, string> Aggregates
    {
        get
        {
            var all = new TheoryData<AggregateKind, string>();
            foreach (var kind in Enum.GetValues<AggregateKind>().Where(k => k != AggregateKind.Count))
                foreach (var name in Numeric.Concat(Spans).Concat(Times).Concat(Others).Where(f => Typing.Result(kind, Sample.Field(f).Kind) is not null))
                    all.Add(kind, name);
            return all;
        }
    }

    [Theory]
    [MemberData(nameof(Aggregates))]
    public void An_aggregate_is_what_its_values_give(AggregateKind kind, string field)
    {
        var random = new Random(17);
        var e = ExprFactory.Aggregate(kind, Step, Sample.Type, Sample.Field(field));
        var memory = new Memory(e);
        var values = new List<object?>();
        Assert.Equal(Expected(kind, values, field), memory.Read(e));
        for (var i = 0; i < 40; i++)
        {
            var value = Value(random, Sample.Field(field));
            values.Add(value);
            memory.Take(Step, Sample.Event((field, value)));
            AssertClose(Expected(kind, values.Where(v => v is not null).ToList(), field), memory.Read(e));
        }
    }

    [Fact]
    public void Only_nulls_are_as_good_as_nothing()
    {
        foreach (var (kind, field) in Aggregates.Select(row => ((AggregateKind)((object?[])row)[0]!, (string)((object?[])row)[1]!)).Where(a => a.Item2.EndsWith("_opt")))
        {
            var e = ExprFactory.Aggregate(kind, Step, Sample.Type, Sample.Field(field));
            var memory = new Memory(e);
            memory.Take(Step, Sample.Event());
            Assert.Equal(Expected(kind, [], field), memory.Read(e));
        }
    }

    [Fact]
    public void Count_counts_events_with_nulls_too()
    {
        var e = ExprFactory.Count(Step);
        var memory = new Memory(e);
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal((long)i, memory.Read(e));
            memory.Take(Step, Sample.Event());
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(-1)]
    [InlineData(-2)]
    [InlineData(-5)]
    public void An_index_counts_from_the_first_event_or_back_from_the_last(int index)
    {
        var required = ExprFactory.StepField(Step, index, Sample.Type, Sample.Field("int"));
        var optional = ExprFactory.StepField(Step, index, Sample.Type, Sample.Field("string_opt"));
        var memory = new Memory(required, optional);
        var taken = new List<(int, string?)>();
        for (var i = 0; i < 12; i++)
        {
            var at = index >= 0 ? index : taken.Count + index;
            var isThere = at >= 0 && at < taken.Count;
            Assert.Equal(isThere ? (object)(long)taken[at].Item1 : null, memory.Read(required));
            Assert.Equal(isThere ? taken[at].Item2 : null, memory.Read(optional));
            taken.Add((i * 10, i % 3 == 0 ? null : "s" + i));
            memory.Take(Step, Sample.Event(("int", taken[i].Item1), ("string_opt", taken[i].Item2)));
        }
    }

    [Fact]
    public void Several_indexes_and_aggregates_of_a_step_do_not_disturb_each_other()
    {
        var field = Sample.Field("long");
        Expr[] all =
        [
            .. new[] { 0, 2, -1, -3 }.Select(i => ExprFactory.StepField(Step, i, Sample.Type, field)),
            .. Enum.GetValues<AggregateKind>().Where(k => k != AggregateKind.Count).Select(k => ExprFactory.Aggregate(k, Step, Sample.Type, field)),
            .. Enum.GetValues<AggregateKind>().Where(k => k != AggregateKind.Count).Select(k => ExprFactory.Aggregate(k, Step, Sample.Type, Sample.Field("double"))),
            ExprFactory.Count(Step),
        ];
        var together = new Memory(all);
        var alone = all.Select(e => new Memory(e)).ToList();
        var random = new Random(23);
        for (var i = 0; i < 20; i++)
        {
            var e = Sample.Event(("long", random.NextInt64(-50, 50)), ("double", random.NextDouble()));
            together.Take(Step, e);
            alone.ForEach(m => m.Take(Step, e));
            for (var j = 0; j < all.Length; j++)
                Assert.Equal(alone[j].Read(all[j]), together.Read(all[j]));
        }
    }

    [Fact]
    public void Steps_are_kept_apart()
    {
        var a = ExprFactory.Aggregate(AggregateKind.Sum, "a", Sample.Type, Sample.Field("long"));
        var b = ExprFactory.Aggregate(AggregateKind.Sum, "b", Sample.Type, Sample.Field("long"));
        var memory = new Memory(a, b);

        memory.Take("a", Sample.Event(("long", 5L)));
        memory.Take("c", Sample.Event(("long", 7L)));

        Assert.Equal((5L, 0L), (memory.Read(a), memory.Read(b)));
    }

    [Fact]
    public void Runs_that_branch_do_not_see_what_the_other_takes()
    {
        Expr[] all =
        [
            ExprFactory.Aggregate(AggregateKind.Sum, Step, Sample.Type, Sample.Field("long")),
            ExprFactory.Aggregate(AggregateKind.Distinct, Step, Sample.Type, Sample.Field("long")),
            ExprFactory.Aggregate(AggregateKind.StdDev, Step, Sample.Type, Sample.Field("long")),
            ExprFactory.StepField(Step, -1, Sample.Type, Sample.Field("long")),
        ];
        var memory = new Memory(all);
        memory.Take(Step, Sample.Event(("long", 1L)));
        memory.Take(Step, Sample.Event(("long", 2L)));
        var before = all.Select(memory.Read).ToList();

        var branch = memory.Branch();
        branch.Take(Step, Sample.Event(("long", 100L)));

        Assert.Equal(before, all.Select(memory.Read).ToList());
        Assert.Equal((103L, 3L, 100L), (branch.Read(all[0]), branch.Read(all[1]), branch.Read(all[3])));
    }

    [Fact]
    public void A_sum_may_leave_the_range_and_come_back_and_overflows_only_when_it_is_read()
    {
        var sum = ExprFactory.Aggregate(AggregateKind.Sum, Step, Sample.Type, Sample.Field("long"));
        var avg = ExprFactory.Aggregate(AggregateKind.Avg, Step, Sample.Type, Sample.Field("long"));
        var memory = new Memory(sum, avg);
        memory.Take(Step, Sample.Event(("long", long.MaxValue)));
        memory.Take(Step, Sample.Event(("long", long.MaxValue)));

        Assert.Throws<OverflowException>(() => memory.Read(sum));
        Assert.Equal((double)long.MaxValue, memory.Read(avg));
        memory.Take(Step, Sample.Event(("long", -long.MaxValue)));
        Assert.Equal(long.MaxValue, memory.Read(sum));
    }

    [Fact]
    public void A_sum_of_decimals_out_of_range_is_an_overflow_from_then_on()
    {
        var sum = ExprFactory.Aggregate(AggregateKind.Sum, Step, Sample.Type, Sample.Field("decimal"));
        var memory = new Memory(sum);
        memory.Take(Step, Sample.Event(("decimal", decimal.MaxValue - 1)));
        memory.Take(Step, Sample.Event(("decimal", 2m)));
        Assert.Throws<OverflowException>(() => memory.Read(sum));
        memory.Take(Step, Sample.Event(("decimal", -100m)));
        Assert.Throws<OverflowException>(() => memory.Read(sum));
    }

    [Fact]
    public void What_nothing_reads_is_not_kept()
    {
        var layout = RegisterLayout.For([ExprFactory.Count("a")]);

        Assert.Null(layout.UpdateOf("b"));
        Assert.Same(layout.Empty, RegisterLayout.Take(layout.UpdateOf("b"), layout.Empty, Sample.Event()));
    }

    [Fact]
    public void A_condition_compares_the_candidate_with_what_was_taken()
    {
        var last = ExprFactory.StepField(Step, -1, Sample.Type, Sample.Field("decimal"));
        var rises = ExprFactory.Binary(BinaryOperator.Greater, Sample.Of("decimal"), last);
        var layout = RegisterLayout.For([rises]);
        var code = ExpressionCompiler.Condition(Sample.Type, rises, layout);
        var registers = RegisterLayout.Take(layout.UpdateOf(Step), layout.Empty, Sample.Event(("decimal", 10m)));

        Assert.Equal(Truth.Unknown, code(Sample.Event(("decimal", 11m)), 0, layout.Empty));
        Assert.Equal(Truth.True, code(Sample.Event(("decimal", 11m)), 0, registers));
        Assert.Equal(Truth.False, code(Sample.Event(("decimal", 10m)), 0, registers));
    }

    private static object? Expected(AggregateKind kind, List<object?> known, string field)
    {
        var type = Sample.Field(field).Kind;
        var numbers = known.Where(v => v is not (null or string or bool)).Select(v => Convert.ToDecimal(v)).ToList();
        object Of(decimal value) => type switch { ValueKind.Double => (double)value, ValueKind.Decimal => value, _ => (long)value };
        return kind switch
        {
            AggregateKind.Distinct => (long)known.Distinct().Count(),
            AggregateKind.Sum => Of(numbers.Sum()),
            AggregateKind.StdDev when known.Count < 2 => null,
            AggregateKind.StdDev => Deviation(numbers.ConvertAll(n => (double)n)),
            _ when known.Count == 0 => null,
            AggregateKind.Avg => type == ValueKind.Long ? (double)(numbers.Sum() / numbers.Count) : Of(numbers.Sum() / numbers.Count),
            AggregateKind.Min => Of(numbers.Min()),
            _ => Of(numbers.Max()),
        };
    }

    private static double Deviation(List<double> values)
    {
        var mean = values.Average();
        return Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / (values.Count - 1));
    }

    private static void AssertClose(object? expected, object? actual)
    {
        if (expected is double number)
            Assert.Equal(number, Assert.IsType<double>(actual), Math.Abs(number) * 1e-9 + 1e-9);
        else
            Assert.Equal(expected, actual);
    }

    private static object? Value(Random random, EventField field)
    {
        if (field.IsOptional && random.Next(3) == 0)
            return null;
        return field.Type switch
        {
            FieldType.Bool => random.Next(2) == 0,
            FieldType.Int => random.Next(-20, 20),
            FieldType.Double => Math.Round(random.NextDouble() * 40 - 20, 1),
            FieldType.Decimal => random.Next(-2000, 2000) / 100m,
            FieldType.String => "s" + random.Next(8),
            _ => random.NextInt64(-20_000, 20_000),
        };
    }

    /// <summary>The registers of one run over some expressions.</summary>
    private sealed class Memory
    {
        private readonly RegisterLayout _layout;
        private readonly Dictionary<Expr, MeasureCode> _measures;
        private Registers _registers;

        public Memory(params Expr[] expressions)
        {
            _layout = RegisterLayout.For(expressions);
            _measures = expressions.ToDictionary(e => e, e => ExpressionCompiler.Measure(e, _layout));
            _registers = _layout.Empty;
        }

        private Memory(Memory other) => (_layout, _measures, _registers) = (other._layout, other._measures, other._registers);

        public Memory Branch() => new(this);

        public void Take(string step, object e) => _registers = RegisterLayout.Take(_layout.UpdateOf(step), _registers, e);

        public object? Read(Expr e) => _measures[e](_registers, new MatchFacts(0, 0, 0, null, ""));
    }
}
