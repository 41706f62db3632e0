using Cep.Conditions;
using Cep.Explain;
using Cep.Patterns;
using Cep.Rules;
using Xunit;
using static Cep.Tests.Explain.ExplainRules;

namespace Cep.Tests.Explain;

public sealed class RuleSentenceTests
{
    [Fact]
    public void A_whole_rule_is_told_in_plain_sentences()
    {
        var avg = ExprFactory.Aggregate(AggregateKind.Avg, "probe", Auths.EventType, Field(Auths, "amount"));
        var many = ExprFactory.Binary(BinaryOperator.Greater, ExprFactory.Field(Auths.EventType, Field(Auths, "amount")),
            ExprFactory.Binary(BinaryOperator.Multiply, ExprFactory.Literal(50), avg));
        var rule = Rule(
            Step("probe", where: Amount(BinaryOperator.Less, 2.00m)) with { Quantifier = Times(3, null) },
            Step("hit", where: ExprFactory.And(Amount(BinaryOperator.Greater, 200), many)));
        rule = rule with { Measures = [new Measure("probes", ExprFactory.Count("probe")), new Measure("spent", ExprFactory.Count("hit"))] };

        Assert.Equal(
            "At least 3 events of `auths` where amount < 2.00 (probe, as many as fit), then later one event of `auths` where "
            + "amount > 200 and amount > 50 * avg(probe.amount) (hit), all of one card_id, inside 10 minutes. "
            + "After a match, matching goes on past its last event. A match tells probes and spent.",
            RuleSentence.Of(rule));
    }

    [Fact]
    public void An_absence_is_told_with_its_deadline_and_a_key_of_several_streams_with_each_field()
    {
        var rule = Rule(
            new Pattern { Steps = [Step("o", Orders, Text("status", "paid", Orders)), Not("s", Shipments)], WithinMs = 7_200_000, Skip = AfterMatchSkip.PastLast },
            new RuleInput(Orders, [Field(Orders, "order_id")], Amount(BinaryOperator.Greater, 10, Orders)),
            new RuleInput(Shipments, [Field(Shipments, "order_ref")], null));

        Assert.Equal(
            "One event of `orders` where status == \"paid\" (o), and then no event of `shipments` (s) until 2 hours after the first event, "
            + "all with one key (order_id of `orders`, order_ref of `shipments`). "
            + "Of `orders` only events where amount > 10 are looked at; the others are as if they had not come. "
            + "After a match, matching goes on past its last event.",
            RuleSentence.Of(rule));
    }

    [Theory]
    [InlineData(500, OverflowPolicy.DropNewest, "Of one key at most 500 partial matches are kept: those that began last are dropped.")]
    [InlineData(20_000, OverflowPolicy.DropOldest, "Of one key at most 20,000 partial matches are kept: those that began first are dropped.")]
    [InlineData(1, OverflowPolicy.Fail, "Of one key at most 1 partial match is kept: one more stops the rule.")]
    public void A_limit_of_partial_matches_is_told(int perKey, OverflowPolicy policy, string sentence) =>
        Assert.EndsWith("past its last event. " + sentence, RuleSentence.Of(Rule(Step("a"), Step("b")) with { Partials = new PartialMatchLimit(perKey, policy) }));

    [Fact]
    public void What_is_an_alert_and_how_many_are_told_is_told()
    {
        var count = ExprFactory.Count("a");
        var rule = Rule(Step("a"), Step("b")) with
        {
            Measures = [new Measure("x", count)],
            TimeoutMeasures = [new Measure("y", count), new Measure("z", count)],
            Severity = Severity.Low,
            SeverityCases = [new SeverityCase(Severity.Critical, ExprFactory.Binary(BinaryOperator.Greater, count, ExprFactory.Literal(5L)))],
            Suppression = new Suppression(["x", "card_id"], 5_400_000),
            Limit = new AlertLimit(1_000, 60_000),
        };
        Assert.EndsWith(
            "past its last event. A match tells x. A partial match that runs out of time is an alert too; it tells y and z. It is critical if count(a) > 5, else low. "
            + "For 1 hour and 30 minutes after an alert, others with the same x and card_id are not told, only counted. In 1 minute at most 1,000 alerts are told, the rest counted.",
            RuleSentence.Of(rule));
        Assert.EndsWith(
            "past its last event. Only a partial match that runs out of time is an alert, a match is none. In 1 second at most 1 alert is told, the rest counted.",
            RuleSentence.Of(Rule(Step("a"), Step("b")) with { TellsMatches = false, TimeoutMeasures = [], Limit = new AlertLimit(1, 1_000) }));
    }

    public static TheoryData<string, Quantifier> Quantifiers => new()
    {
        { "one event of `auths` (a)", Quantifier.One },
        { "one event of `auths` (a, optional)", Times(0, 1, isGreedy: false) },
        { "any number of events of `auths` (a, optional, as many as fit)", Times(0, null) },
        { "one or more events of `auths` (a, as many as fit)", Times(1, null) },
        { "one or more events of `auths` (a, every number of them is tried)", Times(1, null, isGreedy: false) },
        { "3 events of `auths` (a)", Times(3, 3, isGreedy: false) },
        { "at least 2 events of `auths` (a, as many as fit)", Times(2, null) },
        { "2 to 4 events of `auths` (a, every number of them is tried)", Times(2, 4, isGreedy: false) },
        { "up to 4 events of `auths` (a, optional, as many as fit)", Times(0, 4) },
        { "one to 4 events of `auths` (a, as many as fit)", Times(1, 4) },
        { "3 consecutive events of `auths` (a)", Times(3, 3, isGreedy: false) with { Inner = Contiguity.Strict } },
        { "3 events of `auths` (a, in every combination of those that fit)", Times(3, 3, isGreedy: false) with { Inner = Contiguity.NonDeterministicRelaxed } },
        { "3 events of `auths` (a, each less than 1 minute and 30 seconds after the one before)", Times(3, 3, isGreedy: false) with { GapMs = 90_000 } },
        { "one or more events of `auths` (a, as many as fit, until an event where amount > 5)", Times(1, null) with { Until = Amount(BinaryOperator.Greater, 5) } },
    };

    [Theory]
    [MemberData(nameof(Quantifiers))]
    public void Each_quantifier_has_its_words(string expected, Quantifier quantifier) =>
        Assert.Equal(expected, StepPhrase.Of(Step("a") with { Quantifier = quantifier }));

    public static TheoryData<string, PatternStep[]> Sequences => new()
    {
        { ", then later one event of `auths` (b)", [Step("b")] },
        { ", then, as the very next event, one event of `auths` (b)", [Step("b") with { Link = Contiguity.Strict }] },
        { ", then, from the very next event on, 2 events of `auths` (b)", [Step("b") with { Link = Contiguity.Strict, Quantifier = Times(2, 2, false) }] },
        { ", then later, with every choice of those that fit, one event of `auths` (b)", [Step("b") with { Link = Contiguity.NonDeterministicRelaxed }] },
        { ", then later one event of `auths` (b, less than 5 seconds after the event before)", [Step("b") with { GapMs = 5_000 }] },
        { ", then later, without any event of `orders` (n) in between, one event of `auths` (b)", [Not("n", Orders), Step("b")] },
        { ", then later, unless the very next event is an event of `orders` (n), one event of `auths` (b)", [Not("n", Orders) with { Link = Contiguity.Strict }, Step("b")] },
        { ", and then no event of `orders` (n) for 30 minutes", [Not("n", Orders) with { GapMs = 1_800_000 }] },
        { ", and then a very next event that is no event of `orders` (n)", [Not("n", Orders) with { Link = Contiguity.Strict }] },
        {
            ", then later 2 to 3 rounds of (one event of `auths` (b), then later one event of `auths` (c)) (every number of them is tried)",
            [new GroupStep { Steps = [Step("b"), Step("c")], Quantifier = Times(2, 3, false) }]
        },
        { ", then later one round of (one event of `auths` (b)) (optional)", [new GroupStep { Steps = [Step("b")], Quantifier = Times(0, 1, false) }] },
        { ", then later (one event of `auths` (b), then later one event of `auths` (c))", [new GroupStep { Steps = [Step("b"), Step("c")] }] },
    };

    [Theory]
    [MemberData(nameof(Sequences))]
    public void Each_link_and_absence_has_its_words(string expected, PatternStep[] rest) =>
        Assert.Equal("one event of `auths` (a)" + expected, SequencePhrase.Of([Step("a"), .. rest]));

    public static TheoryData<string, AfterMatchSkip> Skips => new()
    {
        { "Matches may overlap, and each is told.", AfterMatchSkip.None },
        { "After a match, matching goes on behind its first event.", AfterMatchSkip.ToNext },
        { "After a match, matching goes on past its last event.", AfterMatchSkip.PastLast },
        { "After a match, matching goes on at the first event of a.", AfterMatchSkip.ToFirst("a") },
        { "After a match, matching goes on at the last event of b.", AfterMatchSkip.ToLast("b") },
    };

    [Theory]
    [MemberData(nameof(Skips))]
    public void Each_skip_strategy_has_its_words(string expected, AfterMatchSkip skip) =>
        Assert.EndsWith(". " + expected, RuleSentence.Of(Rule(new Pattern { Steps = [Step("a"), Step("b")], Skip = skip })));

    [Fact]
    public void No_window_is_said() =>
        Assert.Contains(", all of one card_id, however long it takes.", RuleSentence.Of(Rule(new Pattern { Steps = [Step("a"), Step("b")] })));

    [Fact]
    public void A_window_between_all_steps_is_said_once()
    {
        var gap = new Pattern { Steps = [Step("a"), Step("b"), Step("c") with { Quantifier = Times(2, 2, false) }], GapMs = 60_000 };

        Assert.StartsWith(
            "One event of `auths` (a), then later one event of `auths` (b), then later 2 events of `auths` (c), all of one card_id, "
            + "each event less than 1 minute after the one before.",
            RuleSentence.Of(Rule(gap)));
    }

    [Fact]
    public void A_single_event_needs_neither_key_nor_time() =>
        Assert.StartsWith("One event of `auths` where amount > 99 (a). After", RuleSentence.Of(Rule(Step("a", where: Amount(BinaryOperator.Greater, 99)))));

    [Fact]
    public void A_draft_says_that_it_does_not_run() =>
        Assert.EndsWith("The rule is a draft: it is compiled and does not run.", RuleSentence.Of(Rule(Step("a")) with { Status = RuleStatus.Draft }));

    [Theory]
    [InlineData(0, "0 seconds")]
    [InlineData(1, "1 millisecond")]
    [InlineData(600_000, "10 minutes")]
    [InlineData(3_600_001, "1 hour and 1 millisecond")]
    [InlineData(93_784_005, "1 day, 2 hours, 3 minutes, 4 seconds and 5 milliseconds")]
    public void Spans_are_words(long ms, string expected) => Assert.Equal(expected, Wording.Duration(ms));
}
