using System.CommandLine;
using Cep.Cli.Terminal;
using Cep.Language;

namespace Cep.Cli.Check;

/// <summary><c>cep check</c>: what is wrong with rules, without running them.</summary>
internal static class CheckCommand
{
    private const string Text = "text";
    private const string Json = "json";
    private const string Sarif = "sarif";

    private static readonly Help Help = new(
        """
        All files are checked as one set: a rule may read a stream that another file
        declares. Every error and warning is printed, with its place and, where one
        can be guessed, its fix; a warning is no error.
        With --format json, each is one object on one line: file, line and column
        (from 1, in characters), endLine and endColumn (just behind), severity, code,
        message, fix (a suggestion or null). With --format sarif, all are one SARIF
        2.1.0 log, as code scanning takes it. Nothing else is on standard output then.
        """,
        [
            ("cep check rules/", "every rule file of a folder"),
            ("cep check streams.cep fraud.cep", "two files as one set"),
            ("cep check rules/ --format json | jq -r .message", "for a script"),
            ("cep check rules/ --format sarif > rules.sarif", "for code scanning"),
        ],
        [
            (ExitCode.Ok, "no errors"),
            (ExitCode.RuleErrors, "the rules have errors"),
            (ExitCode.WrongUsage, "wrong usage: arguments, or files that are not there"),
        ]);

    public static Command Create()
    {
        var rules = CommandLine.RulesArgument();
        var format = new Option<string>("--format")
        {
            HelpName = "FORMAT", Description = "How findings are written: text, json or sarif.", DefaultValueFactory = _ => Text,
        };
        format.Validators.Add(given =>
        {
            if (given.Tokens is [{ Value: var word }] && word is not (Text or Json or Sarif))
                given.AddError($"--format is text, json or sarif, not `{word}`.");
        });
        var command = new DocumentedCommand("check", "Checks rules without running them.", Help) { rules, format };
        command.SetAction(result => Run(result.GetRequiredValue(rules), result.GetRequiredValue(format)));
        return command;
    }

    private static int Run(IReadOnlyList<string> paths, string format)
    {
        var files = RuleFiles.Read(paths);
        var compilation = RuleCompiler.Compile(files, RuleListFiles.Read);
        if (format == Text)
            WriteText(compilation, files.Count);
        else
            Console.Out.Write(format == Json ? DiagnosticJson.Lines(compilation.Diagnostics) : SarifLog.Of(compilation.Diagnostics, Environment.CurrentDirectory));
        return compilation.HasErrors ? ExitCode.RuleErrors : ExitCode.Ok;
    }

    private static void WriteText(RuleCompilation compilation, int files)
    {
        var style = TextStyle.OfOutput;
        foreach (var diagnostic in compilation.Diagnostics)
            Console.Out.WriteLine(DiagnosticText.Of(diagnostic, style) + "\n");
        Console.Out.WriteLine(LastLine(compilation, files, style));
    }

    private static string LastLine(RuleCompilation compilation, int files, TextStyle style)
    {
        var where = $" in {DiagnosticText.Count(files, "file")}";
        var counts = DiagnosticText.Counts(compilation.Diagnostics);
        if (compilation.RuleSet is not { } set)
            return style.Red(counts) + where;
        var ok = $"{style.Green("ok")}: {DiagnosticText.Count(set.Rules.Count, "rule")}, {DiagnosticText.Count(set.Streams.Count, "stream")}{where}";
        return counts.Length == 0 ? ok : $"{ok}, {style.Yellow(counts)}";
    }
}
