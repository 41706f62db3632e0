using Cep.Language;
using Cep.Language.Text;
using Cep.Rules.Testing;
using Cep.Streaming.Testing;

namespace Cep.Streaming.Tests.Testing;

public class RuleTestRunnerTests
{
    private const string Streams = """
        stream pays { card string amount decimal note string? ts timestamp watermark for ts delay 10s }
        stream ships { card string ts timestamp watermark for ts delay 1m }
        stream ticks { n int processing time }
        """;

    private const string Rules = Streams + """

        rule large {
            from  pays key card
            match a: pays where amount > 100 -> b: pays where amount > 2 * a.amount within 5m
            emit  alert { first = a.amount, then = b.amount, rate = 1.0 / 3 }
        }
        rule unshipped {
            severity high
            from  pays key card, ships key card
            match p: pays -> not s: ships within 1h
            emit  alert { due = deadline(), note = p.note }
        }
        rule draft { status draft from ticks match a: ticks where n > 3 within 5m emit alert { n = a.n } }
        list trusted of string = ("Gate", "Meter")
        rule paid_twice {
            from     pays key card
            match    a: pays -> b: pays where amount > a.amount within 10m
            emit     alert { amount = b.amount, what = a.amount }
            emit on timeout alert { due = deadline(), what = a.note }
        }
        rule waits {
            severity critical if a.amount > 100 else high if a.note in @trusted else low
            from     pays key card where note is null or note not in @trusted or amount == 7
            match    a: pays -> b: pays where amount > a.amount within 10m
            unless   pays where amount == 0
            emit     on timeout alert { amount = a.amount, next = b.amount }
        }
        rule seldom { from pays key card match a: pays where amount > 0 within 5m emit alert { amount = a.amount } suppress by card for 10m }
        rule few { from pays key card match a: pays where amount > 0 within 5m emit alert { amount = a.amount } suppress by amount for 1m limit 2 per 10m }
        rule loud { from pays key card match a: pays where amount > 0 within 5m emit alert { amount = a.amount } }
        """;

    [Fact]
    public void Alert_with_the_values_at_the_time_is_what_was_expected() => Check("large", """
        at 0s pays { card: "c", amount: 101 }
        at 1m pays { card: "c", amount: 203 }
        expect alert { card: "c", first: 101.00, then: 203, rate: 0.3333333333333, severity: "medium", kind: "match" } at 1m
        """);

    [Fact]
    public void Alert_that_differs_is_told_beside_what_was_expected()
    {
        var failures = Failures("large", """
            at 0s pays { card: "c", amount: 101 }
            at 1m pays { card: "c", amount: 203 }
            expect alert { first: 102, then: 203 } at 1m
            """);
        var missing = Assert.IsType<MissingAlert>(Assert.Single(failures));
        Assert.Equal(("The expected alert did not come; this one did.", 101m, 60_000), (missing.Message, missing.Nearest!.Values[0], missing.Nearest.AtMs));
        Assert.Equal([false, true], missing.Expected.Values.Select(v => AlertComparison.IsMet(v, missing.Nearest)));
    }

    [Fact]
    public void Alert_at_another_time_value_or_key_is_another_alert()
    {
        const string events = "at 0s pays { card: \"c\", amount: 101 }\n at 1m pays { card: \"c\", amount: 203 }\n";
        Assert.Single(Failures("large", events + "advance to 5m expect alert {} at 59s"));
        Assert.Single(Failures("large", events + "expect alert { card: \"d\" }"));
        Assert.Single(Failures("large", events + "expect alert { rate: 0.33333 }"));
        Assert.Single(Failures("large", events + "expect alert { first: null }"));
        Check("large", events + "expect alert {}");
    }

    [Fact]
    public void Alerts_that_no_expectation_takes_are_failures_only_where_alerts_are_expected_or_none_is()
    {
        const string events = "at 0s pays { card: \"c\", amount: 1 }\n at 1s pays { card: \"c\", amount: 2 }\n";
        Assert.Equal(["There is an alert that no `expect` takes."], Messages("loud", events + "expect alert { amount: 1 }"));
        Assert.Equal(["No alert was expected, but this one came.", "No alert was expected, but this one came."], Messages("loud", events + "expect none"));
        Assert.Equal(["There is an alert of which `amount > 1` holds."], Messages("loud", events + "expect none where amount > 1"));
        Check("loud", events + "expect none where amount > 2");
        Check("loud", events + "expect none where 1 / (amount - amount) > 0");
        Check("loud", events + "expect late 0");
    }

    [Fact]
    public void Each_alert_is_taken_once_and_by_whom_nothing_else_is_left()
    {
        const string events = "at 0s pays { card: \"c\", amount: 1 }\n at 1s pays { card: \"c\", amount: 2 }\n";
        Check("loud", events + "expect alert {}\n expect alert { amount: 1 }");
        Assert.Equal(["The expected alert did not come; this one did."], Messages("loud", events + "expect alert { amount: 1 }\n expect alert { amount: 1 }"));
        Assert.Equal(["The expected alert did not come."], Messages("loud", events + "expect alert {}\n expect alert {}\n expect alert {}"));
        Assert.Equal(["The expected alert did not come; there was none at all."], Messages("loud", "at 0s pays { card: \"c\", amount: 0 }\n expect alert {}"));
    }

    [Fact]
    public void Most_alike_are_told_side_by_side()
    {
        var failures = Failures("loud", """
            at 0s pays { card: "c", amount: 1 }
            at 1s pays { card: "d", amount: 2 }
            expect alert { card: "d", amount: 3 } at 1s
            expect alert { card: "e", amount: 1 } at 0s
            """);
        Assert.Equal([1_000L, 0], failures.Cast<MissingAlert>().Select(f => f.Nearest!.AtMs));
    }

    [Fact]
    public void Deadlines_pass_up_to_the_end_of_the_test_and_no_further()
    {
        const string bought = "at 0s pays { card: \"c\", amount: 1, note: \"n\" }\n";
        Check("unshipped", bought + "advance to 1h\n expect alert { due: 1h, note: \"n\", severity: \"high\" } at 1h");
        Check("unshipped", bought + "advance to 59m59s999ms\n expect none");
        Check("unshipped", bought + "at 59m59s999ms ships { card: \"c\" }\n advance to 2h expect none");
        Check("unshipped", bought + "at 1h ships { card: \"c\" }\n expect alert {} at 1h");
    }

    [Fact]
    public void Events_of_one_time_come_in_the_order_written_whatever_their_streams()
    {
        Check("unshipped", "at 0s pays { card: \"c\", amount: 1 }\n at 0s ships { card: \"c\" }\n advance to 1h expect none");
        Check("unshipped", "at 0s ships { card: \"c\" }\n at 0s pays { card: \"c\", amount: 1 }\n advance to 1h expect alert {}");
    }

    [Theory]
    [InlineData("10s", 0)]
    [InlineData("10s1ms", 1)]
    public void Event_is_late_beyond_the_delay_of_its_stream(string by, int late) => Check("loud", $$"""
        at 1m pays { card: "c", amount: 0 }
        at 50s pays { card: "c", amount: 5 } late by {{by}}
        expect late {{late}}
        {{(late == 0 ? "expect alert { amount: 5 } at 50s" : "expect none")}}
        """);

    [Fact]
    public void Each_stream_has_its_own_delay()
    {
        Check("unshipped", "at 0s pays { card: \"c\", amount: 1 }\n at 5s ships { card: \"c\" } late by 1m\n advance to 2h expect none expect late 0");
        Check("unshipped", "at 0s pays { card: \"c\", amount: 1 }\n at 5s ships { card: \"c\" } late by 1m1ms\n advance to 2h expect alert {} expect late 1");
        Assert.Equal(["1 event was late, but 0 were expected to be."], Messages("unshipped",
            "at 0s pays { card: \"c\", amount: 1 }\n at 5s pays { card: \"c\", amount: 1 } late by 11s expect late 0"));
    }

    [Fact]
    public void Advance_makes_late_what_comes_behind_it()
    {
        Check("loud", "at 0s pays { card: \"c\", amount: 1 }\n advance to 1m\n at 55s pays { card: \"c\", amount: 2 } late by 5s\n expect late 1 expect alert { amount: 1 }");
        Check("loud", "at 0s pays { card: \"c\", amount: 1 }\n advance to 1m\n at 1m1ms pays { card: \"c\", amount: 2 }\n expect alert { amount: 1 } expect alert { amount: 2 }");
    }

    [Fact]
    public void Restart_anywhere_and_as_often_as_one_likes_changes_nothing()
    {
        string[] steps =
        [
            "at 0s pays { card: \"c\", amount: 101 }", "at 1s pays { card: \"d\", amount: 102 }", "at 2s pays { card: \"e\", amount: 103 }",
            "at 1m pays { card: \"d\", amount: 300 }", "at 52s pays { card: \"c\", amount: 301 } late by 10s", "at 40s pays { card: \"e\", amount: 301 } late by 30s",
            "advance to 4m", "at 5m2s pays { card: \"e\", amount: 302 }",
        ];
        const string expected = "\nexpect alert { card: \"c\", then: 301 } at 52s\nexpect alert { card: \"d\", then: 300 } at 1m\nexpect late 1\n";
        Check("large", string.Join('\n', steps) + expected);
        Check("large", string.Join("\nrestart\n", steps) + "\nrestart\nrestart" + expected);
        for (var i = 0; i < steps.Length; i++)
            Check("large", string.Join('\n', steps[..i].Append("restart").Concat(steps[i..])) + expected);
    }

    [Fact]
    public void Deadline_that_has_passed_before_a_restart_is_told_once() => Check("unshipped", """
        at 0s pays { card: "c", amount: 1 }
        at 30m pays { card: "d", amount: 1 }
        advance to 1h
        restart
        advance to 2h
        restart
        advance to 3h
        expect alert { card: "c" } at 1h
        expect alert { card: "d" } at 1h30m
        """);

    [Fact]
    public void Draft_is_tested_and_processing_time_is_what_the_test_says() =>
        Check("draft", "at 5s ticks { n: 4 }\n restart\n at 5s ticks { n: 3 }\n expect alert { n: 4 } at 5s");

    [Fact]
    public void More_events_than_a_batch_come_through() => Check("large", string.Concat(Enumerable.Range(0, 1_500).Select(i =>
        $"at {i}s pays {{ card: \"c{i % 50}\", amount: {(i == 3 ? 101 : i == 253 ? 203 : 1)} }}\n")) + "expect alert { card: \"c3\" } at 253s");

    [Fact]
    public void Rule_that_fails_is_the_failure_of_its_test()
    {
        const string rule = "rule full { from pays key card match a: pays -> b: pays where amount > 5 within 1h partials 1 per key on overflow fail }\n";
        var result = Run(rule, "full", "at 0s pays { card: \"c\", amount: 1 }\n at 1s pays { card: \"c\", amount: 1 }\n expect none");
        Assert.StartsWith("The rule failed: ", Assert.IsType<RuleFailed>(Assert.Single(result.Failures)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Failures_stand_in_the_order_of_their_lines()
    {
        var failures = Failures("loud", """
            at 0s pays { card: "c", amount: 1 }
            at 1s pays { card: "d", amount: 2 }
            expect late 1
            expect none where amount > 1
            expect alert { amount: 7 }
            """);
        Assert.Equal([typeof(WrongLateCount), typeof(UnexpectedAlert), typeof(MissingAlert)], failures.Select(f => f.GetType()));
        Assert.True(failures.Select(f => f.Place.Line).SequenceEqual(failures.Select(f => f.Place.Line).Order()));
    }

    [Fact]
    public void Timeouts_are_alerts_beside_matches_where_the_rule_tells_both()
    {
        const string events = "at 0s pays { card: \"c\", amount: 1 }\n at 1m pays { card: \"c\", amount: 2, note: \"n\" }\n";
        Check("paid_twice", events + """
            advance to 11m
            expect alert { card: "c", amount: 2, due: null, kind: "match" } at 1m
            """);
        Check("paid_twice", "at 0s pays { card: \"c\", amount: 3, note: \"n\" }\n restart\n advance to 10m\n expect alert { due: 10m, amount: null, kind: \"timeout\" } at 10m");
        Check("paid_twice", "at 0s pays { card: \"c\", amount: 3 }\n advance to 9m59s999ms expect none");
    }

    [Fact]
    public void Matches_and_timeouts_of_a_rule_that_tells_them_not_are_no_alerts()
    {
        Check("waits", "at 0s pays { card: \"c\", amount: 1 }\n at 1m pays { card: \"c\", amount: 2 }\n advance to 5m expect none");
        Check("waits", "at 0s pays { card: \"c\", amount: 1 }\n advance to 10m\n expect alert { amount: 1, next: null, kind: \"timeout\", severity: \"low\" } at 10m");
        Check("large", "at 0s pays { card: \"c\", amount: 101 }\n advance to 1h expect none");
    }

    [Theory]
    [InlineData("amount: 101", "critical")]
    [InlineData("amount: 100", "low")]
    [InlineData("amount: 7, note: \"Gate\"", "high")]
    [InlineData("amount: 7, note: \"Gates\"", "low")]
    public void Severity_is_that_of_the_alert(string event_, string severity)
    {
        var statements = $"at 0s pays {{ card: \"c\", {event_} }}\n advance to 10m\n expect alert {{ severity: ";
        Check("waits", $"{statements}\"{severity}\" }}");
        Assert.Single(Messages("waits", $"{statements}\"medium\" }}"));
        Check("waits", $"at 0s pays {{ card: \"c\", {event_} }}\n advance to 10m\n expect none where severity != \"{severity}\"");
    }

    [Fact]
    public void What_is_in_a_list_is_left_out_and_an_event_of_unless_calls_off()
    {
        Check("waits", "at 0s pays { card: \"c\", amount: 1, note: \"Meter\" }\n advance to 10m expect none");
        Check("waits", "at 0s pays { card: \"c\", amount: 1 }\n at 0s pays { card: \"d\", amount: 1 }\n restart\n at 1m pays { card: \"c\", amount: 0, note: \"Gate\" }\n advance to 1h expect alert { card: \"d\" }");
    }

    [Fact]
    public void Suppressed_alerts_do_not_come_and_the_next_one_says_how_many_also_over_restarts()
    {
        string[] steps =
        [
            "at 0s pays { card: \"c\", amount: 1 }", "at 1m pays { card: \"c\", amount: 2 }", "at 2m pays { card: \"d\", amount: 3 }",
            "at 9m59s999ms pays { card: \"c\", amount: 4 }", "at 10m pays { card: \"c\", amount: 5 }", "at 12m pays { card: \"d\", amount: 6 }",
        ];
        const string expected = """

            expect alert { card: "c", amount: 1, suppressed: 0 } at 0s
            expect alert { card: "d", amount: 3, suppressed: 0 } at 2m
            expect alert { card: "c", amount: 5, suppressed: 2 } at 10m
            expect alert { card: "d", amount: 6, suppressed: 0 } at 12m
            expect none where suppressed == 1
            """;
        Check("seldom", string.Join('\n', steps) + expected);
        for (var i = 0; i <= steps.Length; i++)
            Check("seldom", string.Join('\n', steps[..i].Append("restart").Concat(steps[i..])) + expected);
        Check("seldom", string.Join("\nrestart\n", steps) + expected);
        Assert.Equal(["The expected alert did not come."], Messages("seldom", string.Join('\n', steps) + expected + "\nexpect alert { amount: 2 }"));
    }

    [Fact]
    public void Limit_holds_back_what_was_not_suppressed_also_over_restarts()
    {
        string[] steps =
        [
            "at 0s pays { card: \"c\", amount: 1 }", "at 1s pays { card: \"d\", amount: 1 }", "at 2s pays { card: \"c\", amount: 2 }", "at 3s pays { card: \"c\", amount: 3 }",
            "at 4s pays { card: \"c\", amount: 4 }", "at 10m pays { card: \"c\", amount: 1 }",
        ];
        const string expected = """

            expect alert { amount: 1, suppressed: 0, limited: 0 } at 0s
            expect alert { amount: 2, suppressed: 0, limited: 0 } at 2s
            expect alert { amount: 1, suppressed: 0, limited: 2 } at 10m
            """;
        Check("few", string.Join('\n', steps) + expected);
        Check("few", string.Join("\nrestart\n", steps) + expected);
    }

    private static void Check(string rule, string statements) => Assert.Equal([], Messages(rule, statements));

    private static IEnumerable<string> Messages(string rule, string statements) => Failures(rule, statements).Select(f => f.Message);

    private static IReadOnlyList<TestFailure> Failures(string rule, string statements) => Run("", rule, statements).Failures;

    private static RuleTestResult Run(string more, string rule, string statements)
    {
        var text = $"{Rules}\n{more}test {rule} \"it\" {{\n{statements}\n}}\n";
        var compilation = RuleCompiler.Compile(new SourceText("test.cep", text));
        Assert.True(compilation.RuleSet is not null, string.Join("\n", compilation.Diagnostics.Select(d => d.Render())));
        return new RuleTestRunner(compilation.RuleSet!).Run(Assert.Single(compilation.Tests));
    }
}
