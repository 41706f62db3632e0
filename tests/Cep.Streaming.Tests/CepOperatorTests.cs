using Cep.Streaming.Tests.Support;

namespace Cep.Streaming.Tests;

public class CepOperatorTests
{
    private const long End = long.MaxValue;

    [Fact]
    public void Events_wait_for_the_watermark_and_are_taken_in_order_of_time()
    {
        var op = new DrivenOperator(Compiled.Rule("r", "A => B => C within 1s"));
        op.Send('C', 300);
        op.Send('A', 100);
        op.Send('B', 200);
        Assert.Equal("", op.AdvanceTo(299));
        Assert.Equal("a@100 b@200 c@300", op.AdvanceTo(300));
    }

    [Fact]
    public void Events_of_one_time_are_taken_in_order_of_arrival()
    {
        var op = new DrivenOperator(Compiled.Rule("ab", "A => B within 1s"), Compiled.Rule("ba", "B => A within 1s"));
        op.Send('B', 100);
        op.Send('A', 100);
        Assert.Equal("b@100 a@100", op.AdvanceTo(100));
    }

    [Fact]
    public void Keys_do_not_meet()
    {
        var op = new DrivenOperator(Compiled.Rule("r", "A => B within 1s"));
        Assert.Equal("a@100 b@103", op.Run("A@100 of x, B@101 of y, A@102 of y, B@103 of x"));
    }

    [Fact]
    public void Deadline_at_the_time_of_an_event_passes_before_it()
    {
        var absence = new DrivenOperator(Compiled.Rule("r", "A -> not B within 100ms"));
        Assert.Equal("a@0 at 100", absence.Run("A@0, B@100"));
        var presence = new DrivenOperator(Compiled.Rule("r", "A -> B within 100ms"));
        Assert.Equal("a@0 timed out at 100", presence.Run("A@0, B@100"));
        Assert.Equal("a@200 b@299", presence.Run("A@200, B@299"));
    }

    [Fact]
    public void Silent_key_times_out_by_the_watermark_alone()
    {
        var op = new DrivenOperator(Compiled.Rule("r", "A -> B within 100ms"));
        op.Send('A', 0);
        Assert.Equal("", op.AdvanceTo(99));
        Assert.Equal("a@0 timed out at 100", op.AdvanceTo(100));
        Assert.Equal("", op.AdvanceTo(End));
    }

    [Fact]
    public void Deadlines_pass_at_their_own_time_however_far_the_watermark_jumps()
    {
        var op = new DrivenOperator(Compiled.Rule("r", "A -> B within 100ms"));
        op.Send('A', 0, "x");
        op.Send('A', 50, "y");
        op.Send('A', 20, "z");
        Assert.Equal("a@0 timed out at 100; a@20 timed out at 120; a@50 timed out at 150", op.AdvanceTo(1_000));
    }

    [Fact]
    public void Event_of_one_key_lets_the_deadlines_of_others_pass_first()
    {
        var op = new DrivenOperator(Compiled.Rule("r", "A -> not B within 100ms"));
        op.Send('A', 0, "x");
        op.Send('A', 500, "y");
        Assert.Equal(["a@0 at 100", "a@500 at 600"], op.Advance(End).Select(op.Tell));
    }

    [Fact]
    public void What_is_found_does_not_depend_on_how_often_the_watermark_moves()
    {
        var atTheEnd = RandomRun(watermarkEveryMs: 10_000);
        Assert.True(atTheEnd.Count > 200, $"{atTheEnd.Count} are too few to tell.");
        Assert.Equal(atTheEnd, RandomRun(watermarkEveryMs: 1));
        Assert.Equal(atTheEnd, RandomRun(watermarkEveryMs: 7));
        Assert.Equal(atTheEnd, RandomRun(watermarkEveryMs: 300));
    }

    [Fact]
    public void End_of_input_passes_every_deadline()
    {
        var op = new DrivenOperator(Compiled.Rule("r", "A -> not B within 30d"), Compiled.Rule("t", "A -> C within 60d"));
        op.Run("A@0");
        Assert.Equal($"a@0 at {30L * 86_400_000}; a@0 timed out at {60L * 86_400_000}", op.AdvanceTo(End));
        Assert.Equal(0, op.Keys);
    }

    [Fact]
    public void Nothing_is_kept_of_a_key_whose_partial_matches_have_ended()
    {
        var op = new DrivenOperator(Compiled.Rule("r", "A -> B within 100ms"), Compiled.Rule("q", "A -> C within 200ms"));
        op.Run("C@0 of x, B@1 of x");
        Assert.Equal(0, op.Keys);
        op.Run("A@10 of x, A@11 of y, C@12 of x, B@13 of x, B@14 of y");
        Assert.Equal(1, op.Keys);
        Assert.Equal([0L, 1L], op.Counts.Select(c => c.PartialMatches));
        Assert.Equal("a@11 timed out at 211", op.AdvanceTo(211));
        Assert.Equal(0, op.Keys);
        Assert.Equal([0L, 0L], op.Counts.Select(c => c.PartialMatches));
    }

    [Fact]
    public void Partial_matches_are_counted_as_they_come_and_go()
    {
        var op = new DrivenOperator(Compiled.Rule("r", "A -> B within 100ms skip none"));
        op.Run("A@0, A@10, A@20 of y");
        Assert.Equal(3, op.Counts[0].PartialMatches);
        Assert.Equal("a@0 b@30; a@10 b@30", op.Run("B@30"));
        Assert.Equal(1, op.Counts[0].PartialMatches);
        op.AdvanceTo(120);
        Assert.Equal(0, op.Counts[0].PartialMatches);
        Assert.Equal((4, 2, 1), (op.Counts[0].Events, op.Counts[0].Matches, op.Counts[0].Timeouts));
    }

    [Fact]
    public void Timer_that_a_forgotten_key_left_behind_does_no_harm_to_the_next_key_in_its_slot()
    {
        var op = new DrivenOperator(Compiled.Rule("r", "A -> B within 100ms"));
        Assert.Equal("a@0 b@10", op.Run("A@0 of x, B@10 of x"));
        Assert.Equal("", op.Run("A@50 of y"));
        Assert.Equal("", op.AdvanceTo(149));
        Assert.Equal("a@50 timed out at 150", op.AdvanceTo(150));
    }

    [Fact]
    public void Slot_used_again_within_one_millisecond_times_out_once()
    {
        var op = new DrivenOperator(Compiled.Rule("r", "A -> B within 100ms"));
        op.Send('A', 0, "x");
        op.Send('B', 0, "x");
        op.Send('A', 0, "y");
        op.Send('B', 0, "y");
        op.Send('A', 0, "z");
        Assert.Equal(["a@0 b@0", "a@0 b@0", "a@0 timed out at 100"], op.Advance(End).Select(op.Tell));
    }

    [Fact]
    public void Deadline_that_comes_nearer_is_kept()
    {
        // Once there is a `b`, the `c` must come within 10 ms: long before the window of the whole pattern ends.
        var op = new DrivenOperator("rule r { from s key k match a: s where letter == \"A\" -> b: s where letter == \"B\" -> c in 10ms: s where letter == \"C\" within 1s }");
        Assert.Equal("", op.Run("A@0, B@500"));
        Assert.Equal("", op.AdvanceTo(509));
        Assert.Equal("a@0 b@500 timed out at 510", op.AdvanceTo(510));
        Assert.Equal("", op.AdvanceTo(End));
    }

    [Fact]
    public void Negative_times_are_times()
    {
        var op = new DrivenOperator(Compiled.Rule("r", "A -> B within 100ms"), Compiled.Rule("n", "A -> not C within 50ms"));
        Assert.Equal("a@-1000 b@-960; a@-1000 at -950", op.Run("A@-1000, B@-960, B@-900"));
    }

    [Fact]
    public void Times_at_the_ends_of_the_range_do_not_overflow()
    {
        var op = new DrivenOperator(Compiled.Rule("r", "A -> B within 100ms"));
        op.Send('A', long.MinValue + 1);
        op.Send('B', long.MinValue + 2);
        op.Send('A', long.MaxValue - 50);
        op.Send('B', long.MaxValue - 10);
        Assert.Equal($"a@{long.MinValue + 1} b@{long.MinValue + 2}; a@{long.MaxValue - 50} b@{long.MaxValue - 10}", op.AdvanceTo(End));
    }

    [Fact]
    public void Window_that_reaches_past_the_end_of_time_ends_with_the_input()
    {
        var op = new DrivenOperator(Compiled.Rule("r", "A -> B within 100ms"), Compiled.Rule("n", "A -> not B within 100ms"));
        op.Send('A', long.MaxValue - 50);
        Assert.Equal(2, op.Advance(End).Count);
        Assert.Equal(0, op.Keys);
    }

    [Fact]
    public void Condition_that_fails_in_arithmetic_does_not_hold_and_is_counted()
    {
        var op = new DrivenOperator("rule r { from s key k match a: s where letter == \"A\" -> b: s where 10 / n > 1 within 1s }");
        op.Send('A', 0, n: 1);
        op.Send('B', 1, n: 0);
        op.Send('B', 2, n: null);
        op.Send('B', 3, n: 5);
        Assert.Equal("a@0 b@3", op.AdvanceTo(End));
        Assert.Equal((1, 1), (op.Counts[0].Errors, op.Counts[0].Unknown));
    }

    [Fact]
    public void Filter_that_is_unknown_or_fails_keeps_the_event_from_the_pattern_and_is_counted()
    {
        var op = new DrivenOperator("rule r { from s key k where 10 / n > 1 match a: s => b: s within 1s }");
        op.Send('A', 0, n: 5);
        op.Send('A', 1, n: 0);
        op.Send('A', 2, n: null);
        op.Send('A', 3, n: 4);
        Assert.Equal("a@0 b@3", op.AdvanceTo(End));
        Assert.Equal((2, 1, 1), (op.Counts[0].Events, op.Counts[0].Errors, op.Counts[0].Unknown));
    }

    private static List<string> RandomRun(int watermarkEveryMs)
    {
        var random = new Random(4);
        var op = new DrivenOperator(
            Compiled.Rule("pair", "A -> B within 40ms skip none"),
            Compiled.Rule("absent", "B -> not C within 30ms"),
            Compiled.Rule("loop", "A{2,} -> not C within 50ms skip to next"));
        var told = new List<string>();
        for (var timeMs = 0; timeMs < 2_000; timeMs++)
        {
            if (random.Next(3) == 0)
                op.Send("ABC"[random.Next(3)], timeMs, "k" + random.Next(4));
            if (timeMs % watermarkEveryMs == watermarkEveryMs - 1)
                told.AddRange(op.Advance(timeMs).Select(op.Tell));
        }
        told.AddRange(op.Advance(End).Select(op.Tell));
        told.Sort(StringComparer.Ordinal);
        return told;
    }
}
