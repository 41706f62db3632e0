using System.CommandLine;
using Cep.Cli.Terminal;
using Cep.Language;

namespace Cep.Cli.Check;

/// <summary><c>cep check</c>: what is wrong with rules, without running them.</summary>
internal static class CheckCommand
{
    private static readonly Help Help = new(
        """
        All files are checked as one set: a rule may read a stream that another file
        declares. Every error and warning is printed, with its place and, where one
        can be guessed, its fix; a warning is no error.
        """,
        [
            ("cep check rules/", "every rule file of a folder"),
            ("cep check streams.cep fraud.cep", "two files as one set"),
        ],
        [
            (ExitCode.Ok, "no errors"),
            (ExitCode.RuleErrors, "the rules have errors"),
            (ExitCode.WrongUsage, "wrong usage: arguments, or files that are not there"),
        ]);

    public static Command Create()
    {
        var rules = CommandLine.RulesArgument();
        var command = new DocumentedCommand("check", "Checks rules without running them.", Help) { rules };
        command.SetAction(result => Run(result.GetRequiredValue(rules)));
        return command;
    }

    private static int Run(IReadOnlyList<string> paths)
    {
        var files = RuleFiles.Read(paths);
        var compilation = RuleCompiler.Compile(files);
        var style = TextStyle.OfOutput;
        foreach (var diagnostic in compilation.Diagnostics)
            Console.Out.WriteLine(DiagnosticText.Of(diagnostic, style) + "\n");
        Console.Out.WriteLine(LastLine(compilation, files.Count, style));
        return compilation.HasErrors ? ExitCode.RuleErrors : ExitCode.Ok;
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
