using System.Text;
using Cep.Cli.Terminal;
using Cep.Explain;

namespace Cep.Cli.Explain;

/// <summary>An explanation as Markdown that reads well in a terminal too.</summary>
internal static class ExplanationMarkdown
{
    /// <summary>The whole text, ending in a line feed.</summary>
    public static string Of(RuleExplanation explanation)
    {
        var text = new StringBuilder();
        text.Append("## ").Append(explanation.Rule.Name).Append("\n\n");
        text.Append(About(explanation)).Append("\n\n");
        text.Append(explanation.Sentence).Append("\n\n");
        foreach (var warning in explanation.Warnings)
            text.Append("> ").Append(warning).Append("\n\n");
        text.Append($"Evaluator: {explanation.Evaluator}, {DiagnosticText.Count(explanation.StateCount, "state")}.\n\n");
        AppendConditions(text, explanation.Conditions);
        if (explanation.Mermaid is { } mermaid)
            text.Append("```mermaid\n").Append(mermaid).Append("```\n");
        else
            text.Append("The automaton is too large to draw.\n");
        return text.ToString();
    }

    private static string About(RuleExplanation explanation)
    {
        var rule = explanation.Rule;
        var severities = rule.SeverityCases.Select(c => c.Severity).Append(rule.Severity).Distinct().Select(s => s.ToString().ToLowerInvariant());
        var facts = new List<string> { $"severity {string.Join(" or ", severities)}" };
        if (rule.Tags.Count > 0)
            facts.Add("tags " + string.Join(", ", rule.Tags));
        if (rule.Owner is { } owner)
            facts.Add("owner " + owner);
        var text = string.Join("; ", facts);
        return rule.Title is { } title ? $"*{title}* ({text})" : $"({text})";
    }

    private static void AppendConditions(StringBuilder text, IReadOnlyList<ExplainedCondition> conditions)
    {
        Append("Decided by the event alone, so asked once per event whatever the number of partial matches:", c => c.IsLocal);
        Append("Reads events taken before, so asked of each partial match that waits for it:", c => !c.IsLocal);

        void Append(string title, Func<ExplainedCondition, bool> belongs)
        {
            var chosen = conditions.Where(belongs).ToList();
            if (chosen.Count == 0)
                return;
            text.Append(title).Append('\n');
            foreach (var condition in chosen)
                text.Append($"- {string.Join(", ", condition.Steps)}: {Code(condition.Text)}\n");
            text.Append('\n');
        }
    }

    private static string Code(string text) => text.Contains('`') ? $"`` {text} ``" : $"`{text}`";
}
