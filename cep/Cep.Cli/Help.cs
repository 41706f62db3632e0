using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Cep.Cli;

/// <summary>What the help of a command says behind its arguments and options.</summary>
/// <param name="Text">What does not fit into the description, in lines of at most 80 columns; empty for nothing.</param>
/// <param name="Examples">Command lines, each with what it does.</param>
/// <param name="ExitCodes">The codes the command can end with, and what each means.</param>
internal sealed record Help(string Text, IReadOnlyList<(string Line, string Meaning)> Examples, IReadOnlyList<(int Code, string Meaning)> ExitCodes);

/// <summary>A command whose help has more than its options to say.</summary>
internal sealed class DocumentedCommand(string name, string description, Help help) : Command(name, description)
{
    public Help Help { get; } = help;
}

/// <summary>Prints the help of the library, then text, examples and exit codes.</summary>
/// <param name="options">Prints description, usage, arguments and options.</param>
/// <param name="root">The help of the tool itself.</param>
internal sealed class HelpWithExamples(HelpAction options, Help root) : SynchronousCommandLineAction
{
    private const int ColumnsMax = 100;
    private const int UnknownColumns = 80;

    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        var columns = Console.IsOutputRedirected || Console.WindowWidth <= 0 ? UnknownColumns : Console.WindowWidth;
        options.MaxWidth = Math.Min(columns, ColumnsMax);
        options.Invoke(parseResult);
        Write(parseResult.CommandResult.Command is DocumentedCommand command ? command.Help : root, parseResult.InvocationConfiguration.Output);
        return ExitCode.Ok;
    }

    private static void Write(Help help, TextWriter output)
    {
        if (help.Text.Length > 0)
            WriteSection(output, "Details:", help.Text.ReplaceLineEndings("\n").Split('\n'));
        WriteSection(output, "Examples:", help.Examples.SelectMany(e => new[] { "# " + e.Meaning, e.Line }));
        WriteSection(output, "Exit codes:", help.ExitCodes.Select(c => $"{c.Code,3}  {c.Meaning}"));
    }

    private static void WriteSection(TextWriter output, string title, IEnumerable<string> lines)
    {
        output.WriteLine(title);
        foreach (var line in lines)
            output.WriteLine(line.Length == 0 ? "" : "  " + line);
        output.WriteLine();
    }
}
