using System.CommandLine;
using System.Text;
using Cep.Cli.Terminal;
using Cep.Language.Diagnostics;
using Cep.Language.Formatting;
using Cep.Language.Text;

namespace Cep.Cli.Fmt;

/// <summary><c>cep fmt</c>: rule files in the one canonical layout.</summary>
internal static class FmtCommand
{
    private const string StandardInput = "-";

    private static readonly Help Help = new(
        """
        Only white space changes: comments stay where they are, and one empty line
        stays where there were some. The files that change are listed on standard
        output. A file with syntax errors is left as it is, and its errors are printed
        on standard error; what else is wrong with rules does not matter here.
        For RULES `-`, standard input is formatted to standard output.
        """,
        [
            ("cep fmt rules/", "every rule file of a folder"),
            ("cep fmt rules/ --check", "is anything left to do? For a build, or a hook before a commit"),
            ("cep fmt - < draft.cep", "what would it look like?"),
        ],
        [
            (ExitCode.Ok, "the files are in the canonical layout, now or already"),
            (ExitCode.RuleErrors, "files have syntax errors; the others are formatted"),
            (ExitCode.WrongUsage, "wrong usage: arguments, or files that are not there"),
            (ExitCode.RunFailed, "a file cannot be written"),
            (ExitCode.NotFormatted, "--check: files would change"),
        ]);

    public static Command Create()
    {
        var rules = CommandLine.RulesArgument();
        var check = new Option<bool>("--check") { Description = "Changes nothing, and lists the files that would change." };
        var command = new DocumentedCommand("fmt", "Brings rule files into the one canonical layout.", Help) { rules, check };
        command.SetAction(result => Run(result.GetRequiredValue(rules), result.GetValue(check)));
        return command;
    }

    private static int Run(IReadOnlyList<string> paths, bool isCheck)
    {
        if (paths is [StandardInput])
            return RunOnStandardInput(isCheck);
        if (paths.Contains(StandardInput))
            throw new UsageException("Standard input, `-`, is formatted alone; other rules were given beside it.");
        var files = RuleFiles.Read(paths);
        var results = files.Select(RuleFormatter.Format).ToList();
        var wrong = results.SelectMany(r => r.Diagnostics).ToList();
        RuleFiles.Tell(wrong);
        var changing = files.Zip(results).Where(f => f.Second.Text is { } text && text != f.First.Text).ToList();
        foreach (var (file, result) in changing)
        {
            if (!isCheck && !TryReplace(file.Path, result.Text!))
                return ExitCode.RunFailed;
            Console.Out.WriteLine(file.Path);
        }
        Console.Error.WriteLine(LastLine(changing.Count, files.Count, isCheck, wrong));
        return Code(wrong.Count > 0, isCheck && changing.Count > 0);
    }

    private static int RunOnStandardInput(bool isCheck)
    {
        using var input = Console.OpenStandardInput();
        var bytes = new MemoryStream();
        input.CopyTo(bytes);
        var source = SourceText.FromUtf8("standard input", bytes.ToArray());
        var result = RuleFormatter.Format(source);
        RuleFiles.Tell(result.Diagnostics);
        if (result.Text is { } text && !isCheck)
        {
            using var output = Console.OpenStandardOutput();
            output.Write(Encoding.UTF8.GetBytes(text));
        }
        return Code(result.Text is null, isCheck && result.Text != source.Text);
    }

    private static int Code(bool hasErrors, bool wouldChange) =>
        hasErrors ? ExitCode.RuleErrors : wouldChange ? ExitCode.NotFormatted : ExitCode.Ok;

    private static bool TryReplace(string path, string text)
    {
        try
        {
            FileReplacement.Write(path, text);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"{TextStyle.OfError.Red("error")}: `{path}` cannot be written: {e.Message}");
            return false;
        }
    }

    private static string LastLine(int changing, int files, bool isCheck, List<Diagnostic> wrong)
    {
        var changed = $"{changing} of {DiagnosticText.Count(files, "file")} {(isCheck ? "would change" : "formatted")}";
        return wrong.Count == 0 ? changed : $"{DiagnosticText.Counts(wrong)}; {changed}";
    }
}
