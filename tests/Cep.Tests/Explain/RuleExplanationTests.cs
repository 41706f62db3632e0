using Cep.Conditions;
using Cep.Explain;
using Cep.Patterns;
using Cep.Rules;
using Xunit;
using static Cep.Tests.Explain.ExplainRules;

namespace Cep.Tests.Explain;

public sealed class RuleExplanationTests
{
    private static readonly Expr MoreThanProbe = ExprFactory.Binary(BinaryOperator.Greater,
        ExprFactory.Field(Auths.EventType, Field(Auths, "amount")), ExprFactory.StepField("a", -1, Auths.EventType, Field(Auths, "amount")));

    [Fact]
    public void Conditions_are_told_once_with_the_steps_that_ask_them()
    {
        var small = Amount(BinaryOperator.Less, 2);
        var rule = Rule(
            Step("a", where: small),
            Step("b", where: small) with { Quantifier = Times(1, null) with { Until = Amount(BinaryOperator.Greater, 9) } },
            Step("c", where: MoreThanProbe));

        var told = RuleExplanation.Of(rule).Conditions.Select(c => $"{string.Join('+', c.Steps)}: {c.Text} ({(c.IsLocal ? "event" : "run")})");

        Assert.Equal(["a+b: amount < 2 (event)", "until of b: amount > 9 (event)", "c: amount > a.amount (run)"], told);
    }

    public static TheoryData<string, Rule> Warned => new()
    {
        { "Nothing bounds the time: ", Rule(new Pattern { Steps = [Step("a"), Step("b")] }) },
        { "Every combination of the events of a is a partial match", Rule(Step("a") with { Quantifier = Times(1, null, false) with { Inner = Contiguity.NonDeterministicRelaxed } }, Step("b")) },
        { "The last step is a loop without an upper bound", Rule(Step("a"), Step("b") with { Quantifier = Times(2, null) }) },
        { "There is no key: ", Rule(new Pattern { Steps = [Step("a")], WithinMs = 1 }, new RuleInput(Auths, [], null)) },
        {
            "\"The very next event\" is one of any of the 2 streams",
            Rule(new Pattern { Steps = [Step("a", Orders), Step("b", Shipments) with { Link = Contiguity.Strict }], WithinMs = 1 },
                new RuleInput(Orders, [Field(Orders, "order_id")], null), new RuleInput(Shipments, [Field(Shipments, "order_ref")], null))
        },
    };

    [Theory]
    [MemberData(nameof(Warned))]
    public void What_may_surprise_is_said(string beginning, Rule rule) =>
        Assert.StartsWith(beginning, Assert.Single(RuleExplanation.Of(rule).Warnings));

    [Fact]
    public void A_bounded_rule_with_a_key_has_no_warnings() => Assert.Empty(RuleExplanation.Of(Rule(Step("a"), Step("b"))).Warnings);

    [Fact]
    public void A_wrong_pattern_is_refused() => Assert.Throws<ArgumentException>(() => RuleExplanation.Of(Rule(Not("a"))));
}
