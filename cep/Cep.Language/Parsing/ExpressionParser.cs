using Cep.Language.Diagnostics;
using Cep.Language.Lexing;
using Cep.Language.Syntax;
using Cep.Language.Text;

namespace Cep.Language.Parsing;

/// <summary>Reads expressions by recursive descent, loosest operator first: <c>or</c>, <c>and</c>, <c>not</c>, comparisons, sums, products, sign,
/// operands.</summary>
internal sealed partial class ExpressionParser(TokenReader reader)
{
    /// <summary>How many arithmetic operators one expression may hold: each makes the tree one deeper.</summary>
    private const int MaxArithmetic = 500;

    private static readonly string[] WordOperators = ["contains", "startswith", "endswith", "matches", "like"];
    private static readonly string[] AllWordOperators = ["and", "or", "in", "between", "is", .. WordOperators];
    private static readonly string[] WordsAfter = ["within", "skip", "then", "else", "gap", "until", "for", "delay", .. TokenReader.ClauseNames];

    private int _nesting;
    private int _arithmetic;

    /// <summary>Reads one expression. Where there is none, reports it and reads nothing.</summary>
    public ExpressionSyntax Parse()
    {
        if (_nesting == 0) _arithmetic = 0;
        var expression = ParseOr();
        while (AtMisspeltOperator(out var help))
        {
            reader.Unexpected("an operator", help);
            reader.Take();
            var right = ParseOr();
            expression = new MissingExpressionSyntax(expression.Span.To(right.Span));
        }
        return expression;
    }

    private bool AtMisspeltOperator(out string? help)
    {
        help = null;
        if (reader.Current.Kind != TokenKind.Identifier || WordsAfter.Contains(reader.Current.Text) || !CanStartExpression(reader.Peek())
            || reader.Current.StartsLine) return false;
        help = DiagnosticBag.DidYouMean(reader.Current.Text, AllWordOperators);
        return help is not null;
    }

    private static bool CanStartExpression(Token token) =>
        token.Kind is TokenKind.Identifier or TokenKind.QuotedIdentifier or TokenKind.String or TokenKind.Integer
        or TokenKind.Number or TokenKind.Duration or TokenKind.OpenParenthesis or TokenKind.Minus;

    private ExpressionSyntax ParseOr() => ParseLogical(isAnd: false);

    private ExpressionSyntax ParseLogical(bool isAnd)
    {
        if (!isAnd && ++_nesting > TokenReader.MaxNesting)
        {
            _nesting--;
            return TooDeep();
        }
        var first = isAnd ? ParseNot() : ParseLogical(isAnd: true);
        List<ExpressionSyntax>? operands = null;
        while (TakeLogicalOperator(isAnd)) (operands ??= [first]).Add(isAnd ? ParseNot() : ParseLogical(isAnd: true));
        if (!isAnd) _nesting--;
        return operands is null ? first : new LogicalSyntax(isAnd, operands, first.Span.To(operands[^1].Span));
    }

    private bool TakeLogicalOperator(bool isAnd)
    {
        if (reader.TryTakeWord(isAnd ? "and" : "or")) return true;
        if (!reader.At(isAnd ? TokenKind.AmpersandAmpersand : TokenKind.BarBar)) return false;
        reader.Unexpected("an operator", $"write `{(isAnd ? "and" : "or")}`");
        reader.Take();
        return true;
    }

    private MissingExpressionSyntax TooDeep()
    {
        var start = reader.Current.Span;
        reader.ErrorHere(DiagnosticCode.TooDeep, $"Expressions are nested more than {TokenReader.MaxNesting} deep here; that is the limit.");
        while (!reader.AtEnd && reader.Current.Kind is not (TokenKind.CloseParenthesis or TokenKind.CloseBrace or TokenKind.Comma)
            && !reader.AtClause() && !reader.AtDeclaration())
        {
            if (reader.At(TokenKind.OpenParenthesis)) reader.SkipBrackets();
            else reader.Take();
        }
        reader.SuppressHere();
        return new MissingExpressionSyntax(start);
    }

    private ExpressionSyntax ParseNot()
    {
        if (reader.At(TokenKind.Bang)) reader.Unexpected("an expression", "write `not`");
        else if (!reader.AtWord("not") || IsNameHere()) return ParseComparison();
        var start = reader.Take().Span;
        if (++_nesting > TokenReader.MaxNesting)
        {
            _nesting--;
            return TooDeep();
        }
        var operand = ParseNot();
        _nesting--;
        return new NotSyntax(operand, start.To(operand.Span));
    }

    private ExpressionSyntax ParseComparison()
    {
        var left = ParseSum();
        for (var count = 0; ; count++)
        {
            var at = reader.Current;
            var before = left;
            if (ComparisonSign() is { } sign)
            {
                reader.Take();
                left = new BinarySyntax(sign, at.Span, left, ParseSum(), false);
            }
            else if (ParseWordOperator(left) is { } word) left = word;
            else return left;
            if (count == 0) continue;
            if (before is not MissingExpressionSyntax)
                reader.Diagnostics.Error(DiagnosticCode.ChainedComparison, at.Span,
                    "This compares the outcome of a comparison; comparisons do not chain.", "write `a < b and b < c`, or `b between a and c`");
            left = new MissingExpressionSyntax(left.Span);
        }
    }

    private string? ComparisonSign()
    {
        switch (reader.Current.Kind)
        {
            case TokenKind.EqualEqual: return "==";
            case TokenKind.BangEqual: return "!=";
            case TokenKind.Less: return "<";
            case TokenKind.LessEqual: return "<=";
            case TokenKind.Greater: return ">";
            case TokenKind.GreaterEqual: return ">=";
            case TokenKind.Equal:
                reader.ErrorHere(DiagnosticCode.SingleEqual, "Expected a comparison, but found `=`, which names a measure.", "write `==`");
                return "==";
            case TokenKind.Next when reader.Peek().Kind is TokenKind.Integer or TokenKind.Number or TokenKind.Duration or TokenKind.String:
                reader.ErrorHere(DiagnosticCode.UnexpectedToken, "Expected a comparison, but found `=>`, which links two steps.", "write `>=`");
                return ">=";
            case TokenKind.LessGreater:
                reader.Unexpected("a comparison", "write `!=`");
                return "!=";
            default: return null;
        }
    }

    /// <summary><c>in</c>, <c>between</c>, <c>is null</c> and the operators on text, after their left operand; null where none stands here.</summary>
    private ExpressionSyntax? ParseWordOperator(ExpressionSyntax left)
    {
        var isNegated = reader.AtWord("not") && reader.Peek() is { Kind: TokenKind.Identifier } after
            && (after.Text is "in" or "between" || WordOperators.Contains(after.Text));
        var word = isNegated ? reader.Peek() : reader.Current;
        if (word.Kind != TokenKind.Identifier || !(word.Text is "in" or "between" or "is" || WordOperators.Contains(word.Text))) return null;
        if (isNegated) reader.Take();
        reader.Take();
        switch (word.Text)
        {
            case "in": return ParseIn(left, isNegated);
            case "is": return ParseIsNull(left);
            case "between":
                var low = ParseSum();
                reader.ExpectWord("and", " between the two bounds of `between`");
                return new BetweenSyntax(left, low, ParseSum(), isNegated);
            default: return new BinarySyntax(word.Text, word.Span, left, ParseSum(), isNegated);
        }
    }

    private ExpressionSyntax ParseIn(ExpressionSyntax left, bool isNegated)
    {
        if (reader.At(TokenKind.At))
        {
            var at = reader.Take().Span;
            var list = reader.ExpectName("the name of a list");
            var span = at.To(list.Span);
            return list.IsMissing ? new MissingExpressionSyntax(left.Span.To(span)) : new InNamedListSyntax(left, list, span, isNegated);
        }
        if (!reader.Expect(TokenKind.OpenParenthesis, "`(` and the values after `in`"))
            return new MissingExpressionSyntax(left.Span.To(ParseSum().Span));
        var items = ParseArguments();
        return new InListSyntax(left, items, isNegated, left.Span.To(reader.Previous));
    }

    private ExpressionSyntax ParseIsNull(ExpressionSyntax left)
    {
        var isNegated = reader.TryTakeWord("not");
        if (reader.TryTakeWord("null")) return new IsNullSyntax(left, isNegated, left.Span.To(reader.Previous));
        reader.Unexpected("`null` or `not null` after `is`", isNegated ? "to compare values, write `!=`" : "to compare values, write `==`");
        return CanStartExpression(reader.Current) ? new MissingExpressionSyntax(left.Span.To(ParseSum().Span))
            : new MissingExpressionSyntax(left.Span);
    }

    private ExpressionSyntax ParseSum()
    {
        var left = ParseProduct();
        while (reader.Current.Kind is TokenKind.Plus or TokenKind.Minus) left = Arithmetic(left, ParseProduct);
        return left;
    }

    private ExpressionSyntax ParseProduct()
    {
        var left = ParseSign();
        while (reader.Current.Kind is TokenKind.Star or TokenKind.Slash or TokenKind.Percent) left = Arithmetic(left, ParseSign);
        return left;
    }

    private BinarySyntax Arithmetic(ExpressionSyntax left, Func<ExpressionSyntax> parseRight)
    {
        if (++_arithmetic == MaxArithmetic + 1)
            reader.ErrorHere(DiagnosticCode.TooDeep, $"This expression has more than {MaxArithmetic} arithmetic operators; that is the limit.");
        var sign = reader.Take();
        // Beyond the limit the tree stays as it is, so that its depth is bounded; the error has been reported.
        if (_arithmetic > MaxArithmetic) left = new MissingExpressionSyntax(left.Span);
        return new BinarySyntax(sign.Text, sign.Span, left, parseRight(), false);
    }

    private ExpressionSyntax ParseSign()
    {
        if (!reader.At(TokenKind.Minus)) return ParseOperand();
        var start = reader.Take().Span;
        if (++_nesting > TokenReader.MaxNesting)
        {
            _nesting--;
            return TooDeep();
        }
        var operand = ParseSign();
        _nesting--;
        return new NegateSyntax(operand, start.To(operand.Span));
    }
}
