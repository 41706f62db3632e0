using Cep.Language.Diagnostics;
using Cep.Language.Text;
using Cep.Rules.Testing;

namespace Cep.Language.Tests;

/// <summary>What becomes of <c>test</c> blocks; their errors are among the texts in the folder Diagnostics.</summary>
public class TestBlockTests
{
    private const string Rule = """
        rule big {
            severity high
            from     auths key card_id where approved
            match    a: auths where amount > 100 -> b: auths within 5m
            emit     alert { amount = a.amount, card_id = b.amount, took = b.ts - a.ts, since = a.ts }
        }

        """;

    [Fact]
    public void Events_have_the_values_written_the_time_of_their_line_and_else_neutral_ones()
    {
        var test = Test("""
            at 1m30s auths { card_id: "c", amount: -1, approved: true } late by 2s
            expect none
            """);
        var e = Assert.IsType<TestEvent>(Assert.Single(test.Steps));
        Assert.Equal(("auths", 90_000, 2_000, 92_000), (e.Stream.Name, e.AtMs, e.LateByMs, e.ReachesMs));
        Assert.Equal(["", "c", -1m, null, true, 0d, 0L, RuleTest.OriginMs + 90_000], e.Values);
        Assert.Equal(new TestPlace("test.cep", 8), e.Place);
    }

    [Fact]
    public void Steps_and_expectations_stand_in_their_order_with_their_places()
    {
        var test = Test("""
            at 0s auths { card_id: "c", amount: 200, approved: true }
            restart
            expect alert { amount: 200, since: 1s, took: 2m } at 5s
            advance to 5s
            expect none where amount > 100 and took < 1m
            expect none
            expect late 0
            """);
        Assert.Equal(("big", "it", new TestPlace("test.cep", 7), 5_000), (test.Rule.Name, test.Name, test.Place, test.EndMs));
        Assert.Equal([typeof(TestEvent), typeof(TestRestart), typeof(TestAdvance)], test.Steps.Select(s => s.GetType()));
        var alert = Assert.IsType<ExpectedAlert>(test.Expectations[0]);
        Assert.Equal([("amount", 200m), ("since", RuleTest.OriginMs + 1_000), ("took", (object?)120_000L)], alert.Values.Select(v => (v.Field.Name, v.Value)));
        Assert.Equal((5_000, 10), (alert.AtMs, alert.Place.Line));
        Assert.Equal("amount > 100 and took < 1m", Assert.IsType<NoAlert>(test.Expectations[1]).Where!.ToString());
        Assert.Null(Assert.IsType<NoAlert>(test.Expectations[2]).Where);
        Assert.Equal(0, Assert.IsType<ExpectedLate>(test.Expectations[3]).Count);
    }

    [Fact]
    public void Alerts_have_their_measures_then_the_key_then_two_words()
    {
        var alerts = Test("at 0s auths { card_id: \"c\", amount: 1, approved: true }\n expect none").AlertType;
        Assert.Equal(["amount decimal?", "card_id decimal?", "took duration?", "since timestamp?", "severity string?", "kind string?"], alerts.Fields.Select(f => f.ToString()));
    }

    [Fact]
    public void Alerts_have_what_timeouts_tell_and_how_many_were_not_told_where_the_rule_has_that()
    {
        var compilation = RuleCompiler.Compile([Compiled.Streams, new SourceText("test.cep", """
            rule both {
                from     auths key card_id
                match    a: auths -> b: auths where amount > 1 within 5m
                emit     alert { amount = b.amount, two = a.amount, kind = 1 }
                emit     on timeout alert { due = deadline(), amount = a.amount, two = a.merchant, kind = 2 }
                suppress by amount for 1m
                limit    3 per 1m
            }
            rule timeouts { from auths key card_id match a: auths -> b: auths within 5m emit on timeout alert { merchant = a.merchant } }
            test both "it" { at 0s auths { card_id: "c", amount: 1 } expect none }
            test timeouts "it" { at 0s auths { card_id: "c", amount: 1 } expect none }
            """)]);
        Assert.Empty(compilation.Diagnostics);
        Assert.Equal(["amount decimal?", "kind long?", "due timestamp?", "card_id string?", "severity string?", "suppressed long?", "limited long?"], Fields(0));
        Assert.Equal(["merchant string?", "card_id string?", "severity string?", "kind string?"], Fields(1));

        IEnumerable<string> Fields(int test) => compilation.Tests[test].AlertType.Fields.Select(f => f.ToString());
    }

    [Fact]
    public void Test_may_stand_in_another_file_and_before_its_rule()
    {
        var tests = new SourceText("tests.cep", "test big \"it\" { at 0s auths { card_id: \"c\", amount: 1, approved: true } expect none }");
        var compilation = RuleCompiler.Compile([tests, new SourceText("big.cep", Rule), Compiled.Streams]);
        Assert.Empty(compilation.Diagnostics);
        Assert.Same(compilation.RuleSet!.Rules[0], Assert.Single(compilation.Tests).Rule);
    }

    [Fact]
    public void Rule_with_errors_has_no_tests_and_they_no_errors_of_their_own()
    {
        var text = Rule.Replace("a.amount, card_id", "a.amout, card_id", StringComparison.Ordinal)
            + "test big \"it\" {\n at 0s auths { card_id: \"c\", amount: 1, approved: true }\n expect alert { amount: 5 }\n}\ntest other \"x\" {\n}";
        var compilation = RuleCompiler.Compile([Compiled.Streams, new SourceText("test.cep", text)]);
        Assert.Equal([DiagnosticCode.UnknownField, DiagnosticCode.UnknownRule], compilation.Diagnostics.Select(d => d.Code));
        Assert.Empty(compilation.Tests);
    }

    [Fact]
    public void Words_of_a_test_are_names_elsewhere()
    {
        var compilation = RuleCompiler.Compile(new SourceText("a.cep", """
            stream at { at timestamp restart int expect string test string watermark for at delay 1s }
            rule expect { from at key test match late: at where restart > 1 within 5m emit alert { at = late.restart, none = late.expect } }
            test expect "at" {
                at 0s at { restart: 2, expect: "none", test: "k" } late by 1s
                expect alert { at: 2, none: "none", test: "k" } at 0s
            }
            """));
        Assert.Empty(compilation.Diagnostics);
        Assert.Single(compilation.Tests);
    }

    private static RuleTest Test(string statements)
    {
        var compilation = RuleCompiler.Compile([Compiled.Streams, new SourceText("test.cep", $"{Rule}test big \"it\" {{\n{statements}\n}}")]);
        Assert.True(compilation.RuleSet is not null, string.Join("\n", compilation.Diagnostics.Select(d => d.Render())));
        return Assert.Single(compilation.Tests);
    }
}
