using System.Globalization;
using Cep.Conditions;
using Cep.Events;
using Cep.Patterns;

namespace Cep.Language.Tests.Formatting;

/// <summary>Prints every part of a pattern, so that two patterns are equal exactly when their texts are. Event types count by name and fields.</summary>
internal static class ModelText
{
    public static string Of(Pattern pattern) =>
        $"within {pattern.WithinMs} gap {pattern.GapMs} skip {pattern.Skip}\n" + string.Concat(pattern.Steps.Select(s => Of(s, "")));

    private static string Of(PatternStep step, string indent)
    {
        var q = step.Quantifier;
        var common = $"{step.Link} {q.Min}..{q.Max} optional {q.IsOptional} greedy {q.IsGreedy} {q.Inner} gap {q.GapMs} until {Of(q.Until)}";
        return step switch
        {
            GroupStep g => $"{indent}{(g.IsNegated ? "not " : "")}group {common} gap {g.GapMs}\n"
                + string.Join($"{indent}or\n", g.Alternatives.Select(a => string.Concat(a.Select(s => Of(s, indent + "  "))))),
            EventStep e => $"{indent}{(e.IsNegated ? "not " : "")}{e.Name} {common} of {Of(e.Stream)} gap {e.GapMs} where {Of(e.Where)}\n",
            _ => throw new ArgumentOutOfRangeException(nameof(step)),
        };
    }

    private static string Of(EventType? type) => type is null ? "any" : $"{type.Name}({string.Join(", ", type.Fields)})";

    public static string Of(Expr? e)
    {
        if (e is null)
            return "none";
        var own = e switch
        {
            LiteralExpr l => l.Value switch
            {
                double d => d.ToString("R", CultureInfo.InvariantCulture),
                // 1000 and 1000.0 are one value.
                decimal m => m.ToString("G29", CultureInfo.InvariantCulture),
                _ => Convert.ToString(l.Value, CultureInfo.InvariantCulture) ?? "null",
            },
            FieldExpr f => $"{f.EventType.Name}.{f.Field}",
            StepFieldExpr f => $"{f.Step}[{f.Index}].{f.EventType.Name}.{f.Field}",
            StepAggregateExpr a => $"{a.Aggregate} {a.Step}.{a.EventType?.Name}.{a.Field}",
            UnaryExpr u => u.Operator.ToString(),
            BinaryExpr b => b.Operator.ToString(),
            CallExpr c => c.Function.ToString(),
            InListExpr i => $"{i.List.Name} {i.List.Type} {string.Join('|', i.List.Values.Select(v => v is decimal m ? m.ToString("G29", CultureInfo.InvariantCulture) : Convert.ToString(v, CultureInfo.InvariantCulture)))}",
            MatchFactExpr f => f.Fact.ToString(),
            _ => "",
        };
        return $"{e.GetType().Name}:{e.Kind}:{own}({string.Join(", ", e.Children.Select(Of))})";
    }
}
