using Cep.Explain;
using Cep.Matching;
using Cep.Nfa;
using Cep.Patterns;
using Xunit;

namespace Cep.Tests.Patterns;

public class AlternationTests
{
    private sealed record Act(string Kind, long TimeMs);

    private static PatternBuilder<Act> Is(string kind) => Pattern.Begin<Act>(kind).Where(e => e.Kind == kind);

    private static PatternBuilder<Act> Then(PatternBuilder<Act> builder, string kind) => builder.FollowedBy(kind).Where(e => e.Kind == kind);

    private static int Matches(PatternBuilder<Act> pattern, string kinds)
    {
        var matcher = new PatternMatcher<Act>(pattern.Build(), a => a.TimeMs);
        return kinds.Select((k, i) => matcher.Offer(new Act(k.ToString(), i)).Count).Sum();
    }

    [Theory]
    [InlineData("abd", 1)]
    [InlineData("acd", 1)]
    [InlineData("acbd", 2)]
    [InlineData("ad", 0)]
    public void Either_alternative_is_taken_as_if_it_stood_alone(string kinds, int matches) =>
        Assert.Equal(matches, Matches(Then(Is("a").FollowedBy(Pattern.Either(Is("b"), Is("c"))), "d"), kinds));

    [Theory]
    [InlineData("abcd", 1)]
    [InlineData("accd", 1)]
    [InlineData("abd", 0)]
    public void Each_round_takes_any_alternative(string kinds, int matches) =>
        Assert.Equal(matches, Matches(Then(Is("a").Next(Pattern.Either(Is("b"), Is("c"))).Times(2).Consecutive(), "d"), kinds));

    [Theory]
    [InlineData("axd", 1)]
    [InlineData("ayxd", 1)]
    [InlineData("axyd", 0)]
    [InlineData("xayd", 1)]
    public void Group_that_must_not_come_is_absent_between_its_neighbours(string kinds, int matches) =>
        Assert.Equal(matches, Matches(Then(Is("a").NotFollowedBy(Then(Is("x"), "y")), "d"), kinds));

    [Fact]
    public void One_sequence_alone_is_no_choice() =>
        Assert.Equal("One sequence alone leaves no choice: give at least two. (Parameter 'orElse')", Assert.Throws<ArgumentException>(() => Pattern.Either(Is("a"))).Message);

    [Fact]
    public void Alternatives_are_told_in_words_and_told_apart_by_the_fingerprint()
    {
        var either = Then(Is("a").FollowedBy(Pattern.Either(Is("b"), Is("c"))), "d").Build();
        Assert.Contains("(either one event of `Act` where Kind == \"b\" (b), or one event of `Act` where Kind == \"c\" (c))", SequencePhrase.Of(either.Steps), StringComparison.Ordinal);
        var absent = Then(Is("a").NotFollowedBy(Then(Is("x"), "y")), "d").Build();
        Assert.Contains("without any sequence of (one event of `Act` where Kind == \"x\" (x), then later", SequencePhrase.Of(absent.Steps), StringComparison.Ordinal);
        Assert.Contains("group of x came: dropped", new NfaDiagram(NfaCompiler.Compile(absent), null).Mermaid(), StringComparison.Ordinal);
        var prints = new[] { either, absent, Is("a").FollowedBy(Is("b").FollowedBy("c")).FollowedBy("d").Build() }.Select(Cep.Evaluation.Snapshots.PatternFingerprint.Of);
        Assert.Equal(3, prints.Distinct().Count());
    }
}
