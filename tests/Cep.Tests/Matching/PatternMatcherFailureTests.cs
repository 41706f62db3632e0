using Cep.Conditions;
using Cep.Matching;
using Cep.Patterns;
using Xunit;

namespace Cep.Tests.Matching;

/// <summary>What a matcher does where a pattern cannot be evaluated: the caller is told, one key forgets, the rest goes on.</summary>
public class PatternMatcherFailureTests
{
    private sealed record Tick(string? Key, string Name, long AtMs);

    /// <summary>Throws at an event <c>bad</c>, once an <c>a</c> has been taken.</summary>
    private static readonly Pattern AThenB = Pattern.Begin<Tick>("a").Where(t => t.Name == "a")
        .FollowedBy("b").Where((t, m) => m["a"].Count == 1 && IsB(t)).Within(TimeSpan.FromMilliseconds(10)).Build();

    [Fact]
    public void Exception_names_the_step_the_event_and_the_time()
    {
        var matcher = new PatternMatcher<Tick>(AThenB, t => t.AtMs);
        matcher.Offer(new("k", "a", 1));
        var bad = new Tick("k", "bad", 2);
        var thrown = Assert.Throws<PatternEvaluationException>(() => matcher.Offer(bad));
        Assert.Equal("The condition of `b` threw FormatException: no name It happened at 1970-01-01T00:00:00.002Z.", thrown.Message);
        Assert.Equal(("b", bad, DateTimeOffset.UnixEpoch.AddMilliseconds(2)), (thrown.Step, thrown.Event, thrown.Time));
        Assert.IsType<FormatException>(thrown.InnerException);
    }

    [Fact]
    public void Only_the_key_of_the_event_forgets_and_the_matcher_goes_on()
    {
        var matcher = PatternMatcher<Tick>.ByKey(AThenB, t => t.Key!, t => t.AtMs);
        matcher.Offer(new("k", "a", 1));
        matcher.Offer(new("j", "a", 2));
        Assert.Throws<PatternEvaluationException>(() => matcher.Offer(new("k", "bad", 3)));
        Assert.Equal(1, matcher.PartialMatches);
        Assert.Empty(matcher.Offer(new("k", "b", 4)));
        Assert.Equal(2, Assert.Single(matcher.Offer(new("j", "b", 5)))["a"][0].AtMs);
        matcher.Offer(new("k", "a", 6));
        Assert.Equal(6, Assert.Single(matcher.Offer(new("k", "b", 7)))["a"][0].AtMs);
        Assert.Equal(0, matcher.PartialMatches);
    }

    [Fact]
    public void Matches_found_before_the_failure_come_with_the_next_call()
    {
        var pattern = Pattern.Begin<Tick>("a").Where(t => t.Name == "a").NotFollowedBy("n").Where((t, m) => m["a"].Count == 1 && IsB(t))
            .Within(TimeSpan.FromMilliseconds(10)).Build();
        var matcher = PatternMatcher<Tick>.ByKey(pattern, t => t.Key!, t => t.AtMs);
        matcher.Offer(new("k", "a", 1));
        matcher.Offer(new("j", "a", 8));
        Assert.Throws<PatternEvaluationException>(() => matcher.Offer(new("j", "bad", 15)));
        Assert.Equal("k", Assert.Single(matcher.Advance(DateTimeOffset.UnixEpoch)).Events[0].Key);
        Assert.Empty(matcher.Complete());
    }

    [Fact]
    public void Selector_of_the_key_that_throws_changes_nothing()
    {
        var matcher = PatternMatcher<Tick>.ByKey(AThenB, t => t.Key!.Length, t => t.AtMs);
        matcher.Offer(new("k", "a", 1));
        var thrown = Assert.Throws<PatternEvaluationException>(() => matcher.Offer(new(null, "a", 2)));
        Assert.StartsWith("The selector of the key threw NullReferenceException", thrown.Message);
        Assert.Single(matcher.Offer(new("k", "b", 3)));
    }

    [Theory]
    [InlineData(SkipKind.ToFirst, "b", "The match has no event of `b`, at which matching was to go on.")]
    [InlineData(SkipKind.ToLast, "b", "The match has no event of `b`, at which matching was to go on.")]
    [InlineData(SkipKind.ToFirst, "a", "Matching was to go on at `a`, and the match begins with that very event: it would be found for ever.")]
    public void Skip_that_misses_its_step_is_an_error_where_it_is_asked_for(SkipKind kind, string step, string reason)
    {
        var pattern = Pattern.Begin<Tick>("a").Where(t => t.Name == "a").FollowedBy("b").Where(t => t.Name == "b").Optional()
            .FollowedBy("c").Where(t => t.Name == "c").Build();
        var forgiving = new PatternMatcher<Tick>(pattern with { Skip = new AfterMatchSkip(kind, step) }, t => t.AtMs);
        forgiving.Offer(new("k", "a", 1));
        Assert.Single(forgiving.Offer(new("k", "c", 2)));
        var failing = new PatternMatcher<Tick>(pattern with { Skip = new AfterMatchSkip(kind, step, FailsOnMiss: true) }, t => t.AtMs);
        failing.Offer(new("k", "a", 1));
        var thrown = Assert.Throws<PatternEvaluationException>(() => failing.Offer(new("k", "c", 2)));
        Assert.Equal((reason, step), (thrown.Reason, thrown.Step));
        Assert.Equal(0, failing.PartialMatches);
    }

    [Fact]
    public void Condition_that_no_partial_match_waits_for_is_not_asked()
    {
        var matcher = new PatternMatcher<Tick>(AThenB, t => t.AtMs);
        Assert.Empty(matcher.Offer(new("k", "bad", 1)));
    }

    private static bool IsB(Tick t) => t.Name == "bad" ? throw new FormatException("no name") : t.Name == "b";
}
