using System.Globalization;
using Cep.Events;

namespace Cep.Conditions;

/// <summary>Writes an expression as rule text, with no more parentheses than it needs; read again in the same place, it is the same expression.</summary>
/// <remarks>
/// In rule text a whole number takes the kind of its neighbour, so <c>amount &gt; 100</c> is how a decimal 100 beside a decimal is written. Where no
/// neighbour says the kind, a fraction does: <c>100.0</c>.
/// </remarks>
internal static class ExprText
{
    private const int Unary = 7;
    private const int NotPrecedence = 3;

    public static string Of(Expr e) => Write(e, 0);

    /// <summary>A span as rule text, such as <c>1h30m</c>.</summary>
    public static string Duration(long ms) => DurationText.Format(ms);

    /// <summary>Words that an expression would read as something else than a name.</summary>
    private static readonly HashSet<string> Reserved = new(StringComparer.Ordinal)
    {
        "and", "or", "not", "in", "between", "is", "null", "true", "false", "if", "then", "else",
        "contains", "startswith", "endswith", "matches", "like", "within",
    };

    /// <summary>A name as rule text: in backticks when it is no identifier, or a word of the expression language.</summary>
    public static string Name(string name) =>
        name.Length > 0 && !char.IsAsciiDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_') && !Reserved.Contains(name)
            ? name : "`" + name + "`";

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
        UnaryExpr { Operator: UnaryOperator.Not, Operand: InExpr i } => Paren($"{InOperand(i)} not in {Siblings(i.Items, i.Operand)}", 4, outer),
        UnaryExpr { Operator: UnaryOperator.Not, Operand: InListExpr i } => Paren($"{Write(i.Operand, 5)} not in @{Name(i.List.Name)}", 4, outer),
        UnaryExpr { Operator: UnaryOperator.Not } u => Paren("not " + Write(u.Operand, NotPrecedence), NotPrecedence, outer),
        UnaryExpr u => Paren("-" + Write(u.Operand, Unary + 1), Unary, outer),
        BinaryExpr b => Binary(b, outer),
        IsNullExpr n => Paren($"{Write(n.Operand, 5)} is null", 4, outer),
        InExpr i => Paren($"{InOperand(i)} in {Siblings(i.Items, i.Operand)}", 4, outer),
        InListExpr i => Paren($"{Write(i.Operand, 5)} in @{Name(i.List.Name)}", 4, outer),
        ConditionalExpr c => Paren($"if {Write(c.Condition, 0)} then {Beside(c.Then, 0, c.Else)} else {Beside(c.Else, 0, c.Then)}", 0, outer),
        CallExpr { Function: Function.Greatest or Function.Least or Function.Coalesce } c => c.Function.Name() + Siblings(c.Arguments),
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
        var isDivisor = b.Operator is BinaryOperator.Divide or BinaryOperator.Remainder && b.Right is LiteralExpr { Value: 0.0 };
        var right = isDivisor ? Write(b.Right, precedence + 1) : Beside(b.Right, precedence + 1, b.Left);
        return Paren($"{Beside(b.Left, left, b.Right)} {b.Operator.Text()} {right}", precedence, outer);
    }

    /// <summary>An operand whose neighbours are of one kind with it: a whole number is written as one where a neighbour gives it its kind.</summary>
    private static string Beside(Expr e, int outer, params ReadOnlySpan<Expr> neighbours)
    {
        if (WholeNumber(e) is { } whole)
        {
            foreach (var neighbour in neighbours)
            {
                if (neighbour.Kind == e.Kind && neighbour is not ConvertExpr && WholeNumber(neighbour) is null)
                    return whole;
            }
        }
        return Write(e, outer);
    }

    /// <summary>What stands before <c>in</c>: a constant there takes its kind from the first item that is none, and gives its kind to the others.</summary>
    private static string InOperand(InExpr i) =>
        i.Operand.Kind == ValueKind.Double && i.Items.Any(item => item is ConvertExpr { Operand.Kind: ValueKind.Decimal })
            ? WholeNumber(i.Operand) ?? Write(i.Operand, 5) : Write(i.Operand, 5);

    /// <summary>The digits of a double or decimal constant that a 64-bit integer can stand for; null for any other expression.</summary>
    private static string? WholeNumber(Expr e)
    {
        switch (e)
        {
            // Negative zero has no integer; the greatest integer is read as 2^63, the double nearest to it.
            case LiteralExpr { Value: double d } when double.IsInteger(d) && Math.Abs(d) <= long.MaxValue && !(d == 0 && double.IsNegative(d)):
                var whole = Math.Abs(d) < long.MaxValue ? (long)d : Math.Sign(d) * long.MaxValue;
                return whole.ToString(CultureInfo.InvariantCulture);
            case LiteralExpr { Value: decimal m } when Math.Abs(m) <= long.MaxValue && m.Scale == 0:
                return m.ToString(CultureInfo.InvariantCulture);
            default:
                return null;
        }
    }

    /// <summary>Values in parentheses that are of one kind, and of that of <paramref name="more"/>.</summary>
    private static string Siblings(IReadOnlyList<Expr> items, params ReadOnlySpan<Expr> more)
    {
        Expr[] all = [.. items, .. more];
        return "(" + string.Join(", ", items.Select(i => Beside(i, 0, all))) + ")";
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

    /// <summary>A text as a string literal of rule text.</summary>
    public static string Quote(string text) => "\"" + string.Concat(text.Select(c => c switch
    {
        '\\' => "\\\\",
        '"' => "\\\"",
        '\n' => "\\n",
        '\t' => "\\t",
        _ when char.IsControl(c) => $"\\u{{{(int)c:X}}}",
        _ => c.ToString(),
    })) + "\"";
}
