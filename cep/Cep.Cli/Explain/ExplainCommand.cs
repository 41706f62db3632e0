using System.CommandLine;
using Cep.Cli.Terminal;
using Cep.Explain;
using Cep.Language;
using Cep.Rules;

namespace Cep.Cli.Explain;

/// <summary><c>cep explain</c>: what rules look for, and how they are evaluated.</summary>
internal static class ExplainCommand
{
    private static readonly Help Help = new(
        """
        Prints Markdown: for each rule what it looks for in plain English, how it is
        evaluated, and its automaton as a Mermaid flowchart, which many viewers draw.
        """,
        [
            ("cep explain rules/", "every rule of a folder"),
            ("cep explain rules/ --rule card_testing", "one rule"),
            ("cep explain rules/ --rule card_testing --mermaid-only > card_testing.mmd", "its graph, for a tool that draws it"),
        ],
        [
            (ExitCode.Ok, "explained"),
            (ExitCode.RuleErrors, "the rules have errors; they are printed on standard error"),
            (ExitCode.WrongUsage, "wrong usage: arguments, files that are not there, a rule that is not in them"),
        ]);

    public static Command Create()
    {
        var rules = CommandLine.RulesArgument();
        var rule = new Option<string?>("--rule") { HelpName = "NAME", Description = "Explains this rule only." };
        var mermaidOnly = new Option<bool>("--mermaid-only") { Description = "Prints the flowchart and nothing else." };
        var command = new DocumentedCommand("explain", "Tells what rules look for, and draws their automata.", Help) { rules, rule, mermaidOnly };
        command.SetAction(result => Run(result.GetRequiredValue(rules), result.GetValue(rule), result.GetValue(mermaidOnly)));
        return command;
    }

    private static int Run(IReadOnlyList<string> paths, string? name, bool mermaidOnly)
    {
        if (RuleFiles.Compile(paths) is not { } set)
            return ExitCode.RuleErrors;
        var explanations = Chosen(set, name).Select(RuleExplanation.Of);
        var texts = explanations.Select(e => mermaidOnly ? MermaidOf(e) : ExplanationMarkdown.Of(e));
        Console.Out.Write(string.Join('\n', texts));
        return ExitCode.Ok;
    }

    private static IEnumerable<Rule> Chosen(RuleSet set, string? name) => name is null ? set.Rules : [CommandLine.RuleNamed(name, set)];

    private static string MermaidOf(RuleExplanation explanation) => explanation.Mermaid
        ?? throw new UsageException($"The automaton of `{explanation.Rule.Name}` has {explanation.StateCount} states, which are too many to draw.");
}
