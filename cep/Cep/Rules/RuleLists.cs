using Cep.Conditions;
using Cep.Patterns;

namespace Cep.Rules;

/// <summary>Finds the lists that a rule asks.</summary>
internal static class RuleLists
{
    /// <summary>The lists that the rule names anywhere, each once, in the order in which they are met.</summary>
    public static IReadOnlyList<ValueList> Of(Rule rule) => Of(RuleReads.Expressions(rule));

    /// <summary>The lists that the conditions of a pattern name, each once, in the order in which they are met.</summary>
    public static IReadOnlyList<ValueList> Of(Pattern pattern) => Of(pattern.Conditions);

    private static ValueList[] Of(IEnumerable<Expr> expressions) => expressions.SelectMany(e => e.Lists).Distinct().ToArray();
}
