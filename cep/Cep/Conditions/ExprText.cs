using System.Globalization;
using Cep.Events;

namespace Cep.Conditions;

/// <summary>Writes an expression as rule text, with no more parentheses than it needs.</summary>
internal static class ExprText
{
    private const int Unary = 7;
    private const int NotPrecedence = 3;

    public static string Of(Expr e) => Write(e, 0);

    /// <summary>A span as rule text, such as <c>1h30m</c>.</summary>
    public static string Duration(long ms) => DurationText.Format(ms);

    /// <summary>A name as rule text: in backticks when it is no identifier.</summary>
    public static string Name(string name) =>
        name.Length > 0 && !char.IsAsciiDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_') ? name : "`" + name + "`";

    private static string Write(Expr e, int outer) => e switch
    {
        LiteralExpr l => Literal(l),
        ConvertExpr c => Write(c.Operand, outer),
        FieldExpr f => Name(f.Field.Name),
        StepFieldExpr { Index: -1 } s => $"{Name(s.Step)}.{Name(s.Field.Name)}",
        StepFieldExpr { Index: 0 } s => $"first({Name(s.Step)}.{Name(s.Field.Name)})",
        StepFieldExpr s => $"{Name(s.Step)}[{s.Index}].{Name(s.Field.Name)}",
        StepAggregateExpr { Field: null } a => $"count({Name(a.Step)})",
        StepAggregateExpr a => $"{a.Aggregate.ToString().ToLowerInvariant()}({Name(a.Step)}.{Name(a.Field!.Name)})",
        UnaryExpr { Operator: UnaryOperator.Not, Operand: IsNullExpr n } => Paren($"{Write(n.Operand, 5)} is not null", 4, outer),
        UnaryExpr { Operator: UnaryOperator.Not, Operand: InExpr i } => Paren($"{Write(i.Operand, 5)} not in {Items(i.Items)}", 4, outer),
        UnaryExpr { Operator: UnaryOperator.Not } u => Paren("not " + Write(u.Operand, NotPrecedence), NotPrecedence, outer),
        UnaryExpr u => Paren("-" + Write(u.Operand, Unary + 1), Unary, outer),
        BinaryExpr b => Binary(b, outer),
        IsNullExpr n => Paren($"{Write(n.Operand, 5)} is null", 4, outer),
        InExpr i => Paren($"{Write(i.Operand, 5)} in {Items(i.Items)}", 4, outer),
        ConditionalExpr c => Paren($"if {Write(c.Condition, 0)} then {Write(c.Then, 0)} else {Write(c.Else, 0)}", 0, outer),
        CallExpr c => c.Function.Name() + Items(c.Arguments),
        OpaqueExpr => "<code>",
        MatchFactExpr f => f.Fact switch
        {
            MatchFact.Now => "now()",
            MatchFact.Deadline => "deadline()",
            MatchFact.Key => "key()",
            _ => $"match_{f.Fact.ToString().ToLowerInvariant()}()",
        },
        _ => throw new ArgumentOutOfRangeException(nameof(e), e.GetType(), null),
    };

    private static string Binary(BinaryExpr b, int outer)
    {
        var precedence = b.Operator.Precedence();
        // Comparisons do not chain, so both their sides need parentheses; the others group to the left.
        var left = precedence == 4 ? 5 : precedence;
        return Paren($"{Write(b.Left, left)} {b.Operator.Text()} {Write(b.Right, precedence + 1)}", precedence, outer);
    }

    private static string Items(IReadOnlyList<Expr> items) => "(" + string.Join(", ", items.Select(i => Write(i, 0))) + ")";

    private static string Paren(string text, int precedence, int outer) => precedence < outer ? "(" + text + ")" : text;

    private static string Literal(LiteralExpr l) => l switch
    {
        { Value: null } => "null",
        { Kind: ValueKind.Bool } => (bool)l.Value ? "true" : "false",
        { Kind: ValueKind.Duration } => Duration((long)l.Value),
        { Kind: ValueKind.Timestamp } => Quote(DateTimeOffset.FromUnixTimeMilliseconds((long)l.Value).ToString("yyyy-MM-dd'T'HH:mm:ss.FFF'Z'", CultureInfo.InvariantCulture)),
        { Kind: ValueKind.String } => Quote((string)l.Value),
        { Kind: ValueKind.Double } => WithFraction(((double)l.Value).ToString("R", CultureInfo.InvariantCulture)),
        _ => WithFractionIf(l.Kind == ValueKind.Decimal, Convert.ToString(l.Value, CultureInfo.InvariantCulture)!),
    };

    private static string WithFractionIf(bool wanted, string number) => wanted ? WithFraction(number) : number;

    private static string WithFraction(string number) => number.AsSpan().IndexOfAny('.', 'E', 'N') >= 0 || number.Contains('∞') ? number : number + ".0";

    private static string Quote(string text) => "\"" + text
        .Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)
        .Replace("\n", "\\n", StringComparison.Ordinal).Replace("\t", "\\t", StringComparison.Ordinal) + "\"";
}
