using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using Cep.Cli.Check;
using Cep.Cli.Control;
using Cep.Cli.Explain;
using Cep.Cli.Fmt;
using Cep.Cli.Run;
using Cep.Cli.State;
using Cep.Cli.Terminal;
using Cep.Cli.Test;
using Cep.Cli.Why;
using Cep.Language.Text;
using Cep.Rules;

namespace Cep.Cli;

/// <summary>The command line of the tool: its commands, and what becomes of a wrong call.</summary>
internal static class CommandLine
{
    private const string RulesName = "RULES";

    private static readonly Help RootHelp = new("",
        [
            ("cep check rules/", "are the rules right?"),
            ("cep fmt rules/", "in one layout, please"),
            ("cep test rules/", "do they find what their tests say?"),
            ("cep explain rules/fraud.cep", "what does a rule look for?"),
            ("cep run rules/ --input auths.jsonl", "what does it find?"),
            ("cep why rules/ --rule card_testing --key c-0155 --input auths.jsonl", "why did it not fire?"),
            ("cep run rules/ --input auths.jsonl --output alerts.jsonl --checkpoint state/", "without losing anything in a crash"),
            ("cep state show state/", "what does it remember?"),
        ],
        [
            (ExitCode.Ok, "all is well"),
            (ExitCode.RuleErrors, "the rules have errors"),
            (ExitCode.WrongUsage, "wrong usage: arguments, or files that are not there"),
            (ExitCode.RunFailed, "the run failed: reading, writing, corrupt input"),
            (ExitCode.Interrupted, "interrupted by Ctrl-C"),
            (ExitCode.Terminated, "terminated by a signal"),
        ]);

    /// <summary>Runs the tool.</summary>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static int Run(IReadOnlyList<string> args)
    {
        var result = CreateRoot().Parse(args);
        var command = result.CommandResult.Command;
        // Help and the version answer whatever stands beside them.
        var problems = result.Action == command.Action || result.Action is ParseErrorAction ? Problems(result) : [];
        if (problems.Count > 0)
            return Refuse(problems, command);
        try
        {
            return result.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        }
        catch (UsageException e)
        {
            return Refuse(e.Problems, command);
        }
    }

    /// <summary>The argument that names rule files and folders.</summary>
    public static Argument<string[]> RulesArgument() => new(RulesName)
    {
        Description = "Rule files, and folders with rule files (*.cep, also in folders below).",
        Arity = ArgumentArity.OneOrMore,
    };

    /// <summary>The option that names the files of events.</summary>
    public static Option<string[]> InputOption() => new("--input", "-i")
    {
        HelpName = "[STREAM=]FILE",
        Description = "A file of events, `-` for standard input. May be given several times, and several files at a time.",
        Required = true,
        AllowMultipleArgumentsPerToken = true,
    };

    /// <summary>The rule of a name.</summary>
    /// <exception cref="UsageException">There is none.</exception>
    public static Rule RuleNamed(string name, RuleSet set)
    {
        if (set.Rules.FirstOrDefault(r => r.Name == name) is { } rule)
            return rule;
        var nearest = EditDistance.Nearest(name, set.Rules.Select(r => r.Name));
        throw new UsageException($"There is no rule `{name}`{(nearest is null ? "." : $"; did you mean `{nearest}`?")}");
    }

    private static RootCommand CreateRoot()
    {
        var root = new RootCommand("Finds patterns in streams of events, by rules in text.")
        {
            CheckCommand.Create(), FmtCommand.Create(), TestCommand.Create(), ExplainCommand.Create(), RunCommand.Create(), WhyCommand.Create(),
            ControlCommands.CreateSavepoint(), ControlCommands.CreateStop(), StateCommand.Create(),
        };
        var option = root.Options.OfType<HelpOption>().Single();
        var help = new HelpWithExamples((HelpAction)option.Action!, RootHelp);
        option.Action = help;
        root.SetAction(result =>
        {
            result.InvocationConfiguration.Output = Console.Error;
            help.Invoke(result);
            return ExitCode.WrongUsage;
        });
        return root;
    }

    private static List<string> Problems(ParseResult result)
    {
        // An argument of any number takes what looks like an option, and a misspelt option is no file.
        var unknown = result.Tokens.TakeWhile(t => t.Type != TokenType.DoubleDash)
            .Where(t => t.Type == TokenType.Argument && t.Value.StartsWith("--", StringComparison.Ordinal))
            .Select(t => t.Value).Union(result.UnmatchedTokens).ToList();
        var others = result.Errors.Select(Sentence).Where(m => !unknown.Exists(t => m.Contains($"'{t}'", StringComparison.Ordinal)));
        return [.. unknown.Select(t => Unknown(t, result.CommandResult.Command)), .. others];
    }

    private static string Sentence(ParseError error) => error.SymbolResult is ArgumentResult { Argument.Name: RulesName, Tokens.Count: 0 }
        ? "No rules are given: name rule files or folders first, before the options."
        : error.Message;

    private static string Unknown(string token, Command command)
    {
        var (what, known) = token.StartsWith('-') ? ("option", command.Options.Select(o => o.Name))
            : command is RootCommand ? ("command", command.Subcommands.Select(c => c.Name))
            : ("argument", []);
        var nearest = EditDistance.Nearest(token, known);
        return $"There is no {what} `{token}`{(nearest is null ? "." : $"; did you mean `{nearest}`?")}";
    }

    private static int Refuse(IEnumerable<string> problems, Command command)
    {
        var style = TextStyle.OfError;
        foreach (var problem in problems)
            Console.Error.WriteLine($"{style.Red("error")}: {problem}");
        Console.Error.WriteLine(style.Dim($"See `{CalledBy(command)} --help`."));
        return ExitCode.WrongUsage;
    }

    /// <summary>The command as it is called: <c>cep state show</c>.</summary>
    private static string CalledBy(Command command) =>
        command is RootCommand ? "cep" : $"{CalledBy(command.Parents.OfType<Command>().Single())} {command.Name}";
}
