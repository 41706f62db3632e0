using System.Linq.Expressions;
using Cep.Conditions;
using Cep.Patterns;
using Xunit;

namespace Cep.Tests.Patterns;

public class LambdaTranslatorTests
{
    private enum Level
    {
        Low,
        High,
    }

    private sealed class Reading
    {
        public string Sensor { get; init; } = "";
        public string? Note { get; init; }
        public int Count { get; init; }
        public int? Limit { get; init; }
        public long Total { get; init; }
        public double Value { get; init; }
        public decimal Price { get; init; }
        public float Ratio { get; init; }
        public bool IsOn { get; init; }
        public bool? IsKnown { get; init; }
        public Level Level { get; init; }
        public DateTimeOffset At { get; init; }
        public TimeSpan Took { get; init; }
        public int[] Parts { get; init; } = [];
    }

    private static readonly string[] Codes = ["a", "b"];
    private static readonly List<string> Names = ["a", "b"];
    private static int Settable = 1;

    private static bool IsOdd(int n) => n % 2 != 0;

    private static string Text(Expression<Func<Reading, bool>> condition) => LambdaTranslator.Translate(condition).ToString();

    private static string TextWithTaken(Expression<Func<Reading, TakenEvents<Reading>, bool>> condition) => LambdaTranslator.Translate(condition).ToString();

    [Fact]
    public void What_rule_text_can_say_is_translated()
    {
        var (limit, half, level) = (7, 0.5, Level.High);
        Assert.Equal("Value < 5", Text(r => r.Value < 5));
        Assert.Equal("Count > 7", Text(r => r.Count > limit));
        Assert.Equal("Count * 0.5 >= Value - 1", Text(r => r.Count * half >= r.Value - 1));
        Assert.Equal("Total + Count != 14", Text(r => r.Total + r.Count != limit * 2));
        Assert.Equal("Price / 2 <= 1.5", Text(r => r.Price / 2m <= 1.5m));
        Assert.Equal("Ratio < 0.5", Text(r => r.Ratio < 0.5f));
        Assert.Equal("Count % 2 == 1 and (IsOn or Value > 1)", Text(r => r.Count % 2 == 1 && (r.IsOn || r.Value > 1)));
        Assert.Equal("not (IsOn and Count == -Total)", Text(r => !(r.IsOn && r.Count == -r.Total)));
        Assert.Equal("Sensor == \"a\"", Text(r => r.Sensor == "a"));
        Assert.Equal("Sensor startswith \"a\" and Sensor endswith \"b\" and Sensor contains \"c\"",
            Text(r => r.Sensor.StartsWith("a") && r.Sensor.EndsWith("b", StringComparison.Ordinal) && r.Sensor.Contains("c")));
        Assert.Equal("lower(trim(Sensor)) + \"x\" == \"ax\" and length(upper(Sensor)) > 1",
            Text(r => r.Sensor.Trim().ToLowerInvariant() + "x" == "ax" && r.Sensor.ToUpperInvariant().Length > 1));
        Assert.Equal("Sensor in (\"a\", \"b\")", Text(r => Codes.Contains(r.Sensor)));
        Assert.Equal("Note is null", Text(r => r.Note == null));
        Assert.Equal("Note is not null", Text(r => r.Note != null));
        Assert.Equal("Note is null or Note == \"\"", Text(r => string.IsNullOrEmpty(r.Note)));
        Assert.Equal("Limit is not null and Limit > 3", Text(r => r.Limit.HasValue && r.Limit.Value > 3));
        Assert.Equal("coalesce(Limit, 3) < Count", Text(r => (r.Limit ?? 3) < r.Count));
        Assert.Equal("IsKnown == true", Text(r => r.IsKnown == true));
        Assert.Equal("Level == \"High\"", Text(r => r.Level == level));
        Assert.Equal("Level != \"Low\"", Text(r => r.Level != Level.Low));
        Assert.Equal("abs(Value) > sqrt(Ratio) and floor(Value) == ceil(Value)", Text(r => Math.Abs(r.Value) > Math.Sqrt(r.Ratio) && Math.Floor(r.Value) == Math.Ceiling(r.Value)));
        Assert.Equal("greatest(Count, 3) > least(Count, 9)", Text(r => Math.Max(r.Count, 3) > Math.Min(r.Count, 9)));
        Assert.Equal("(if IsOn then 1 else 2) == Count", Text(r => (r.IsOn ? 1 : 2) == r.Count));
        Assert.Equal("Took > 1m30s", Text(r => r.Took > TimeSpan.FromSeconds(90)));
        Assert.Equal("At >= \"2026-01-02T00:00:00Z\"", Text(r => r.At >= new DateTimeOffset(2026, 1, 2, 0, 0, 0, TimeSpan.Zero)));
    }

    [Fact]
    public void What_has_been_taken_is_read_from_registers()
    {
        Assert.Equal("Value > 10 * avg(probe.Value)", TextWithTaken((r, m) => r.Value > 10 * m["probe"].Average(p => p.Value)));
        Assert.Equal("sum(probe.Count) > 3 and min(probe.Value) < max(probe.Value)",
            TextWithTaken((r, m) => m["probe"].Sum(p => p.Count) > 3 && m["probe"].Min(p => p.Value) < m["probe"].Max(p => p.Value)));
        Assert.Equal("count(probe) == 0 or Value > probe.Value", TextWithTaken((r, m) => m["probe"].Count == 0 || r.Value > m["probe"].Last().Value));
        Assert.Equal("count(probe) > 0 and count(probe) < 9", TextWithTaken((r, m) => m["probe"].Any() && m["probe"].Count() < 9));
        Assert.Equal("first(probe.Sensor) == Sensor", TextWithTaken((r, m) => m["probe"].First().Sensor == r.Sensor));
        Assert.Equal("first(probe.Value) + probe[2].Value < 1", TextWithTaken((r, m) => m["probe"][0].Value + m["probe"][2].Value < 1));
        Assert.Equal("At - probe.At < 1m", TextWithTaken((r, m) => r.At - m["probe"].Last().At < TimeSpan.FromMinutes(1)));
    }

    [Fact]
    public void The_rest_is_code_beside_what_is_translated()
    {
        Assert.Equal("<code>", Text(r => IsOdd(r.Count)));
        Assert.Equal("Value > 1 and <code>", Text(r => r.Value > 1 && IsOdd(r.Count)));
        Assert.Equal("<code>", Text(r => IsOdd(r.Count) && !IsOdd(r.Count + 1)));
        Assert.Equal("<code> or IsOn", Text(r => r.Parts.Length > 3 || r.IsOn));
        Assert.Equal("<code>", Text(r => r.Level > Level.Low));
        Assert.Equal("<code>", Text(r => (int)r.Value == 3));
        Assert.Equal("<code>", Text(r => r.Sensor.StartsWith("a", StringComparison.OrdinalIgnoreCase)));
        Assert.Equal("<code>", TextWithTaken((r, m) => m["probe"].Count(p => p.Value > r.Value) > 2));
        Assert.Equal("<code> and <code>", TextWithTaken((r, m) => IsOdd(r.Count) && m["probe"].Last().Parts.Length == 0));
    }

    [Fact]
    public void What_may_change_is_not_taken_for_a_constant()
    {
        Assert.Equal("<code>", Text(r => r.At > DateTimeOffset.UtcNow));
        Assert.Equal("<code>", Text(r => Names.Contains(r.Sensor)));
        Assert.Equal("<code>", Text(r => r.Count > Settable));
        Assert.Equal("<code>", Text(r => r.Took > TimeSpan.FromTicks(1)));
    }

    [Fact]
    public void Null_means_what_it_means_in_the_lambda()
    {
        Assert.Equal("Note is null or Note != \"a\"", Text(r => r.Note != "a"));
        Assert.Equal("<code>", Text(r => !(r.Note == "a")));
        Assert.Equal("<code>", Text(r => r.Note == r.Note + "a"));
        Assert.Equal("<code>", Text(r => (r.Limit > 3) == r.IsOn));
        Assert.Equal("<code>", Text(r => r.Limit > 3 && IsOdd(r.Limit.Value)));
        Assert.Equal("Limit > 3 and IsOn", Text(r => r.Limit > 3 && r.IsOn));
    }

    [Fact]
    public void Code_is_local_unless_it_reads_what_was_taken()
    {
        Assert.True(LambdaTranslator.Translate((Reading r) => IsOdd(r.Count)).IsLocal);
        var reading = LambdaTranslator.Translate((Reading r, TakenEvents<Reading> m) => IsOdd(m["probe"].Last().Count));
        Assert.False(reading.IsLocal);
        Assert.Equal(["probe"], Assert.IsType<OpaqueExpr>(reading).Steps);
    }

    /// <summary>Every combination of a few values, also null ones: the translation says what the lambda says.</summary>
    [Fact]
    public void Translation_holds_where_the_lambda_holds()
    {
        Expression<Func<Reading, bool>>[] conditions =
        [
            r => r.Note != "a" || r.Limit > 1,
            r => !(r.Note == "a" && r.Limit > 1),
            r => r.Limit != r.Count && r.Note == null,
            r => (r.Limit ?? 2) == r.Count || string.IsNullOrEmpty(r.Note),
            r => r.Limit == 1 == (r.Note == "a"),
            r => r.Level != Level.Low && !IsOdd(r.Count),
            r => r.Limit > 1 && IsOdd(r.Limit.Value) || r.Note + "x" == "x",
            r => Codes.Contains(r.Note) != r.IsOn,
            r => (r.Limit > 1 ? r.Count : 2) % 2 == 0,
            r => Math.Sqrt(-r.Count) != 1,
        ];
        foreach (var condition in conditions)
        {
            var (code, lambda) = (CodeOf(condition), condition.Compile());
            foreach (var reading in Readings())
                Assert.True(lambda(reading) == (code(reading, 0, Empty) == Truth.True), $"{condition} as {LambdaTranslator.Translate(condition)}");
        }
    }

    private static readonly Registers Empty = RegisterLayout.For([]).Empty;

    private static ConditionCode CodeOf(Expression<Func<Reading, bool>> condition)
    {
        var expr = LambdaTranslator.Translate(condition);
        return ExpressionCompiler.Condition(null, expr, RegisterLayout.For([expr]));
    }

    private static IEnumerable<Reading> Readings() =>
        from note in new[] { null, "", "a", "c" }
        from limit in new int?[] { null, 1, 2, 3 }
        from count in new[] { 1, 2 }
        from isOn in new[] { false, true }
        from level in new[] { Level.Low, Level.High }
        select new Reading { Note = note, Limit = limit, Count = count, IsOn = isOn, Level = level };
}
