using System.Globalization;
using System.Text.RegularExpressions;
using Cep.Conditions;
using Cep.Language.Diagnostics;
using Cep.Language.Syntax;
using Cep.Language.Text;

namespace Cep.Language.Binding;

/// <content>Operators: which types they take, and how literals adapt to their neighbours.</content>
internal sealed partial class ExpressionBinder
{
    private Expr? BindLogical(LogicalSyntax syntax)
    {
        var word = syntax.IsAnd ? "and" : "or";
        var bound = syntax.Operands.Select(o => BindBool(o, word)).ToList();
        return bound.Contains(null) ? null : Join(syntax.IsAnd ? BinaryOperator.And : BinaryOperator.Or, bound!, 0, bound.Count);
    }

    private Expr? BindBool(ExpressionSyntax syntax, string word)
    {
        var bound = Bind(syntax);
        if (bound is null || bound.Kind == ValueKind.Bool) return bound;
        ErrorIn(syntax, DiagnosticCode.NotACondition, $"Expected a bool beside `{word}`, but {Described(syntax, bound)}.");
        return null;
    }

    /// <summary>Joins operands from the left while they are few, and as a balanced tree where a chain would be too deep.</summary>
    private static Expr Join(BinaryOperator op, List<Expr> operands, int start, int end)
    {
        if (end - start == 1) return operands[start];
        var middle = end - start <= 32 ? end - 1 : (start + end) / 2;
        return ExprFactory.Binary(op, Join(op, operands, start, middle), Join(op, operands, middle, end));
    }

    private Expr? BindNot(NotSyntax syntax) => BindBool(syntax.Operand, "not") is { } operand ? ExprFactory.Not(operand) : null;

    private Expr? BindNegate(NegateSyntax syntax, ValueKind fraction)
    {
        switch (Bind(syntax.Operand, fraction))
        {
            case null: return null;
            case LiteralExpr { Value: long value, Kind: ValueKind.Long }: return ExprFactory.Literal(-value);
            case LiteralExpr { Value: long value, Kind: ValueKind.Duration }: return ExprFactory.DurationMs(-value);
            case LiteralExpr { Value: double value }: return ExprFactory.Literal(-value);
            case LiteralExpr { Value: decimal value }: return ExprFactory.Literal(-value);
            case var operand when operand.Kind.IsNumeric() || operand.Kind == ValueKind.Duration: return ExprFactory.Negate(operand);
            case var operand:
                ErrorIn(syntax.Operand, DiagnosticCode.TypeMismatch,
                    $"Expected a number or a duration after `-`, but {Described(syntax.Operand, operand)}.",
                    operand.Kind == ValueKind.Bool ? "write `not`" : null);
                return null;
        }
    }

    private Expr? BindBinary(BinarySyntax syntax, ValueKind fraction)
    {
        var op = Enum.GetValues<BinaryOperator>().First(o => o.Text() == syntax.Operator);
        if (op.IsEquality() && (syntax.Left is NullSyntax || syntax.Right is NullSyntax)) return RejectComparisonWithNull(syntax, op);
        if (op is BinaryOperator.Matches or BinaryOperator.Like) return BindTextPattern(syntax, op);
        var (left, right) = BindPair(syntax.Left, syntax.Right, fraction);
        if (left is null || right is null) return null;
        if (Typing.Result(op, left.Kind, right.Kind) is null)
        {
            RejectOperands(syntax, op, left, right);
            return null;
        }
        if (op is BinaryOperator.Divide or BinaryOperator.Remainder && right is LiteralExpr { Value: 0L or 0m })
        {
            ErrorAt(syntax.Right.Span, DiagnosticCode.DivisionByZero, "This divides by zero.");
            return null;
        }
        var result = Combine(op, left, right);
        return syntax.IsNegated ? ExprFactory.Not(result) : result;
    }

    private static Expr Combine(BinaryOperator op, Expr left, Expr right) =>
        ValueKinds.Common(left.Kind, right.Kind) is { } common ? ExprFactory.Binary(op, Adapt(left, common), Adapt(right, common))
            : ExprFactory.Binary(op, left, right);

    /// <summary>An integer literal as a literal of the wider kind; anything else unchanged.</summary>
    private static Expr Adapt(Expr e, ValueKind kind) => e is LiteralExpr { Kind: ValueKind.Long, Value: long value }
        ? kind switch
        {
            ValueKind.Decimal => ExprFactory.Literal((decimal)value),
            ValueKind.Double => ExprFactory.Literal((double)value),
            _ => e,
        }
        : e;

    private Expr? RejectComparisonWithNull(BinarySyntax syntax, BinaryOperator op)
    {
        var other = syntax.Left is NullSyntax ? syntax.Right : syntax.Left;
        if (other is not NullSyntax) Bind(other);
        ErrorAt(syntax.OperatorSpan, DiagnosticCode.UnexpectedNull, $"A comparison with `null` by `{syntax.Operator}` is never true.",
            $"write `{Shown(other)} is {(op == BinaryOperator.Equal ? "" : "not ")}null`");
        return null;
    }

    private void RejectOperands(BinarySyntax syntax, BinaryOperator op, Expr left, Expr right)
    {
        var verb = op.IsArithmetic() ? "computed" : op.IsEquality() || op.IsOrdering() ? "compared" : "tested";
        var help = (left.Kind, right.Kind) switch
        {
            (ValueKind.String, ValueKind.String) when op == BinaryOperator.Subtract => null,
            (ValueKind.Bool, ValueKind.Bool) when op.IsOrdering() => "bools are equal or not: write `==` or `!=`",
            (ValueKind.Duration, ValueKind.Long or ValueKind.Double or ValueKind.Decimal) when verb == "compared" =>
                "give the number a unit, as in `10s`",
            (ValueKind.Long or ValueKind.Double or ValueKind.Decimal, ValueKind.Duration) when verb == "compared" =>
                "give the number a unit, as in `10s`",
            (ValueKind.Timestamp, ValueKind.Long) when op.IsArithmetic() => "give the number a unit, as in `10s`",
            (_, ValueKind.String) when syntax.Right is TextSyntax { Value: var text } && left.Kind.IsNumeric()
                && decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _) => $"write the number without quotes: `{text}`",
            (ValueKind.String, ValueKind.Long) when syntax.Right is IntegerSyntax { Value: var number } && verb == "compared" =>
                $"write the text in quotes: `\"{number}\"`",
            _ => null,
        };
        ErrorAt(syntax.OperatorSpan, DiagnosticCode.TypeMismatch,
            $"{Described(syntax.Left, left)} and {Described(syntax.Right, right)}; they cannot be {verb} with `{syntax.Operator}`.".UpperFirst(),
            help);
    }

    /// <summary>Binds two operands so that literals of the one take the type of the other.</summary>
    private (Expr? Left, Expr? Right) BindPair(ExpressionSyntax left, ExpressionSyntax right, ValueKind fraction)
    {
        if (IsLiteral(left) && !IsLiteral(right))
        {
            var second = Bind(right, fraction);
            return (BindBeside(left, second, fraction), second);
        }
        var first = Bind(left, fraction);
        return (first, BindBeside(right, first, fraction));
    }

    /// <summary>Binds an operand beside a bound one: a fraction beside a decimal is a decimal, a text beside a timestamp is a timestamp.</summary>
    private Expr? BindBeside(ExpressionSyntax syntax, Expr? neighbour, ValueKind fraction)
    {
        if (neighbour?.Kind == ValueKind.Timestamp && syntax is TextSyntax text) return BindTimestamp(text);
        return Bind(syntax, neighbour?.Kind == ValueKind.Decimal ? ValueKind.Decimal : fraction);
    }

    private Expr? BindTimestamp(TextSyntax text)
    {
        if (char.IsAsciiDigit(text.Value.FirstOrDefault()) && text.Value.Length >= 10
            && DateTimeOffset.TryParseExact(text.Value, IsoForms, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
            return ExprFactory.TimestampMs(time.ToUnixTimeMilliseconds());
        ErrorIn(text, DiagnosticCode.TypeMismatch,
            $"A text beside a timestamp must be an ISO-8601 time such as `\"2026-01-05T10:00:00Z\"`, but found `\"{Short(text.Value)}\"`.");
        return null;
    }

    private static readonly string[] IsoForms =
        ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd HH:mm:ssK",
            "yyyy-MM-dd HH:mm:ss.FFFFFFFK"];

    private static string Short(string text) => text.Length <= 40 ? text : text[..40] + "…";

    /// <summary>Whether an expression is made of literals only, so that its type is its neighbour's to say.</summary>
    private static bool IsLiteral(ExpressionSyntax syntax) => syntax switch
    {
        IntegerSyntax or NumberSyntax or TextSyntax => true,
        NegateSyntax n => IsLiteral(n.Operand),
        BinarySyntax b => IsLiteral(b.Left) && IsLiteral(b.Right),
        _ => false,
    };

    private Expr? BindTextPattern(BinarySyntax syntax, BinaryOperator op)
    {
        var left = Bind(syntax.Left);
        if (syntax.Right is not TextSyntax pattern)
        {
            Bind(syntax.Right);
            ErrorIn(syntax.Right, DiagnosticCode.PatternNotConstant,
                $"The right side of `{syntax.Operator}` must be a string literal; it is compiled once, not for each event.");
            return null;
        }
        if (left is { Kind: not ValueKind.String })
        {
            ErrorAt(syntax.OperatorSpan, DiagnosticCode.TypeMismatch,
                $"{Described(syntax.Left, left)}; `{syntax.Operator}` tests a string.".UpperFirst());
            return null;
        }
        if (op == BinaryOperator.Matches && !IsRegularExpression(pattern)) return null;
        if (left is null) return null;
        var result = ExprFactory.Binary(op, left, ExprFactory.Literal(pattern.Value));
        return syntax.IsNegated ? ExprFactory.Not(result) : result;
    }

    private bool IsRegularExpression(TextSyntax pattern)
    {
        try
        {
            _ = new Regex(pattern.Value, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
            return true;
        }
        catch (RegexParseException e)
        {
            // Without escapes, what stands at an offset of the value stands there in the text too.
            var isAsWritten = pattern.Span.Length == pattern.Value.Length + 2;
            var span = isAsWritten ? new TextSpan(pattern.Span.Start + 1 + Math.Min(e.Offset, pattern.Value.Length), 1) : pattern.Span;
            ErrorAt(span, DiagnosticCode.InvalidRegularExpression, $"This is not a regular expression, at its character {e.Offset + 1}: {Reason(e)}");
        }
        catch (NotSupportedException)
        {
            ErrorIn(pattern, DiagnosticCode.InvalidRegularExpression,
                "This regular expression needs backtracking (a look-around, a back reference or an atomic group), and rules match without it.",
                "test the parts with `and`, or use `contains`, `startswith` or `like`");
        }
        return false;
    }

    /// <summary>What is wrong, without the prefix in which the runtime repeats the whole pattern.</summary>
    private static string Reason(RegexParseException e)
    {
        var prefix = $"at offset {e.Offset}. ";
        var at = e.Message.LastIndexOf(prefix, StringComparison.Ordinal);
        return at < 0 ? e.Message : e.Message[(at + prefix.Length)..];
    }

    private Expr? BindIn(InListSyntax syntax)
    {
        var decides = IsLiteral(syntax.Operand) ? syntax.Items.FirstOrDefault(i => !IsLiteral(i)) : null;
        var operand = decides is null ? Bind(syntax.Operand) : BindBeside(syntax.Operand, Bind(decides), ValueKind.Double);
        var items = new List<Expr>();
        var isSound = operand is not null;
        foreach (var item in syntax.Items)
        {
            if (item is NullSyntax)
            {
                ErrorIn(item, DiagnosticCode.UnexpectedNull, "`null` in a list of values equals nothing.",
                    $"write `{Shown(syntax.Operand)} is null or …`");
                isSound = false;
            }
            else if (BindBeside(item, operand, ValueKind.Double) is not { } bound) isSound = false;
            else if (operand is not null && Typing.Result(BinaryOperator.Equal, operand.Kind, bound.Kind) is null)
            {
                ErrorIn(item, DiagnosticCode.TypeMismatch,
                    $"{Described(syntax.Operand, operand)} and {Described(item, bound)}; they cannot be compared with `in`.".UpperFirst());
                isSound = false;
            }
            else items.Add(bound);
        }
        if (!isSound) return null;
        var kind = items.Aggregate(operand!.Kind, (kind, item) => ValueKinds.Common(kind, item.Kind) ?? kind);
        var result = ExprFactory.In(Adapt(operand, kind), items.Select(i => Adapt(i, kind)).ToArray());
        return syntax.IsNegated ? ExprFactory.Not(result) : result;
    }

    private Expr? BindBetween(BetweenSyntax syntax)
    {
        var decides = IsLiteral(syntax.Operand) ? Bind(IsLiteral(syntax.Low) ? syntax.High : syntax.Low) : null;
        var operand = BindBeside(syntax.Operand, decides, ValueKind.Double);
        var low = BindBeside(syntax.Low, operand, ValueKind.Double);
        var high = BindBeside(syntax.High, operand, ValueKind.Double);
        if (operand is null || low is null || high is null) return null;
        foreach (var (bound, written) in new[] { (low, syntax.Low), (high, syntax.High) })
        {
            if (Typing.Result(BinaryOperator.LessOrEqual, operand.Kind, bound.Kind) is not null) continue;
            ErrorIn(written, DiagnosticCode.TypeMismatch,
                $"{Described(syntax.Operand, operand)} and {Described(written, bound)}; they cannot be compared with `between`.".UpperFirst());
            return null;
        }
        var result = ExprFactory.Binary(BinaryOperator.And, Combine(BinaryOperator.GreaterOrEqual, operand, low),
            Combine(BinaryOperator.LessOrEqual, operand, high));
        return syntax.IsNegated ? ExprFactory.Not(result) : result;
    }

    private Expr? BindIsNull(IsNullSyntax syntax)
    {
        if (Bind(syntax.Operand) is not { } operand) return null;
        return syntax.IsNegated ? ExprFactory.Not(ExprFactory.IsNull(operand)) : ExprFactory.IsNull(operand);
    }

    private Expr? BindConditional(ConditionalSyntax syntax, ValueKind fraction)
    {
        var condition = BindCondition(syntax.Condition, "the condition of `if`");
        if (BindSiblings([syntax.Then, syntax.Else], fraction) is not [var then, var otherwise]) return null;
        if (then.Kind != otherwise.Kind && ValueKinds.Common(then.Kind, otherwise.Kind) is null)
        {
            ErrorIn(syntax, DiagnosticCode.TypeMismatch,
                $"{Described(syntax.Then, then)} and {Described(syntax.Else, otherwise)}; both branches of `if` must have one type.".UpperFirst());
            return null;
        }
        var kind = ValueKinds.Common(then.Kind, otherwise.Kind) ?? then.Kind;
        return condition is null ? null : ExprFactory.If(condition, Adapt(then, kind), Adapt(otherwise, kind));
    }

    /// <summary>Binds expressions of which one is taken: literals and nulls get the type of the others. Null if one has an error.</summary>
    private List<Expr>? BindSiblings(IReadOnlyList<ExpressionSyntax> siblings, ValueKind fraction)
    {
        var bound = new Expr?[siblings.Count];
        var isSound = true;
        Expr? decides = null;
        // What has a type of its own first, then literals, then nulls.
        foreach (var rank in new[] { 0, 1, 2 })
        {
            for (var i = 0; i < bound.Length; i++)
            {
                if (rank != (siblings[i] is NullSyntax ? 2 : IsLiteral(siblings[i]) ? 1 : 0)) continue;
                bound[i] = siblings[i] is NullSyntax && (decides is not null || !isSound) ? decides is null ? null : ExprFactory.Null(decides.Kind)
                    : BindBeside(siblings[i], decides, fraction);
                isSound &= bound[i] is not null;
                if (bound[i] is { } b && (decides is null || ValueKinds.Common(decides.Kind, b.Kind) == b.Kind)) decides = b;
            }
        }
        return isSound ? bound.Select(b => b!).ToList() : null;
    }
}
