using Cep.Language.Diagnostics;
using Cep.Language.Lexing;
using Cep.Language.Syntax;
using Cep.Language.Text;

namespace Cep.Language.Parsing;

/// <content>What operators stand between: literals, names, fields of steps, calls, parentheses, <c>if</c>.</content>
internal sealed partial class ExpressionParser
{
    private ExpressionSyntax ParseOperand()
    {
        var token = reader.Current;
        switch (token.Kind)
        {
            case TokenKind.Integer: reader.Take(); return new IntegerSyntax(token.Value, token.Span);
            case TokenKind.Number: reader.Take(); return new NumberSyntax(token.Text.Replace("_", ""), token.Span);
            case TokenKind.Duration: reader.Take(); return new DurationLiteralSyntax(token.Value, token.Span);
            case TokenKind.String: reader.Take(); return new TextSyntax(token.Text, token.Span);
            case TokenKind.OpenParenthesis: return ParseParentheses();
            case TokenKind.QuotedIdentifier: return ParseName();
            case TokenKind.Identifier: return ParseWord(token);
            default: return Missing(token);
        }
    }

    private ExpressionSyntax ParseParentheses()
    {
        var open = reader.Take().Span;
        var inner = Parse();
        reader.Expect(TokenKind.CloseParenthesis, "an operator or `)`");
        return inner is MissingExpressionSyntax ? new MissingExpressionSyntax(open.To(reader.Previous)) : inner;
    }

    private ExpressionSyntax ParseWord(Token token)
    {
        if (IsNameHere()) return ParseName();
        switch (token.Text)
        {
            case "true" or "false": reader.Take(); return new BooleanSyntax(token.Text == "true", token.Span);
            case "null": reader.Take(); return new NullSyntax(token.Span);
            case "if": return ParseConditional();
            case "not": return Missing(token, "put `not …` in parentheses");
            case "then" or "else": return Missing(token);
            case "within" when reader.Peek().Kind == TokenKind.Duration || reader.Peek().IsWord("forever"): return Missing(token);
            default: return AllWordOperators.Contains(token.Text) || reader.AtClause() || reader.AtDeclaration() ? Missing(token) : ParseName();
        }
    }

    /// <summary>Whether the word here is a name although it is a keyword elsewhere: what follows it can only follow a name.</summary>
    private bool IsNameHere()
    {
        var word = reader.Current.Text;
        var next = reader.Peek();
        if (word is "true" or "false" or "null") return next.Kind is TokenKind.Dot or TokenKind.OpenBracket;
        if (next.Kind is TokenKind.Dot or TokenKind.OpenBracket or TokenKind.EqualEqual or TokenKind.BangEqual or TokenKind.Less
            or TokenKind.LessEqual or TokenKind.Greater or TokenKind.GreaterEqual
            or TokenKind.Star or TokenKind.Slash or TokenKind.Percent or TokenKind.Plus) return true;
        return next.Kind == TokenKind.Identifier && word is "not" or "if" && next.Text is "is" or "and" or "or" or "between" or "then"
            && reader.Peek(2).Kind is not (TokenKind.EqualEqual or TokenKind.Less or TokenKind.Greater or TokenKind.Dot);
    }

    private ExpressionSyntax ParseConditional()
    {
        var start = reader.Take().Span;
        var condition = ParseOr();
        reader.ExpectWord("then", " after the condition of `if`");
        var then = ParseOr();
        reader.ExpectWord("else", " after the first branch of `if`");
        var otherwise = ParseOr();
        return new ConditionalSyntax(condition, then, otherwise, start.To(otherwise.Span));
    }

    private ExpressionSyntax ParseName()
    {
        var token = reader.Take();
        var name = new NameSyntax(token.Text, token.Span);
        if (reader.At(TokenKind.OpenParenthesis)) return ParseCall(name);
        if (reader.At(TokenKind.OpenBracket)) return ParseIndexed(name);
        if (!reader.TryTake(TokenKind.Dot)) return new NameExpressionSyntax(name);
        return FieldOf(name, null);
    }

    private ExpressionSyntax FieldOf(NameSyntax step, long? index)
    {
        var field = reader.ExpectName($"the name of a field after `{step.Text}.`");
        if (field.IsMissing) return new MissingExpressionSyntax(step.Span.To(reader.Previous));
        var result = new FieldOfStepSyntax(step, index, field, step.Span.To(field.Span));
        if (!reader.At(TokenKind.Dot)) return result;
        reader.ErrorHere(DiagnosticCode.UnexpectedToken, "Expected an operator, but found `.`; a field has no fields of its own.");
        reader.Take();
        if (reader.Current.IsName) reader.Take();
        return new MissingExpressionSyntax(result.Span.To(reader.Previous));
    }

    private ExpressionSyntax ParseIndexed(NameSyntax step)
    {
        reader.Take();
        var isNegative = reader.TryTake(TokenKind.Minus);
        long? index = null;
        if (reader.At(TokenKind.Integer)) index = isNegative ? -reader.Take().Value : reader.Take().Value;
        else
        {
            reader.Unexpected("a whole number, which of the step's events is meant",
                $"`{step.Text}[0]` is the first event, `{step.Text}[-1]` the last");
            while (!reader.AtEnd && !reader.Current.StartsLine
                && reader.Current.Kind is not (TokenKind.CloseBracket or TokenKind.CloseParenthesis or TokenKind.CloseBrace)) reader.Take();
        }
        reader.Expect(TokenKind.CloseBracket, "`]`");
        if (!reader.Expect(TokenKind.Dot, "`.` and the name of a field")) return new MissingExpressionSyntax(step.Span.To(reader.Previous));
        var result = FieldOf(step, index);
        return index is null ? new MissingExpressionSyntax(result.Span) : result;
    }

    private ExpressionSyntax ParseCall(NameSyntax function)
    {
        reader.Take();
        var arguments = reader.TryTake(TokenKind.CloseParenthesis) ? [] : ParseArguments();
        var call = new CallSyntax(function, arguments, function.Span.To(reader.Previous));
        if (!reader.At(TokenKind.Dot)) return call;
        var argument = arguments is [NameExpressionSyntax step] ? step.Name.Text : "a";
        var field = reader.Peek().IsName ? reader.Peek().Text : "f";
        reader.ErrorHere(DiagnosticCode.UnexpectedToken, "Expected an operator, but found `.`; the field is named inside the call.",
            $"write `{function.Text}({argument}.{field})`");
        reader.Take();
        if (reader.Current.IsName) reader.Take();
        return new MissingExpressionSyntax(call.Span.To(reader.Previous));
    }

    /// <summary>Reads expressions between commas up to and with the closing parenthesis.</summary>
    private List<ExpressionSyntax> ParseArguments()
    {
        var arguments = new List<ExpressionSyntax>();
        while (true)
        {
            arguments.Add(Parse());
            if (reader.TryTake(TokenKind.Comma)) continue;
            if (reader.TryTake(TokenKind.CloseParenthesis)) return arguments;
            reader.Unexpected("an operator, `,` or `)`");
            while (!AtEndOfArgument())
            {
                if (reader.At(TokenKind.OpenParenthesis)) reader.SkipBrackets();
                else reader.Take();
            }
            if (!reader.At(TokenKind.Comma) && !reader.At(TokenKind.CloseParenthesis)) return arguments;
        }
    }

    private bool AtEndOfArgument() =>
        reader.AtEnd || reader.AtClause() || reader.AtDeclaration() || reader.AtWord("within")
        || reader.Current.Kind is TokenKind.Comma or TokenKind.CloseParenthesis or TokenKind.CloseBrace or TokenKind.FollowedBy
            or TokenKind.FollowedByAny or TokenKind.Next;

    private MissingExpressionSyntax Missing(Token found, string? help = null)
    {
        help ??= found.Kind == TokenKind.Dot && reader.Peek().Kind == TokenKind.Integer ? $"write `0.{reader.Peek().Text}`" : null;
        reader.Unexpected("an expression", help);
        if (found.Kind is TokenKind.Dot or TokenKind.Question or TokenKind.Star or TokenKind.Plus or TokenKind.Slash or TokenKind.Percent
            or TokenKind.Bang)
        {
            reader.Take();
            // What stands behind a stray sign is most likely the operand that was meant.
            if (CanStartExpression(reader.Current) && !reader.Current.StartsLine) ParseSign();
        }
        return new MissingExpressionSyntax(found.Span);
    }
}
