using System.CommandLine;
using System.Xml;
using Cep.Cli.Terminal;
using Cep.Language;
using Cep.Rules;
using Cep.Rules.Testing;
using Cep.Streaming.Testing;

namespace Cep.Cli.Test;

/// <summary><c>cep test</c>: do rules find what their tests say?</summary>
internal static class TestCommand
{
    private static readonly Help Help = new(
        """
        Runs the `test` blocks of rule files: each in a job of its own, with its rule
        alone and the events that it writes down, as `cep run` would, but with time
        that the test tells. A failure shows the alert that was expected beside the
        one that came, and marks the values that differ.
        """,
        [
            ("cep test rules/", "every test of a folder"),
            ("cep test rules/ --filter card_testing", "those of a rule, or with a word in their names"),
            ("cep test rules/ --junit tests.xml", "for a build server"),
        ],
        [
            (ExitCode.Ok, "all tests passed"),
            (ExitCode.RuleErrors, "the rules or tests have errors; they are printed on standard error, and nothing is run"),
            (ExitCode.WrongUsage, "wrong usage: arguments, files that are not there, no test to run"),
            (ExitCode.RunFailed, "the JUnit file cannot be written"),
            (ExitCode.TestsFailed, "tests failed"),
        ]);

    public static Command Create()
    {
        var rules = CommandLine.RulesArgument();
        var filter = new Option<string?>("--filter") { HelpName = "TEXT", Description = "Runs the tests whose rule or name has this in it, letter case aside." };
        var junit = new Option<string?>("--junit") { HelpName = "FILE", Description = "Writes what came of the tests as JUnit XML, too." };
        var command = new DocumentedCommand("test", "Runs the tests of rules.", Help) { rules, filter, junit };
        command.SetAction(result => Run(result.GetRequiredValue(rules), result.GetValue(filter), result.GetValue(junit)));
        return command;
    }

    private static int Run(IReadOnlyList<string> paths, string? filter, string? junit)
    {
        var compilation = RuleFiles.CompileAll(RuleFiles.Read(paths));
        if (compilation.RuleSet is not { } set)
            return ExitCode.RuleErrors;
        var runner = new RuleTestRunner(set);
        var results = Chosen(compilation.Tests, filter).ConvertAll(runner.Run);
        Console.Out.Write(new TestReport(TextStyle.OfOutput, TerminalWidth.OfOutput).Of(results, filter is null ? Untested(set, compilation.Tests) : []));
        if (junit is not null && !TryWrite(junit, results))
            return ExitCode.RunFailed;
        return results.TrueForAll(r => r.HasPassed) ? ExitCode.Ok : ExitCode.TestsFailed;
    }

    private static List<RuleTest> Chosen(IReadOnlyList<RuleTest> tests, string? filter)
    {
        if (tests.Count == 0)
            throw new UsageException("There are no tests: write `test RULE \"what it shows\" { … }` into a rule file.");
        var chosen = tests.Where(t => filter is null || Has(t.Rule.Name, filter) || Has(t.Name, filter)).ToList();
        return chosen.Count > 0 ? chosen : throw new UsageException($"No test has `{filter}` in its name or in that of its rule.");
    }

    private static bool Has(string name, string filter) => name.Contains(filter, StringComparison.OrdinalIgnoreCase);

    private static IReadOnlyList<string> Untested(RuleSet set, IReadOnlyList<RuleTest> tests) =>
        [.. set.Rules.Where(r => !tests.Any(t => ReferenceEquals(t.Rule, r))).Select(r => r.Name)];

    private static bool TryWrite(string path, IReadOnlyList<RuleTestResult> results)
    {
        try
        {
            using var xml = XmlWriter.Create(path, JUnitReport.Settings);
            JUnitReport.Write(xml, results);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"{TextStyle.OfError.Red("error")}: `{path}` cannot be written: {e.Message}");
            return false;
        }
    }
}
