using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Cep.Cli.Check;
using Cep.Cli.Explain;
using Cep.Cli.Terminal;

namespace Cep.Cli;

/// <summary>The command line of the tool: its commands, and what becomes of a wrong call.</summary>
internal static class CommandLine
{
    private static readonly Help RootHelp = new("",
        [
            ("cep check rules/", "are the rules right?"),
            ("cep explain rules/fraud.cep", "what does a rule look for?"),
            ("cep run rules/ --input auths.jsonl", "what does it find?"),
        ],
        [
            (ExitCode.Ok, "all is well"),
            (ExitCode.RuleErrors, "the rules have errors"),
            (ExitCode.WrongUsage, "wrong usage: arguments, or files that are not there"),
            (ExitCode.RunFailed, "the run failed: reading, writing, corrupt input"),
            (ExitCode.Interrupted, "interrupted by Ctrl-C"),
        ]);

    /// <summary>Runs the tool.</summary>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static int Run(IReadOnlyList<string> args)
    {
        var result = CreateRoot().Parse(args);
        if (result.Action is ParseErrorAction)
            return Refuse(result.Errors.Select(e => e.Message), result.CommandResult.Command);
        try
        {
            return result.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        }
        catch (UsageException e)
        {
            return Refuse(e.Problems, result.CommandResult.Command);
        }
    }

    /// <summary>The argument that names rule files and folders.</summary>
    public static Argument<string[]> RulesArgument() => new("RULES")
    {
        Description = "Rule files, and folders with rule files (*.cep, also in folders below).",
        Arity = ArgumentArity.OneOrMore,
    };

    private static RootCommand CreateRoot()
    {
        var root = new RootCommand("Finds patterns in streams of events, by rules in text.")
        {
            CheckCommand.Create(), ExplainCommand.Create(),
        };
        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExamples((HelpAction)help.Action!, RootHelp);
        return root;
    }

    private static int Refuse(IEnumerable<string> problems, Command command)
    {
        var style = Style.OfError;
        foreach (var problem in problems)
            Console.Error.WriteLine($"{style.Red("error")}: {problem}");
        Console.Error.WriteLine(style.Dim($"See `{NameOf(command)} --help`."));
        return ExitCode.WrongUsage;
    }

    private static string NameOf(Command command) => command is RootCommand ? "cep" : "cep " + command.Name;
}
