using Cep.Language.Diagnostics;
using Cep.Language.Lexing;
using Cep.Language.Syntax;
using Cep.Language.Text;

namespace Cep.Language.Parsing;

/// <summary>Reads a <c>test</c>, statement by statement.</summary>
internal sealed class TestParser(TokenReader reader)
{
    private const string TimeExpected = "a duration since the beginning of the test, such as `1h30m`";

    private static readonly string[] Words = ["at", "advance", "restart", "expect"];
    private static readonly string[] Expected = ["alert", "none", "late"];

    private readonly ExpressionParser _expressions = new(reader);

    public TestSyntax Parse()
    {
        var start = reader.Take().Span;
        var rule = reader.ExpectName("the name of the rule that is tested");
        var name = reader.ExpectString("a string: what the test shows");
        var open = reader.Current.Span;
        var statements = new List<StatementSyntax>();
        if (!reader.Expect(TokenKind.OpenBrace, "`{` and the statements of the test"))
            return new TestSyntax(rule, name, [new MissingStatementSyntax(start)], start.To(reader.Previous));
        while (!AtEnd) statements.Add(ParseStatement());
        if (!reader.TryTake(TokenKind.CloseBrace))
            reader.ErrorAt(DiagnosticCode.UnclosedBrace, open, $"The test is not closed; `}}` was expected before {reader.Current.Describe()}.");
        return new TestSyntax(rule, name, statements, start.To(reader.Previous));
    }

    private bool AtEnd => reader.At(TokenKind.CloseBrace) || reader.AtEnd || reader.AtDeclaration();

    private bool AtStatement => reader.Current.Kind == TokenKind.Identifier && Words.Contains(reader.Current.Text);

    private StatementSyntax ParseStatement()
    {
        var word = reader.Current;
        if (!AtStatement)
        {
            reader.Unexpected("`at`, `advance to`, `restart`, `expect` or `}`",
                word.Kind == TokenKind.Identifier ? DiagnosticBag.DidYouMean(word.Text, Words) : null);
            SkipToStatement();
            return new MissingStatementSyntax(word.Span);
        }
        reader.Take();
        var statement = word.Text switch
        {
            "at" => ParseAt(word.Span),
            "advance" => ParseAdvance(word.Span),
            "restart" => new RestartSyntax(word.Span),
            _ => ParseExpect(word.Span),
        };
        // What follows something that is no statement is its rest, even if it looks like one, as in `expect alert at 5s`.
        if (!AtEnd && !(statement is MissingStatementSyntax ? reader.Current.StartsLine : AtStatement))
        {
            reader.Unexpected("the next statement of the test, or `}`");
            SkipToStatement();
        }
        return statement;
    }

    private StatementSyntax ParseAt(TextSpan start)
    {
        var time = reader.ExpectDuration(TimeExpected);
        var stream = reader.ExpectName("the name of a stream");
        if (ParseValues("the values of the event") is not { } values) return new MissingStatementSyntax(start);
        DurationSyntax? late = null;
        if (reader.TryTakeWord("late")) late = reader.ExpectWord("by", " and a duration") ? reader.ExpectDuration("a duration, such as `30s`") : null;
        return new AtSyntax(time, stream, values, late, start.To(reader.Previous));
    }

    private AdvanceSyntax ParseAdvance(TextSpan start)
    {
        var time = reader.ExpectWord("to", $" and {TimeExpected}") ? reader.ExpectDuration(TimeExpected) : null;
        return new AdvanceSyntax(time, start.To(reader.Previous));
    }

    private StatementSyntax ParseExpect(TextSpan start)
    {
        if (reader.TryTakeWord("alert"))
        {
            if (ParseValues("the values of the alert") is not { } values) return new MissingStatementSyntax(start);
            var time = reader.AtWord("at") && !reader.Current.StartsLine ? TakeTime() : null;
            return new ExpectAlertSyntax(values, time, start.To(reader.Previous));
        }
        if (reader.TryTakeWord("none"))
        {
            var where = reader.TryTakeWord("where") ? _expressions.Parse() : null;
            return new ExpectNoneSyntax(where, start.To(reader.Previous));
        }
        if (reader.TryTakeWord("late"))
        {
            long? count = reader.At(TokenKind.Integer) ? reader.Take().Value : null;
            if (count is null) reader.Unexpected("the number of late events");
            return new ExpectLateSyntax(count, start.To(reader.Previous));
        }
        reader.Unexpected("`alert`, `none` or `late`", reader.Current.Kind == TokenKind.Identifier ? DiagnosticBag.DidYouMean(reader.Current.Text, Expected) : null);
        SkipToStatement();
        return new MissingStatementSyntax(start);
    }

    private DurationSyntax? TakeTime()
    {
        reader.Take();
        return reader.ExpectDuration(TimeExpected);
    }

    /// <summary>Reads values in braces; null after reporting that there are none.</summary>
    private List<ValueSyntax>? ParseValues(string what)
    {
        var values = new List<ValueSyntax>();
        if (!reader.Expect(TokenKind.OpenBrace, $"`{{` and {what}")) return null;
        while (!AtEnd)
        {
            var name = reader.ExpectName("the name of a field");
            if (!name.IsMissing && ExpectColon(name)) values.Add(new ValueSyntax(name, _expressions.Parse()));
            if (reader.TryTake(TokenKind.Comma)) continue;
            if (reader.At(TokenKind.CloseBrace) || AtNextValue()) continue;
            if (!name.IsMissing) reader.Unexpected("`,` or `}` after the value");
            reader.SkipUntil(() => reader.At(TokenKind.Comma) || (reader.Current.StartsLine && AtStatement));
            if (!reader.TryTake(TokenKind.Comma)) break;
        }
        reader.Expect(TokenKind.CloseBrace, $"`}}` after {what}");
        return values;
    }

    /// <summary>With two values side by side, reports the missing comma and goes on with the second.</summary>
    private bool AtNextValue()
    {
        if (!reader.Current.IsName || reader.Peek().Kind != TokenKind.Colon) return false;
        reader.Unexpected("`,` between two values");
        return true;
    }

    private bool ExpectColon(NameSyntax name)
    {
        if (reader.TryTake(TokenKind.Colon)) return true;
        var isEqual = reader.Current.Kind is TokenKind.Equal or TokenKind.EqualEqual;
        reader.Unexpected($"`:` after the field's name `{name.Text}`", isEqual ? $"write `{name.Text}: …`" : null);
        return isEqual && reader.Take() is { };
    }

    /// <summary>Skips to the next line outside of braces, the next statement that begins a line, the brace that closes the test, or the next declaration; at least one token.</summary>
    private void SkipToStatement()
    {
        var depth = 0;
        do
        {
            if (depth <= 0 && reader.At(TokenKind.CloseBrace)) return;
            if (reader.At(TokenKind.OpenBrace)) depth++;
            if (reader.At(TokenKind.CloseBrace)) depth--;
            reader.Take();
        }
        while (!reader.AtEnd && !reader.AtDeclaration() && !(reader.Current.StartsLine && (depth <= 0 || AtStatement)));
    }
}
