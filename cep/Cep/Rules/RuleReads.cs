using Cep.Conditions;
using Cep.Events;

namespace Cep.Rules;

/// <summary>What a rule reads of the events of its streams.</summary>
internal static class RuleReads
{
    /// <summary>The fields that a rule's key, pre-filters, conditions, severity and measures read.</summary>
    public static IReadOnlySet<EventField> FieldsOf(Rule rule) =>
        rule.Inputs.SelectMany(i => i.KeyFields).Concat(Expressions(rule).SelectMany(e => e.FieldsRead).Select(r => r.Field)).ToHashSet();

    /// <summary>Every expression of a rule, in the order of its clauses.</summary>
    public static IEnumerable<Expr> Expressions(Rule rule) => rule.Inputs.Select(i => i.Where).OfType<Expr>()
        .Concat(rule.Pattern.Conditions).Concat(rule.Unless.Select(u => u.Where).OfType<Expr>()).Concat(rule.SeverityCases.Select(c => c.When))
        .Concat(rule.Measures.Concat(rule.TimeoutMeasures ?? []).Select(m => m.Value));
}
