using Cep.Rules;

namespace Cep.Language.Tests;

/// <summary>Match clauses and the patterns they become.</summary>
public class PatternTests
{
    [Theory]
    [InlineData("a: auths within 5m", "a within 300000 skip PastLast")]
    [InlineData("a: auths -> b: auths => c: auths ->> d: auths within forever skip none", "a Relaxed b Strict c NonDeterministicRelaxed d skip None")]
    [InlineData("a: auths -> not b: auths => not c: auths -> d: auths within 5m",
        "a Relaxed not b Strict not c Relaxed d within 300000 skip PastLast")]
    [InlineData("a: auths => not b: auths within forever", "a Strict not b skip PastLast")]
    public void Links_and_negations(string match, string printed) => Check(match, printed);

    [Theory]
    [InlineData("a?: auths", "a{1 optional}")]
    [InlineData("a*: auths", "a{1.. optional greedy}")]
    [InlineData("a{0,}: auths", "a{1.. optional greedy}")]
    [InlineData("a*?: auths", "a{1.. optional}")]
    [InlineData("a+: auths", "a{1.. greedy}")]
    [InlineData("a{1,}?: auths", "a{1..}")]
    [InlineData("a{3}: auths", "a{3}")]
    [InlineData("a{1}: auths", "a")]
    [InlineData("a{2,5}: auths", "a{2..5 greedy}")]
    [InlineData("a{2,5}?: auths", "a{2..5}")]
    [InlineData("a{,5}: auths", "a{1..5 optional greedy}")]
    [InlineData("a{0,1}: auths", "a{1 optional}")]
    [InlineData("a{2,} consecutive: auths", "a{2.. greedy Strict}")]
    [InlineData("a{2} any: auths", "a{2 NonDeterministicRelaxed}")]
    [InlineData("a+ any in 500ms until (approved): auths", "a{1.. greedy NonDeterministicRelaxed until=approved window=500}")]
    public void Quantifiers_and_modifiers(string step, string printed) =>
        Check($"{step} -> z: auths within 1s", printed + " Relaxed z within 1000 skip PastLast");

    [Theory]
    [InlineData("( a: auths => b: auths )+ -> c: auths", "( a Strict b ){1..} Relaxed c")]
    [InlineData("( a: auths ){2,3} any -> c: auths", "( a ){2..3 NonDeterministicRelaxed} Relaxed c")]
    [InlineData("( a: auths )? => c: auths", "( a ){1 optional} Strict c")]
    [InlineData("( a: auths ) => ( ( b: auths ) ->> c: auths )*", "( a ) Strict ( ( b ) NonDeterministicRelaxed c ){1.. optional}")]
    [InlineData("x: auths ->> ( a{2,}?: auths )? -> c: auths", "x NonDeterministicRelaxed a{2.. optional} Relaxed c")]
    [InlineData("( a{2,}: auths )? -> c: auths", "( a{2.. greedy} ){1 optional} Relaxed c")]
    [InlineData("( a+: auths )+ until (approved) in 1s -> c: auths", "( a{1.. greedy} ){1.. until=approved window=1000} Relaxed c")]
    public void Groups(string match, string printed) => Check(match + " within 1s", printed + " within 1000 skip PastLast");

    [Theory]
    [InlineData("none", "None")]
    [InlineData("to next", "ToNext")]
    [InlineData("past last", "PastLast")]
    [InlineData("to first b", "ToFirst b")]
    [InlineData("to last a", "ToLast a")]
    [InlineData("to last `c d`", "ToLast c d")]
    public void Skip_strategies(string skip, string printed) =>
        Check($"a: auths -> b?: auths -> `c d`: auths within 1s skip {skip}", $"a Relaxed b{{1 optional}} Relaxed c d within 1000 skip {printed}");

    [Theory]
    [InlineData("a: auths -> b in 5s: auths within forever", "a Relaxed b gap=5000 skip PastLast")]
    [InlineData("a: auths -> b{2} in 5s: auths within forever", "a Relaxed b{2 window=5000} skip PastLast")]
    [InlineData("a: auths -> not b in 5s: auths within forever", "a Relaxed not b gap=5000 skip PastLast")]
    [InlineData("a: auths -> not b in 5s: auths within 1s", "a Relaxed not b gap=5000 within 1000 skip PastLast")]
    [InlineData("a: auths -> b: auths -> c{2}: auths within 1s gap", "a Relaxed b Relaxed c{2} gap 1000 skip PastLast")]
    [InlineData("a: auths -> not b: auths -> c in 2s: auths within 1s gap", "a Relaxed not b Relaxed c gap=2000 gap 1000 skip PastLast")]
    [InlineData("a: auths -> not b: auths within 1s gap", "a Relaxed not b gap 1000 skip PastLast")]
    [InlineData("( a: auths -> b: auths )+ -> c: auths within 1s gap", "( a Relaxed b ){1..} Relaxed c gap 1000 skip PastLast")]
    public void Windows_and_gaps(string match, string printed) => Check(match, printed);

    [Fact]
    public void A_rule_keeps_what_its_clauses_say()
    {
        var rule = Compiled.Rule("""
            rule card_testing {
                emit     alert { probes = count(probe), total = sum(probe.amount) + hit.amount, due = deadline(), who = key() }
                title    "Small \"probes\" \u{20AC}"
                severity critical
                tags     fraud, "mitre:T1110"
                owner    'payments-risk'
                runbook  "https://example.org/runbook"
                status   draft
                match    probe{3,}: auths -> hit: auths within 10m
                from     auths key (card_id, merchant) where approved
            }
            """);
        Assert.Equal("Small \"probes\" €", rule.Title);
        Assert.Equal(Severity.Critical, rule.Severity);
        Assert.Equal(["fraud", "mitre:T1110"], rule.Tags);
        Assert.Equal("payments-risk", rule.Owner);
        Assert.Equal("https://example.org/runbook", rule.Runbook);
        Assert.Equal(RuleStatus.Draft, rule.Status);
        var input = Assert.Single(rule.Inputs);
        Assert.Equal(["card_id", "merchant"], input.KeyFields.Select(f => f.Name));
        Assert.Equal("approved", input.Where!.ToString());
        Assert.Equal(["probes = count(probe)", "total = sum(probe.amount) + hit.amount", "due = deadline()", "who = key()"],
            rule.Measures.Select(m => $"{m.Name} = {m.Value}"));
    }

    [Fact]
    public void A_rule_over_two_streams_binds_each_step_to_its_own()
    {
        var rule = Compiled.Rule("""
            rule order_not_shipped {
                from  orders key order_id, shipments key order_ref
                match o: orders where status == "paid" -> not s: shipments where ts > o.ts within 2h
                emit  on match alert { order = o.order_id, due = deadline() }
            }
            """);
        Assert.Equal("o[status == \"paid\"] Relaxed not s[ts > o.ts] within 7200000 skip PastLast", PatternText.Of(rule.Pattern));
        Assert.Equal(["orders", "shipments"], rule.Pattern.EventSteps.Select(s => s.Stream!.Name));
        Assert.Equal(RuleStatus.Live, rule.Status);
        Assert.Equal(Severity.Medium, rule.Severity);
    }

    [Fact]
    public void A_stream_keeps_its_fields_and_its_time()
    {
        var set = RuleCompiler.Compile(new Text.SourceText("s.cep",
            "stream a { x int? y string at timestamp watermark for at delay 1m30s idle after 5m }\nstream b { z decimal processing time }")).RuleSet!;
        Assert.Equal("x int?, y string, at timestamp", string.Join(", ", set.Streams[0].EventType.Fields));
        Assert.Equal(("at", 90_000L, 300_000L),
            (set.Streams[0].Time!.Field.Name, set.Streams[0].Time!.DelayMs, set.Streams[0].Time!.IdleAfterMs!.Value));
        Assert.Null(set.Streams[1].Time);
    }

    [Fact]
    public void Clauses_may_stand_on_one_line()
    {
        var rule = Compiled.Rule(
            "rule r{from auths key card_id where approved match a:auths->b:auths within 5s skip to next emit alert{x=a.amount,}}");
        Assert.Equal("a Relaxed b within 5000 skip ToNext", PatternText.Of(rule.Pattern));
        Assert.Equal("x", Assert.Single(rule.Measures).Name);
    }

    private static void Check(string match, string printed) => Assert.Equal(printed, PatternText.Of(Compiled.Match(match).Pattern));
}
