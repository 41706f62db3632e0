using Cep.Conditions;
using Cep.Evaluation;
using Cep.Events;
using Cep.Patterns;
using Xunit;

namespace Cep.Tests.Evaluation;

public class GapTests
{
    private sealed record Tick(string Name);

    private static readonly EventType Ticks = EventType.Of<Tick>();

    /// <summary>Events are a name and a time, as in <c>a@1</c>; matches and timeouts are told by the times of their events.</summary>
    [Theory]
    [InlineData("a@0 b@9 b@18", "match 0 9 18")]
    [InlineData("a@0 b@9 b@19", "timeout 0 9 at 19")]
    [InlineData("a@0 x@5 b@10", "timeout 0 at 10")]
    [InlineData("a@0 b@9 x@10 x@11 b@18", "match 0 9 18")]
    public void Gap_of_the_pattern_bounds_steps_and_rounds_also_past_ignored_events(string events, string expected) =>
        Check(new Pattern { Steps = [Step("a"), Step("b") with { Quantifier = new() { Min = 2, Max = 2 } }], GapMs = 10 }, events, expected);

    [Theory]
    [InlineData("a@0 b@4", "match 0 4")]
    [InlineData("a@0 b@5", "timeout 0 at 5")]
    public void Gap_of_a_step_is_kept_where_it_has_one(string events, string expected) =>
        Check(new Pattern { Steps = [Step("a"), Step("b") with { GapMs = 5 }], GapMs = 10 }, events, expected);

    [Theory]
    [InlineData("a@0 x@9", "match 0")]
    [InlineData("a@0 b@9", "")]
    [InlineData("a@0 b@10", "match 0")]
    public void Gap_is_how_long_a_final_not_waits(string events, string expected) =>
        Check(new Pattern { Steps = [Step("a"), Step("b") with { IsNegated = true }], GapMs = 10 }, events, expected);

    private static void Check(Pattern pattern, string events, string expected)
    {
        var evaluator = new RunEvaluator(CompiledPattern.Of(pattern));
        var output = new List<Completion>();
        RunSet? runs = null;
        foreach (var (sequence, e) in events.Split(' ').Select(e => e.Split('@')).Index())
        {
            var timeMs = long.Parse(e[1]);
            Advance(timeMs);
            if (evaluator.Begin(new Tick(e[0]), timeMs, sequence))
                runs = evaluator.OnEvent(runs, output);
        }
        Advance(long.MaxValue - 1);
        Assert.Equal(expected, string.Join("; ", output.Select(Text)));

        void Advance(long toMs)
        {
            while (runs is not null && runs.NextDeadlineMs is var deadlineMs && deadlineMs <= toMs)
                runs = evaluator.AdvanceTime(runs, deadlineMs, output);
        }
    }

    private static string Text(Completion c) =>
        $"{(c.IsTimeout ? "timeout" : "match")} {string.Join(' ', c.Events().Select(e => e.TimeMs))}{(c.IsTimeout ? $" at {c.AtMs}" : "")}";

    private static EventStep Step(string name) => new()
    {
        Name = name,
        Stream = Ticks,
        Where = Ticks.TryGetField("Name", out var field)
            ? ExprFactory.Binary(BinaryOperator.Equal, ExprFactory.Field(Ticks, field), ExprFactory.Literal(name))
            : null,
    };
}
