using Cep.Conditions;
using Cep.Patterns;

namespace Cep.Rules;

/// <summary>Finds the lists that a rule asks.</summary>
internal static class RuleLists
{
    /// <summary>The lists that the rule names anywhere, each once, in the order in which they are met.</summary>
    public static IReadOnlyList<ValueList> Of(Rule rule) => Of(rule.Inputs.Select(i => i.Where).Concat(ConditionsOf(rule.Pattern.Steps)).Concat(rule.Unless.Select(u => u.Where)).Concat(rule.Measures.Select(m => m.Value)));

    /// <summary>The lists that the conditions of a pattern name, each once, in the order in which they are met.</summary>
    public static IReadOnlyList<ValueList> Of(Pattern pattern) => Of(ConditionsOf(pattern.Steps));

    private static ValueList[] Of(IEnumerable<Expr?> expressions) => expressions.OfType<Expr>().SelectMany(e => e.Lists).Distinct().ToArray();

    private static IEnumerable<Expr?> ConditionsOf(IEnumerable<PatternStep> steps) => steps.SelectMany(step => step switch
    {
        GroupStep group => ConditionsOf(group.AllSteps).Append(group.Quantifier.Until),
        EventStep e => [e.Where, e.Quantifier.Until],
        _ => [],
    });
}
