using Cep.Evaluation;
using Cep.Explain;
using Cep.Patterns;
using Xunit;

namespace Cep.Tests.Explain;

public class PatternTraceTests
{
    private sealed record Tick(char Letter, int Value = 0);

    private static PatternReport Trace(Pattern pattern, bool isOver, params (long TimeMs, Tick Tick)[] events)
    {
        var trace = new PatternTrace(CompiledPattern.Of(pattern));
        foreach (var (at, e) in events.Index())
            trace.Offer(e.Tick, e.TimeMs, at);
        if (isOver)
            trace.AdvanceTime(long.MaxValue);
        return trace.Report(prefersAlive: !isOver);
    }

    private static PatternBuilder<Tick> Begin => Pattern.Begin<Tick>("a").Where(t => t.Letter == 'a');

    [Fact]
    public void Partial_match_that_ran_out_of_time_tells_the_clauses_that_failed()
    {
        var pattern = Begin.FollowedBy("b").Where((t, m) => t.Letter == 'b' && t.Value > m["a"].Last().Value).Within(TimeSpan.FromMilliseconds(100)).Build();

        var report = Trace(pattern, isOver: true, (0, new('a', 5)), (10, new('x')), (20, new('b', 3)), (500, new('x')));

        var furthest = report.Furthest!;
        Assert.Equal((PartialMatchEnd.OutOfTime, 100L, 2), (furthest.End, furthest.EndedAtMs!.Value, furthest.EventsNeeded));
        var awaited = Assert.Single(furthest.Awaits);
        Assert.Equal([1L, 2L], awaited.Clauses.Select(c => c.Failed));
        Assert.Equal([1L, 2L], awaited.LastEvents.Select(e => e.Sequence));
        Assert.Equal([ConditionOutcome.Holds, ConditionOutcome.DoesNotHold], awaited.LastEvents[1].Condition!.Conjuncts.Select(c => c.Outcome));
    }

    [Fact]
    public void Of_partial_matches_as_far_the_one_with_the_nearest_event_is_told()
    {
        var pattern = Begin.FollowedBy("b").Where((t, m) => t.Letter == 'b' && t.Value > m["a"].Last().Value).Within(TimeSpan.FromMilliseconds(100)).Build();

        var report = Trace(pattern, isOver: true, (0, new('a', 5)), (10, new('b', 3)), (500, new('a', 9)), (510, new('x')));

        Assert.Equal((0L, 2L), (report.Furthest!.Taken[0].Sequence, report.Begun));
    }

    [Fact]
    public void Partial_match_that_is_alive_tells_what_it_waits_for_and_until_when()
    {
        var pattern = Begin.FollowedBy("b").Where(t => t.Letter == 'b').FollowedBy("c").Where(t => t.Letter == 'c').Within(TimeSpan.FromMilliseconds(100)).Build();

        var furthest = Trace(pattern, isOver: false, (0, new('a')), (10, new('b')), (20, new('x'))).Furthest!;

        Assert.Equal((PartialMatchEnd.Waiting, 100L, 3), (furthest.End, furthest.DeadlineMs!.Value, furthest.EventsNeeded));
        Assert.Equal(("c", 1L), (furthest.Awaits[0].Step, furthest.Awaits[0].Events));
    }

    [Fact]
    public void Event_that_must_not_come_is_told()
    {
        var pattern = Begin.NotFollowedBy("n").Where(t => t.Letter == 'n').FollowedBy("b").Where(t => t.Letter == 'b').Build();

        var furthest = Trace(pattern, isOver: true, (0, new('a')), (10, new('x')), (20, new('n'))).Furthest!;

        Assert.Equal((PartialMatchEnd.Forbidden, "n", 2L), (furthest.End, furthest.EndedBy!.Step, furthest.EndedBy.Sequence));
    }

    [Fact]
    public void Match_drops_others_under_a_skip_strategy()
    {
        var pattern = Begin.FollowedBy("b").Where(t => t.Letter == 'b').FollowedByAny("c").Where(t => t.Letter == 'c').Skip(AfterMatchSkip.PastLast).Build();

        var report = Trace(pattern, isOver: true, (0, new('a')), (5, new('a')), (10, new('b')), (20, new('c')));

        Assert.Equal((1L, PartialMatchEnd.Dropped), (report.MatchCount, report.Furthest!.End));
    }

    [Fact]
    public void Pattern_that_never_began_tells_what_its_first_step_lacked()
    {
        var report = Trace(Begin.FollowedBy("b").Build(), isOver: true, (0, new('x')), (1, new('y')));

        Assert.Null(report.Furthest);
        Assert.Equal((0L, "a", 2L), (report.Begun, report.Beginning[0].Step, report.Beginning[0].Clauses[0].Failed));
    }

    [Fact]
    public void What_is_remembered_of_a_key_is_told_without_a_trace()
    {
        var pattern = CompiledPattern.Of(Begin.FollowedBy("b").Where(t => t.Letter == 'b').NotFollowedBy("n").Where(t => t.Letter == 'n').Within(TimeSpan.FromMilliseconds(100)).Build());
        var (evaluator, output, runs) = (new RunEvaluator(pattern), new List<Completion>(), (RunSet?)null);
        foreach (var (at, e) in new Tick[] { new('a'), new('b'), new('a') }.Index())
        {
            if (evaluator.Begin(e, at * 10, at))
                runs = evaluator.OnEvent(runs, output);
        }

        var partial = new RunSetInspection(pattern).PartialMatches(runs!);

        Assert.Equal([(2, "n", true, 100L), (1, "b", false, 120L)], partial.Select(p => (p.Taken.Count, p.Awaits[0].Step, p.Awaits[0].IsAbsence, p.DeadlineMs!.Value)));
    }
}
