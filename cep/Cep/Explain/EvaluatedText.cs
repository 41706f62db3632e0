using Cep.Conditions;
using Cep.Events;

namespace Cep.Explain;

/// <summary>Writes a condition as rule text, with values in brackets behind each comparison that <c>and</c>, <c>or</c> and <c>not</c> join.</summary>
internal static class EvaluatedText
{
    private const int TextCharsMax = 60;

    public static string Of(EvaluatedExpr e) => Write(e, 0);

    public static string Value(EvaluatedExpr e) => (e.Failure, e.Expr.Kind, e.Value) switch
    {
        ({ } failure, _, _) => failure,
        (_, ValueKind.String, string text) => ExprText.Quote(Cut(text)),
        (_, ValueKind.Timestamp, long ms) => ExprText.Quote(TimestampText.Format(ms)),
        _ => ValueText.Of(e.Expr.Kind, e.Value),
    };

    private static string Write(EvaluatedExpr e, int outer)
    {
        if (e.Expr is BinaryExpr { Operator: BinaryOperator.And or BinaryOperator.Or } logic)
        {
            var precedence = logic.Operator.Precedence();
            var text = $"{Write(e.Parts[0], precedence)} {logic.Operator.Text()} {Write(e.Parts[1], precedence + 1)}";
            return precedence < outer ? $"({text})" : text;
        }
        if (e.Expr is UnaryExpr { Operator: UnaryOperator.Not, Operand: BinaryExpr { Operator: BinaryOperator.And or BinaryOperator.Or } })
            return $"not ({Write(e.Parts[0], 0)})";
        return e.Expr is LiteralExpr ? e.Expr.ToString() : $"{e.Expr} [{Values(e)}{WhyUnknown(e)}]";
    }

    /// <summary>What was compared; of what compares nothing, its value.</summary>
    private static string Values(EvaluatedExpr e) => e.Expr switch
    {
        _ when e.Failure is { } failure => failure,
        UnaryExpr { Operator: UnaryOperator.Not, Operand: InExpr or InListExpr or IsNullExpr } => Value(e.Parts[0].Parts[0]),
        InExpr or InListExpr or IsNullExpr => Value(e.Parts[0]),
        BinaryExpr b when !b.Operator.IsArithmetic() => $"{Value(e.Parts[0])} {b.Operator.Text()} {Value(e.Parts[1])}",
        _ => Value(e),
    };

    private static string WhyUnknown(EvaluatedExpr e)
    {
        if (e.Outcome != ConditionOutcome.Unknown)
            return "";
        var missing = e.Reads.Where(r => r.Value is null && r.Failure is null).Select(r => r.Expr.ToString()).ToList();
        return missing.Count == 0 ? "" : $": {Wording.List(missing)} {(missing.Count == 1 ? "is" : "are")} null";
    }

    private static string Cut(string text)
    {
        if (text.Length <= TextCharsMax)
            return text;
        return text[..(char.IsHighSurrogate(text[TextCharsMax - 1]) ? TextCharsMax - 1 : TextCharsMax)] + "…";
    }
}
