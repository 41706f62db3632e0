using Cep.Evaluation.Snapshots;
using Cep.Events;
using Cep.Patterns;
using Xunit;

namespace Cep.Tests.Patterns;

public class PatternBuilderTests
{
    public record Item(double Amount);

    private sealed record Refund(double Amount, string Reason) : Item(Amount);

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private static PatternBuilder<Item> A => Pattern.Begin<Item>("a");

    [Fact]
    public void First_step_takes_one_event_of_the_class()
    {
        var step = Assert.IsType<EventStep>(Assert.Single(A.Build().Steps));
        Assert.Equal(new EventStep { Name = "a", Stream = EventType.Of<Item>() }, step);
    }

    public static TheoryData<PatternBuilder<Item>, Contiguity, bool> Links => new()
    {
        { A.Next("b"), Contiguity.Strict, false },
        { A.FollowedBy("b"), Contiguity.Relaxed, false },
        { A.FollowedByAny("b"), Contiguity.NonDeterministicRelaxed, false },
        { A.NotNext("b"), Contiguity.Strict, true },
        { A.NotFollowedBy("b").Within(Second), Contiguity.Relaxed, true },
    };

    [Theory]
    [MemberData(nameof(Links))]
    public void Link_and_negation_are_those_of_the_method(PatternBuilder<Item> builder, Contiguity link, bool isNegated)
    {
        var step = (EventStep)builder.Build().Steps[1];
        Assert.Equal(("b", link, isNegated), (step.Name, step.Link, step.IsNegated));
    }

    public static TheoryData<PatternBuilder<Item>, Contiguity> GroupLinks => new()
    {
        { Pattern.Begin<Item>("z").Next(A.FollowedBy("b")), Contiguity.Strict },
        { Pattern.Begin<Item>("z").FollowedBy(A.FollowedBy("b")), Contiguity.Relaxed },
        { Pattern.Begin<Item>("z").FollowedByAny(A.FollowedBy("b")), Contiguity.NonDeterministicRelaxed },
    };

    [Theory]
    [MemberData(nameof(GroupLinks))]
    public void Group_holds_the_steps_of_its_builder(PatternBuilder<Item> builder, Contiguity link)
    {
        var group = Assert.IsType<GroupStep>(builder.Times(2).Build().Steps[1]);
        Assert.Equal(link, group.Link);
        Assert.Equal(["a", "b"], group.Steps.Cast<EventStep>().Select(s => s.Name));
        Assert.Equal(new Quantifier { Min = 2, Max = 2 }, group.Quantifier);
    }

    [Fact]
    public void Pattern_may_begin_with_a_group() =>
        Assert.Equal(["a", "b"], Assert.IsType<GroupStep>(Pattern.Begin(A.Next("b")).OneOrMore().Build().Steps[0]).Steps.Cast<EventStep>().Select(s => s.Name));

    public static TheoryData<PatternBuilder<Item>, Quantifier> Quantifiers => new()
    {
        { A.Times(3), new() { Min = 3, Max = 3 } },
        { A.Times(3, Second), new() { Min = 3, Max = 3, GapMs = 1000 } },
        { A.Times(2, 4), new() { Min = 2, Max = 4 } },
        { A.Times(2, 4, Second), new() { Min = 2, Max = 4, GapMs = 1000 } },
        { A.TimesOrMore(2), new() { Min = 2, Max = null } },
        { A.TimesOrMore(2, Second), new() { Min = 2, Max = null, GapMs = 1000 } },
        { A.OneOrMore(), new() { Min = 1, Max = null } },
        { A.OneOrMore(Second), new() { Min = 1, Max = null, GapMs = 1000 } },
        { A.Optional(), new() { IsOptional = true } },
        { A.OneOrMore().Optional().Greedy(), new() { Max = null, IsOptional = true, IsGreedy = true } },
        { A.OneOrMore().Consecutive(), new() { Max = null, Inner = Contiguity.Strict } },
        { A.OneOrMore().AllowCombinations(), new() { Max = null, Inner = Contiguity.NonDeterministicRelaxed } },
    };

    [Theory]
    [MemberData(nameof(Quantifiers))]
    public void Quantifier_is_that_of_the_methods(PatternBuilder<Item> builder, Quantifier expected) =>
        Assert.Equal(expected, builder.Build().Steps[0].Quantifier);

    [Fact]
    public void Conditions_join_from_left_to_right()
    {
        Assert.Equal("Amount > 1 and Amount < 5", WhereOf(A.Where(i => i.Amount > 1).Where(i => i.Amount < 5)));
        Assert.Equal("(Amount > 1 or Amount == 0) and count(a) < 5", WhereOf(A.Where(i => i.Amount > 1).Or(i => i.Amount == 0).Where((i, m) => m["a"].Count < 5)));
        Assert.Equal("Amount > 1 or count(a) == 0", WhereOf(A.Where(i => i.Amount > 1).Or((i, m) => m["a"].Count == 0)));
    }

    [Fact]
    public void Until_ends_a_loop()
    {
        Assert.Equal("Amount > 9", A.OneOrMore().Until(i => i.Amount > 9).Build().Steps[0].Quantifier.Until!.ToString());
        Assert.Equal("sum(a.Amount) > 9", A.OneOrMore().Until((i, m) => m["a"].Sum(x => x.Amount) > 9).Build().Steps[0].Quantifier.Until!.ToString());
    }

    [Fact]
    public void Subclass_has_conditions_on_its_own_members()
    {
        Assert.Equal((EventType.Of<Refund>(), ""), StreamAndWhere(A.OfType<Refund>()));
        Assert.Equal((EventType.Of<Refund>(), "Reason == \"x\""), StreamAndWhere(A.OfType<Refund>(r => r.Reason == "x")));
        Assert.Equal((EventType.Of<Refund>(), "a.Reason == Reason"),
            StreamAndWhere(A.OneOrMore().OfType<Refund>((r, m) => m.EventsOf<Refund>("a").Last().Reason == r.Reason)));
    }

    [Fact]
    public void Windows_and_skip_are_the_patterns()
    {
        var pattern = A.FollowedBy("b").In(Second).Within(TimeSpan.FromMinutes(2)).Within(TimeSpan.FromMinutes(1)).WithinGap(TimeSpan.FromSeconds(30)).Skip(AfterMatchSkip.ToLast("b")).Build();
        Assert.Equal((60_000, 30_000, AfterMatchSkip.ToLast("b")), (pattern.WithinMs, pattern.GapMs, pattern.Skip));
        Assert.Equal(1000, ((EventStep)pattern.Steps[1]).GapMs);
    }

    [Fact]
    public void Beginning_can_be_shared()
    {
        var beginning = A.Where(i => i.Amount > 1);
        var longer = beginning.Times(2).FollowedBy("b").Within(Second);
        Assert.Equal(Quantifier.One, Assert.Single(beginning.Build().Steps).Quantifier);
        Assert.Equal(2, longer.Build().Steps.Count);
    }

    [Fact]
    public void Wrong_pattern_is_refused_with_the_reasons_of_the_rules() => Assert.Equal(
        "The pattern has two steps called `a`; names of steps are unique in a pattern. Only a loop can be greedy, but `a` is no loop.",
        Assert.Throws<ArgumentException>(() => A.FollowedBy("a").Greedy().Build()).Message);

    [Fact]
    public void Condition_on_a_step_that_is_not_there_is_refused()
    {
        const string Reason = "A condition reads the events of `c`, which is no step of the pattern.";
        Assert.Equal(Reason, Assert.Throws<ArgumentException>(() => A.FollowedBy("b").Where((i, m) => m["c"].Count > 1).Build()).Message);
        Assert.Equal(Reason, Assert.Throws<ArgumentException>(() => A.FollowedBy("b").Where((i, m) => m["c"].Last() == i).Build()).Message);
        Assert.Equal(Reason, Assert.Throws<ArgumentException>(() => A.FollowedBy(Pattern.Begin<Item>("b").OneOrMore().Until((i, m) => m["c"].Max(x => x.Amount) > i.Amount)).Build()).Message);
    }

    [Fact]
    public void Fingerprint_is_refused_where_code_could_have_changed()
    {
        Assert.NotEmpty(PatternFingerprint.Of(A.Where(i => i.Amount > 1).Build()));
        Assert.Throws<NotSupportedException>(() => PatternFingerprint.Of(A.Where(i => i.Equals(null)).Build()));
    }

    [Fact]
    public void Call_that_means_nothing_is_refused_at_once()
    {
        Assert.Equal("`a` has a count already.", Assert.Throws<InvalidOperationException>(() => A.Times(2).OneOrMore()).Message);
        Assert.Equal("`a` has no condition yet, so there is nothing to add another to: call Where first.", Assert.Throws<InvalidOperationException>(() => A.Or(i => i.Amount > 1)).Message);
        Assert.Equal("A condition belongs to a step, not to a group.", Assert.Throws<InvalidOperationException>(() => Pattern.Begin(A).Where(i => i.Amount > 1)).Message);
        Assert.Equal("A type belongs to a step, not to a group.", Assert.Throws<InvalidOperationException>(() => Pattern.Begin(A).OfType<Refund>()).Message);
        Assert.StartsWith("A group has no window", Assert.Throws<ArgumentException>(() => A.FollowedBy(Pattern.Begin<Item>("b").Within(Second))).Message);
        Assert.StartsWith("A window is a whole number of milliseconds.", Assert.Throws<ArgumentOutOfRangeException>(() => A.Within(TimeSpan.FromTicks(1))).Message);
    }

    private static string WhereOf(PatternBuilder<Item> builder) => ((EventStep)builder.Build().Steps[0]).Where!.ToString();

    private static (EventType?, string) StreamAndWhere(PatternBuilder<Item> builder)
    {
        var step = (EventStep)builder.Build().Steps[0];
        return (step.Stream, step.Where?.ToString() ?? "");
    }
}
