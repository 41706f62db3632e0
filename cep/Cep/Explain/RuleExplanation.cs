using Cep.Nfa;
using Cep.Patterns;
using Cep.Rules;

namespace Cep.Explain;

/// <summary>A condition of a rule, and whether one evaluation of it serves all partial matches.</summary>
/// <param name="Steps">The steps that ask it, such as <c>hit</c> or <c>until of probe</c>; at least one.</param>
/// <param name="Text">In rule text.</param>
/// <param name="IsLocal">Whether the event alone decides it; else it reads events that the partial match has taken.</param>
public sealed record ExplainedCondition(IReadOnlyList<string> Steps, string Text, bool IsLocal);

/// <summary>What a rule looks for and how it is evaluated, told for people.</summary>
public sealed record RuleExplanation
{
    /// <summary>The rule.</summary>
    public required Rule Rule { get; init; }

    /// <summary>What it looks for, in a few plain sentences.</summary>
    public required string Sentence { get; init; }

    /// <summary>The name of the evaluator that runs it.</summary>
    public required string Evaluator { get; init; }

    /// <summary>How many states of its automaton can be reached; at least 2.</summary>
    public required int StateCount { get; init; }

    /// <summary>Its conditions, each once, in the order of the steps.</summary>
    public required IReadOnlyList<ExplainedCondition> Conditions { get; init; }

    /// <summary>What may surprise when it runs, whole sentences; empty for nothing.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>The automaton as a Mermaid flowchart; null where it has more transitions than Mermaid draws.</summary>
    public required string? Mermaid { get; init; }

    /// <summary>Explains a rule.</summary>
    /// <exception cref="ArgumentException">The pattern does not compile; <see cref="PatternRules.Check"/> says why.</exception>
    public static RuleExplanation Of(Rule rule)
    {
        var nfa = NfaCompiler.Compile(rule.Pattern);
        var diagram = new NfaDiagram(nfa, rule.Inputs is [var input] ? input.Stream.EventType : null);
        return new RuleExplanation
        {
            Rule = rule,
            Sentence = RuleSentence.Of(rule),
            Evaluator = "register runs",
            StateCount = diagram.StateCount,
            Conditions = ConditionsOf(rule.Pattern),
            Warnings = RuleWarnings.Of(rule).ToList(),
            Mermaid = diagram.Mermaid(),
        };
    }

    private static List<ExplainedCondition> ConditionsOf(Pattern pattern) => Uses(pattern.Steps)
        .GroupBy(u => u.Condition.ToString())
        .Select(g => new ExplainedCondition(g.Select(u => u.By).ToList(), g.Key, g.First().Condition.IsLocal))
        .ToList();

    private static IEnumerable<(string By, Conditions.Expr Condition)> Uses(IEnumerable<PatternStep> steps)
    {
        foreach (var step in steps)
        {
            var name = step is EventStep { Name: var own } ? own : "a group";
            if (step is EventStep { Where: { } where })
                yield return (name, where);
            foreach (var use in step is GroupStep group ? Uses(group.AllSteps) : [])
                yield return use;
            if (step.Quantifier.Until is { } until)
                yield return ("until of " + name, until);
        }
    }
}
