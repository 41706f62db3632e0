using Cep.Conditions;
using Cep.Matching;
using Cep.Patterns;
using Xunit;

namespace Cep.Tests.Evaluation;

public class PartialMatchLimitTests
{
    private sealed record Tick(string Name, long AtMs);

    private static readonly Pattern AThenB = Pattern.Begin<Tick>("a").Where(t => t.Name == "a").FollowedBy("b").Where(t => t.Name == "b").Within(TimeSpan.FromMinutes(1)).Build();

    [Theory]
    [InlineData(OverflowPolicy.DropOldest, "3 4")]
    [InlineData(OverflowPolicy.DropNewest, "1 2")]
    public void Partial_matches_beyond_the_limit_are_dropped_by_their_first_event(OverflowPolicy policy, string left)
    {
        var matcher = new PatternMatcher<Tick>(AThenB, t => t.AtMs, limit: new PartialMatchLimit(2, policy));
        for (var i = 1; i <= 4; i++)
            Assert.Empty(matcher.Offer(new("a", i)));
        Assert.Equal((2, 2), (matcher.PartialMatches, matcher.DroppedPartials));
        Assert.Equal(left, string.Join(' ', matcher.Offer(new("b", 5)).Select(m => m["a"][0].AtMs).Order()));
        Assert.Equal(0, matcher.PartialMatches);
    }

    [Fact]
    public void Fail_is_an_error_at_the_event_that_makes_one_too_many()
    {
        var matcher = new PatternMatcher<Tick>(AThenB, t => t.AtMs, limit: new PartialMatchLimit(2, OverflowPolicy.Fail));
        matcher.Offer(new("a", 1));
        matcher.Offer(new("a", 2));
        Assert.Equal("The key has more than 2 partial matches.", Assert.Throws<PatternEvaluationException>(() => matcher.Offer(new("a", 3))).Reason);
        Assert.Equal((0, 0), (matcher.PartialMatches, matcher.DroppedPartials));
        matcher.Offer(new("a", 4));
        Assert.Single(matcher.Offer(new("b", 5)));
    }

    [Fact]
    public void What_is_dropped_is_no_timeout()
    {
        var matcher = new PatternMatcher<Tick>(AThenB, t => t.AtMs, withTimeouts: true, limit: new PartialMatchLimit(1, OverflowPolicy.DropOldest));
        matcher.Offer(new("a", 1));
        matcher.Offer(new("a", 2));
        Assert.Equal(2, Assert.Single(matcher.Complete()).Events[0].AtMs);
    }

    [Fact]
    public void Match_that_a_dropped_partial_match_held_back_is_told_at_once()
    {
        var pattern = Pattern.Begin<Tick>("a").Where(t => t.Name == "a").FollowedBy("b").Where((t, m) => t.Name == "b" && m["a"][0].AtMs == 2)
            .Within(TimeSpan.FromMinutes(1)).Skip(AfterMatchSkip.PastLast).Build();
        var matcher = new PatternMatcher<Tick>(pattern, t => t.AtMs, limit: new PartialMatchLimit(2, OverflowPolicy.DropOldest));
        foreach (var (name, at) in new[] { ("a", 1), ("a", 2), ("b", 3), ("a", 4) })
            Assert.Empty(matcher.Offer(new(name, at)));
        Assert.Equal([2, 3], Assert.Single(matcher.Offer(new("a", 5))).Events.Select(e => e.AtMs));
        Assert.Equal(1, matcher.DroppedPartials);
    }

    [Fact]
    public void Sixty_steps_that_may_be_left_out_stay_within_the_limit()
    {
        var steps = Enumerable.Range(0, 60).Select(i => (PatternStep)new EventStep
        {
            Name = $"s{i}", Link = Contiguity.NonDeterministicRelaxed, Quantifier = Quantifier.One with { IsOptional = true },
        }).ToList();
        steps.Add(new EventStep { Name = "end", Where = ExprFactory.Literal(false) });
        var matcher = new PatternMatcher<Tick>(new Pattern { Steps = steps }, t => t.AtMs, limit: new PartialMatchLimit(500, OverflowPolicy.DropOldest));
        for (var i = 0; i < 100; i++)
            matcher.Offer(new("x", i));
        Assert.InRange(matcher.PartialMatches, 400, 500);
        Assert.True(matcher.DroppedPartials > 100_000);
    }

    [Fact]
    public void Limit_of_nothing_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new PartialMatchLimit(0, OverflowPolicy.DropOldest));
}
