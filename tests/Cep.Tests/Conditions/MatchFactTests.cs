using Cep.Conditions;
using Xunit;

namespace Cep.Tests.Conditions;

public class MatchFactTests
{
    private static readonly MatchFacts Facts = new(StartMs: 1_000, EndMs: 5_000, DetectedMs: 6_000, DeadlineMs: 11_000, Key: "a,b");

    [Theory]
    [InlineData(MatchFact.Start, ValueKind.Timestamp, 1_000L)]
    [InlineData(MatchFact.End, ValueKind.Timestamp, 5_000L)]
    [InlineData(MatchFact.Duration, ValueKind.Duration, 4_000L)]
    [InlineData(MatchFact.Deadline, ValueKind.Timestamp, 11_000L)]
    [InlineData(MatchFact.Key, ValueKind.String, "a,b")]
    [InlineData(MatchFact.Now, ValueKind.Timestamp, 6_000L)]
    public void A_measure_reads_facts_of_the_match(MatchFact fact, ValueKind kind, object expected)
    {
        var e = ExprFactory.Fact(fact);

        Assert.Equal(kind, e.Kind);
        Assert.Equal(expected, Measure(e, Facts));
    }

    [Fact]
    public void Without_a_window_there_is_no_deadline()
    {
        var late = ExprFactory.Binary(BinaryOperator.Subtract, ExprFactory.Fact(MatchFact.Deadline), ExprFactory.Fact(MatchFact.End));

        Assert.Equal(6_000L, Measure(late, Facts));
        Assert.Null(Measure(late, Facts with { DeadlineMs = null }));
    }

    [Fact]
    public void In_a_condition_now_is_the_time_of_the_candidate()
    {
        var isRecent = ExprFactory.Binary(BinaryOperator.Less,
            ExprFactory.Binary(BinaryOperator.Subtract, ExprFactory.Fact(MatchFact.Now), Sample.Of("timestamp")), ExprFactory.DurationMs(100));

        Assert.Equal(Truth.True, Sample.Decide(isRecent, Sample.Event(("timestamp", 1_000L)), timeMs: 1_099));
        Assert.Equal(Truth.False, Sample.Decide(isRecent, Sample.Event(("timestamp", 1_000L)), timeMs: 1_100));
    }

    private static object? Measure(Expr e, MatchFacts facts)
    {
        var layout = RegisterLayout.For([e]);
        return ExpressionCompiler.Measure(e, layout)(layout.Empty, facts);
    }
}
