using System.Xml.Linq;
using Xunit;

namespace Cep.Cli.Tests;

public sealed class CliTestTests : IDisposable
{
    private const string Rules = """
        stream pays { card string amount decimal shop string? ts timestamp watermark for ts delay 10s }
        rule large { from pays key card match a: pays where amount > 100 within 5m emit alert { amount = a.amount, shop = a.shop, when = a.ts } }
        rule untested { from pays key card match a: pays within 5m }

        """;

    private const string Passing = "test large \"fires\" { at 1s pays { card: \"c\", amount: 101 } expect alert { amount: 101 } at 1s }\n";

    private const string Failing = """
        test large "differs" {
            at 1h30m pays { card: "c", amount: 205.50, shop: "Phones \"R\" us" }
            expect alert { amount: 205.5, shop: "Shoes" } at 1h
        }
        test large "none" {
            at 1s pays { card: "c", amount: 5 }
            expect alert { amount: 5 }
            expect late 2
        }
        test large "more" {
            at 1s pays { card: "c", amount: 500 }
            expect none
        }
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Tests_that_pass_end_with_0()
    {
        var file = _folder.Write("a.cep", Rules + Passing);

        var result = CepProcess.Run("test", file);

        Assert.Equal((0, "large\n  ✓ fires\n\n1 passed, 0 failed\nwithout a test: untested\n", ""), (result.ExitCode, result.Output, result.Error));
    }

    [Fact]
    public void Failure_shows_what_was_expected_beside_what_came()
    {
        var file = _folder.Write("a.cep", Rules + Passing + Failing);

        var result = CepProcess.Run("test", file);

        Assert.Equal(6, result.ExitCode);
        Assert.Equal($$"""
            large
              ✓ fires
              ✗ differs
                {{file}}:7: The expected alert did not come; this one did.
                            expected     actual
                  detected  1h        ≠  1h30m
                  amount    205.5        205.50
                  shop      "Shoes"   ≠  "Phones \"R\" us"
                  when                   1h30m
                  card                   "c"
              ✗ none
                {{file}}:11: The expected alert did not come; there was none at all.
                          expected
                  amount  5
                {{file}}:12: No event was late, but 2 were expected to be.
              ✗ more
                {{file}}:16: No alert was expected, but this one came.
                            actual
                  detected  1s
                  amount    500
                  shop      null
                  when      1s
                  card      "c"

            1 passed, 3 failed
            without a test: untested

            """.ReplaceLineEndings("\n"), result.Output);
    }

    [Fact]
    public void Failure_shows_of_an_alert_what_others_of_its_rule_tell_otherwise()
    {
        var file = _folder.Write("a.cep", """
            stream pays { card string amount decimal ts timestamp watermark for ts delay 10s }
            rule repaid {
                severity high if a.amount > 5 else low
                from     pays key card
                match    a: pays -> b: pays where amount == a.amount within 5m
                emit     alert { amount = b.amount }
                emit     on timeout alert { open = a.amount }
                suppress by card for 1h
                limit    2 per 1h
            }
            test repaid "tells" {
                at 0s pays { card: "c", amount: 6 }
                at 1s pays { card: "d", amount: 5 }
                at 2s pays { card: "c", amount: 6 }
                at 3s pays { card: "e", amount: 4 }
                at 4s pays { card: "c", amount: 6 }
                at 5s pays { card: "c", amount: 6 }
                advance to 1h5m
                at 1h5m1s pays { card: "c", amount: 1 }
                at 1h5m2s pays { card: "c", amount: 1 }
                expect alert { card: "c", amount: 7, kind: "match" } at 2s
                expect alert { card: "c", amount: 1 } at 1h5m1s
            }
            """);

        var result = CepProcess.Run("test", file);

        Assert.Equal(6, result.ExitCode);
        Assert.Equal($$"""
            repaid
              ✗ tells
                {{file}}:21: The expected alert did not come; this one did.
                            expected     actual
                  detected  2s           2s
                  card      "c"          "c"
                  amount    7         ≠  6
                  kind      "match"      "match"
                  severity               "high"
                {{file}}:22: The expected alert did not come; this one did.
                              expected     actual
                  detected    1h5m1s    ≠  1h5m2s
                  card        "c"          "c"
                  amount      1            1
                  severity                 "low"
                  kind                     "match"
                  suppressed               1
                  limited                  1
                {{file}}:11: There is an alert that no `expect` takes.
                            actual
                  detected  5m1s
                  open      5
                  card      "d"
                  severity  "low"
                  kind      "timeout"

            0 passed, 1 failed

            """.ReplaceLineEndings("\n"), result.Output);
    }

    [Fact]
    public void Lists_are_read_from_their_files()
    {
        Directory.CreateDirectory(_folder["lists"]);
        File.WriteAllText(_folder["lists/shops.txt"], "# well known\nGate\n");
        var file = _folder.Write("a.cep", """
            stream pays { card string shop string ts timestamp watermark for ts delay 10s }
            list shops of string from "lists/shops.txt"
            rule known { from pays key card match a: pays where shop in @shops within 5m emit alert { shop = a.shop } }
            test known "a shop of the list" { at 0s pays { card: "c", shop: "Gate" } at 1s pays { card: "c", shop: "Gates" } expect alert { shop: "Gate" } }
            test known "not the comment" { at 0s pays { card: "c", shop: "# well known" } expect none where shop not in @shops expect none }
            """);

        var result = CepProcess.Run("test", file);

        Assert.Equal((0, "known\n  ✓ a shop of the list\n  ✓ not the comment\n\n2 passed, 0 failed\n", ""), (result.ExitCode, result.Output, result.Error));
    }

    [Fact]
    public void README_shows_what_it_prints()
    {
        var readme = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));
        var shown = readme.Split("```\n").Single(block => block.StartsWith("$ cat orders.cep\n", StringComparison.Ordinal)).Split("$ cep test orders.cep\n");
        _folder.Write("orders.cep", shown[0]["$ cat orders.cep\n".Length..]);

        var result = DotnetProcess.Run(_folder.FullName, [], new Dictionary<string, string?> { ["NO_COLOR"] = "1" }, Path.Combine(AppContext.BaseDirectory, "Cep.Cli.dll"), "test", "orders.cep");

        Assert.Equal((6, shown[1], ""), (result.ExitCode, result.Output, result.Error));
    }

    [Fact]
    public void Filter_takes_a_part_of_the_name_of_a_rule_or_a_test()
    {
        var file = _folder.Write("a.cep", Rules + Passing + Failing);

        Assert.Equal((0, "large\n  ✓ fires\n\n1 passed, 0 failed\n"), CepProcess.Run("test", file, "--filter", "FIRE") is var one ? (one.ExitCode, one.Output) : default);
        Assert.EndsWith("\n1 passed, 3 failed\n", CepProcess.Run("test", file, "--filter", "large").Output, StringComparison.Ordinal);
        Assert.Equal((2, ""), CepProcess.Run("test", file, "--filter", "nothing") is var none ? (none.ExitCode, none.Output) : default);
    }

    [Fact]
    public void Rules_without_tests_and_rules_with_errors_are_not_success()
    {
        var none = CepProcess.Run("test", _folder.Write("none.cep", Rules));
        var wrong = CepProcess.Run("test", _folder.Write("wrong.cep", Rules + Passing.Replace("amount", "amont", StringComparison.Ordinal)));

        Assert.Equal((2, ""), (none.ExitCode, none.Output));
        Assert.StartsWith("error: There are no tests: ", none.Error, StringComparison.Ordinal);
        Assert.Equal((1, ""), (wrong.ExitCode, wrong.Output));
        Assert.Contains("error CEP0204: There is no field `amont` on stream `pays`.", wrong.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Junit_file_has_a_suite_for_each_rule_and_the_failures_of_each_test()
    {
        var file = _folder.Write("a.cep", Rules + Passing + Failing + "\ntest untested \"\u0007 <any>\" { at 0s pays { card: \"c\" } expect alert {} }\n");

        var result = CepProcess.Run("test", file, "--junit", _folder["tests.xml"]);

        Assert.Equal(6, result.ExitCode);
        var suites = XDocument.Load(_folder["tests.xml"]).Root!;
        Assert.Equal(("testsuites", "5", "3"), (suites.Name.LocalName, (string)suites.Attribute("tests")!, (string)suites.Attribute("failures")!));
        Assert.Equal([("large", "4", "3"), ("untested", "1", "0")], suites.Elements("testsuite").Select(s => ((string)s.Attribute("name")!, (string)s.Attribute("tests")!, (string)s.Attribute("failures")!)));
        Assert.Equal(["fires", "differs", "none", "more", "\uFFFD <any>"], suites.Descendants("testcase").Select(c => (string)c.Attribute("name")!));
        Assert.Equal([0, 1, 2, 1, 0], suites.Descendants("testcase").Select(c => c.Elements("failure").Count()));
        var failure = suites.Descendants("failure").First();
        Assert.Equal("The expected alert did not come; this one did.", (string)failure.Attribute("message")!);
        Assert.Contains("\n  amount    205.5        205.50\n", failure.Value, StringComparison.Ordinal);
        Assert.Equal(File.ReadAllText(_folder["tests.xml"]), Again());

        string Again()
        {
            CepProcess.Run("test", file, "--junit", _folder["again.xml"]);
            return File.ReadAllText(_folder["again.xml"]);
        }
    }

    [Fact]
    public void Junit_file_that_cannot_be_written_is_told()
    {
        var result = CepProcess.Run("test", _folder.Write("a.cep", Rules + Passing), "--junit", Path.Combine(_folder["nowhere"], "tests.xml"));

        Assert.Equal(3, result.ExitCode);
        Assert.StartsWith($"error: `{Path.Combine(_folder["nowhere"], "tests.xml")}` cannot be written: ", result.Error, StringComparison.Ordinal);
    }
}
