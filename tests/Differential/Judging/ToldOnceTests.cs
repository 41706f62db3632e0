using Cep.Differential.Cases;
using Cep.Evaluation;
using Cep.Patterns;

namespace Cep.Differential.Judging;

/// <summary>Matches are a set, and so are timeouts: where partial matches with the same events complete or run out of time more than once, it is told once.</summary>
public class ToldOnceTests
{
    private static readonly GroupStep Group = new()
    {
        Steps = [new EventStep { Name = "a", Stream = Tick.Type, Where = Tick.Is("a") }],
        Quantifier = Quantifier.One with { Max = null, Inner = Contiguity.NonDeterministicRelaxed },
    };

    private static readonly EventStep NotN = new() { Name = "n", Stream = Tick.Type, Where = Tick.Is("n"), IsNegated = true };

    /// <summary><c>( a )+ any => not n</c> over a b b: the group lets the first b go by, and can be left at the second all the same.</summary>
    [Fact]
    public void Group_that_is_left_again_after_an_event_it_let_go_by_matches_once() =>
        Check(new Pattern { Steps = [Group, NotN with { Link = Contiguity.Strict }] }, "match a[0] at 1", ("a", 0), ("b", 1), ("b", 2));

    /// <summary><c>( a )+ any -> not n in 3ms</c> over a b b: when the second b comes, the wait that leaving the group begins has been over for long.</summary>
    [Fact]
    public void Wait_that_was_over_before_it_is_reached_again_matches_once() =>
        Check(new Pattern { Steps = [Group, NotN with { GapMs = 3 }] }, "match a[0] at 3", ("a", 0), ("b", 1), ("b", 9));

    /// <summary><c>a -> ( b in 2ms | c in 5ms )</c>: a partial match that waits for b and for c runs out of time twice.</summary>
    [Fact]
    public void Partial_match_that_waits_for_two_steps_times_out_once()
    {
        EventStep Step(string kind, long? gapMs) => new() { Name = kind, Stream = Tick.Type, Where = Tick.Is(kind), GapMs = gapMs };
        var either = new GroupStep { Steps = [Step("b", 2)], OrElse = [[Step("c", 5)]] };
        Check(new Pattern { Steps = [Step("a", null), either] }, "timeout a[0] at 2", ("a", 0), ("d", 1), ("d", 9));
    }

    private static void Check(Pattern pattern, string told, params (string Kind, long TimeMs)[] events)
    {
        var c = new RandomCase(pattern, events.Select(e => new TimedEvent(new Tick { Kind = e.Kind }, e.TimeMs)).ToArray());
        var compiled = CompiledPattern.Of(pattern);
        Assert.Equal(told, string.Join("; ", EvaluatorRun.Answer(c, compiled)));
        Assert.Equal(told, string.Join("; ", EvaluatorRun.AnswerWithRestores(c, compiled)));
        Assert.Null(Verdict.Difference(c));
    }
}
