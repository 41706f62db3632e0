using Cep.Rules;

namespace Cep.Language.Tests;

/// <summary>What the clauses of a rule about its alerts mean in the model.</summary>
public class AlertClauseTests
{
    [Theory]
    [InlineData("", true, null)]
    [InlineData("emit alert { x = a.amount }", true, null)]
    [InlineData("emit on match alert { x = a.amount }", true, null)]
    [InlineData("emit on timeout alert {}", false, 0)]
    [InlineData("emit on timeout alert { x = a.amount, y = deadline() }", false, 2)]
    [InlineData("emit on timeout alert { x = a.amount } emit alert { y = b.amount }", true, 1)]
    public void Rule_tells_what_it_emits_on_and_without_emit_its_matches(string emit, bool tellsMatches, int? timeoutMeasures)
    {
        var rule = Rule(emit);
        Assert.Equal((tellsMatches, timeoutMeasures), (rule.TellsMatches, rule.TimeoutMeasures?.Count));
    }

    [Fact]
    public void Severity_by_conditions_ends_with_that_of_all_other_matches()
    {
        var rule = Rule("severity critical if a.amount > 5 and count(b) == 1 else high if match_duration() > 1m else low");
        Assert.Equal((Severity.Low, "Critical if a.amount > 5 and count(b) == 1, High if match_duration() > 1m"),
            (rule.Severity, string.Join(", ", rule.SeverityCases.Select(c => $"{c.Severity} if {c.When}"))));
    }

    [Fact]
    public void Suppression_and_limit_are_those_written()
    {
        var rule = Rule("emit alert { x = a.amount } suppress by x, card_id for 1h30m limit 1_000 per 1d");
        Assert.Equal(["x", "card_id"], rule.Suppression!.By);
        Assert.Equal(5_400_000, rule.Suppression.ForMs);
        Assert.Equal(new AlertLimit(1_000, 86_400_000), rule.Limit);
        Assert.Equal((null, null), (Rule("").Suppression, Rule("").Limit));
    }

    [Theory]
    [InlineData("match a: auths -> b in 5m: auths within forever")]
    [InlineData("match a{2}: auths within 10m")]
    [InlineData("match a: auths => not b: auths within 10m")]
    [InlineData("match ( a: auths -> b: auths ) within 10m")]
    [InlineData("match a: auths -> b: auths -> not c: auths within 10m")]
    public void Pattern_whose_partial_matches_can_run_out_of_time_may_emit_on_it(string match) =>
        Assert.Empty(Compiled.Rule($"rule r {{ from auths key card_id\n {match}\n emit on timeout alert {{}} }}").TimeoutMeasures!);

    private static Rule Rule(string clauses) => Compiled.Rule($"rule r {{ from auths key card_id\n match a: auths -> b: auths within 10m\n {clauses} }}");
}
