using Cep.Streaming.Matches;
using Cep.Streaming.Tests.Support;

namespace Cep.Streaming.Tests.Matches;

public class MatchBuilderTests
{
    private const string Facts = "emit alert { start = match_start(), until = match_end(), took = match_duration(), due = deadline(), who = key() }";

    [Fact]
    public void Match_tells_its_events_by_step_and_its_times()
    {
        var op = new DrivenOperator(Compiled.Rule("r", "A -> B{2} -> C within 1s"));
        foreach (var (letter, timeMs) in new[] { ('A', 100L), ('B', 200L), ('B', 250L), ('C', 300L) })
            op.Send(letter, timeMs);
        var match = Assert.Single(op.Advance(300));
        Assert.Equal(MatchKind.Match, match.Kind);
        Assert.Equal((100, 300, 300), (match.StartMs, match.EndMs, match.DetectedMs));
        Assert.Equal(["a", "b", "c"], match.Steps.Select(s => s.Step));
        Assert.Equal([1, 2, 1], match.Steps.Select(s => s.Events.Count));
        Assert.Equal(["x"], match.Key);
        Assert.Empty(match.Measures);
    }

    [Fact]
    public void Step_that_took_nothing_is_not_told()
    {
        var op = new DrivenOperator(Compiled.Rule("r", "A => B? => C within 1s"));
        Assert.Equal("a@1 c@2", op.Run("A@1, C@2"));
    }

    [Fact]
    public void Measures_read_the_events_of_the_match()
    {
        var op = new DrivenOperator(Compiled.Rule("r", "A -> B{2} -> C within 1s",
            rest: "emit alert { first = a.n, last = b.n, sum = sum(b.n), many = count(b), mean = avg(b.n), missing = c.n, text = upper(c.letter) }"));
        op.Send('A', 100, n: 1);
        op.Send('B', 200, n: 20);
        op.Send('B', 250, n: 31);
        op.Send('C', 300);
        var match = Assert.Single(op.Advance(300));
        Assert.Equal(1L, match.Measures[0]);
        Assert.Equal(31L, match.Measures[1]);
        Assert.Equal(51L, match.Measures[2]);
        Assert.Equal(2L, match.Measures[3]);
        Assert.Equal(25.5, Convert.ToDouble(match.Measures[4]));
        Assert.Null(match.Measures[5]);
        Assert.Equal("C", match.Measures[6]);
    }

    [Fact]
    public void Measure_that_fails_in_arithmetic_is_null_and_counted()
    {
        var op = new DrivenOperator(Compiled.Rule("r", "A -> B within 1s", rest: "emit alert { over = a.n + b.n, by = a.n / (b.n - b.n), fine = a.n, sum = sum(b.n) }"));
        op.Send('A', 1, n: long.MaxValue);
        op.Send('B', 2, n: 5);
        var match = Assert.Single(op.Advance(2));
        Assert.Equal([null, null, long.MaxValue, 5L], match.Measures);
        Assert.Equal(2, op.Counts[0].Errors);
    }

    [Fact]
    public void Facts_of_a_match()
    {
        var op = new DrivenOperator(Compiled.Rule("r", "A -> B within 1s", rest: Facts));
        op.Send('A', 100);
        op.Send('B', 300);
        Assert.Equal([100L, 300L, 200L, 1_100L, "x"], Assert.Single(op.Advance(300)).Measures);
    }

    [Fact]
    public void Absence_ends_at_its_deadline()
    {
        var op = new DrivenOperator(Compiled.Rule("r", "A -> not B within 1s", rest: Facts));
        op.Send('A', 100);
        var match = Assert.Single(op.Advance(1_100));
        Assert.Equal((100, 1_100, 1_100), (match.StartMs, match.EndMs, match.DetectedMs));
        Assert.Equal([100L, 1_100L, 1_000L, 1_100L, "x"], match.Measures);
    }

    [Fact]
    public void Absence_with_a_wait_of_its_own_ends_with_that()
    {
        var op = new DrivenOperator($"rule r {{ from s key k match a: s where letter == \"A\" -> b: s where letter == \"B\" -> not c in 50ms: s where letter == \"C\" within 1s {Facts} }}");
        op.Send('A', 100);
        op.Send('B', 300);
        var match = Assert.Single(op.Advance(2_000));
        Assert.Equal((100, 350, 350), (match.StartMs, match.EndMs, match.DetectedMs));
        Assert.Equal([100L, 350L, 250L, 350L, "x"], match.Measures);
    }

    [Fact]
    public void Absence_of_the_very_next_event_has_the_deadline_of_the_pattern()
    {
        var op = new DrivenOperator(Compiled.Rule("r", "A => not B within 1s", rest: "emit alert { due = deadline() }"));
        op.Send('A', 100);
        op.Send('C', 130);
        Assert.Equal([1_100L], Assert.Single(op.Advance(2_000)).Measures);
    }

    [Fact]
    public void Match_that_an_earlier_partial_match_held_back_says_when_it_was_let_go()
    {
        var op = new DrivenOperator("rule r { from s key k match a: s where letter == \"A\" -> b: s where letter == \"B\" and n > a.n within 100ms skip to next }");
        op.Send('A', 0, n: 10);
        op.Send('A', 10, n: 1);
        op.Send('B', 20, n: 5);
        Assert.Empty(op.Advance(99));
        var match = op.Advance(100)[0];
        Assert.Equal((MatchKind.Match, 10, 20, 100), (match.Kind, match.StartMs, match.EndMs, match.DetectedMs));
    }

    [Fact]
    public void Timeout_tells_its_events_and_the_end_of_its_window()
    {
        var op = new DrivenOperator(Compiled.Rule("r", "A -> B -> C within 1s", rest: Facts));
        op.Send('A', 100);
        op.Send('B', 300);
        var timeout = Assert.Single(op.Advance(5_000));
        Assert.Equal(MatchKind.Timeout, timeout.Kind);
        Assert.Equal((100, 1_100, 1_100), (timeout.StartMs, timeout.EndMs, timeout.DetectedMs));
        Assert.Equal(["a", "b"], timeout.Steps.Select(s => s.Step));
        Assert.Empty(timeout.Measures);
    }

    [Fact]
    public void Key_of_several_fields_is_told_as_values_and_as_text()
    {
        var op = new DrivenOperator(Compiled.Rule("r", "A -> B within 1s", key: "(k, n)", rest: "emit alert { who = key() }"));
        op.Send('A', 100, "x,y", n: 7);
        op.Send('B', 300, "x,y", n: 7);
        var match = Assert.Single(op.Advance(300));
        Assert.Equal(["x,y", 7L], match.Key);
        Assert.Equal(["x,y,7"], match.Measures);
    }

    [Fact]
    public void Rule_without_a_key_tells_none()
    {
        var op = new DrivenOperator(Compiled.Rule("r", "A -> B within 1s", key: null));
        op.Send('A', 100, "x");
        op.Send('B', 300, "y");
        var match = Assert.Single(op.Advance(300));
        Assert.Empty(match.Key);
    }
}
