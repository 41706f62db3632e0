using Cep.Language.Diagnostics;
using Cep.Language.Lexing;
using Cep.Language.Syntax;
using Cep.Language.Text;

namespace Cep.Language.Parsing;

/// <summary>Reads the clauses of a rule that are about its alerts: how bad they are, what they say, and how many of them are told.</summary>
internal sealed class AlertParser(TokenReader reader, ExpressionParser expressions)
{
    private const string Severities = "`low`, `medium`, `high` or `critical`";

    /// <summary>Whether a clause whose word was read is <c>emit on timeout</c>.</summary>
    public static bool IsOnTimeout(Token word, TokenReader reader) => word.IsWord("emit") && reader.AtWord("on") && reader.Peek().IsWord("timeout");

    public void ParseSeverity(RuleSyntax rule)
    {
        var cases = new List<SeverityCaseSyntax>();
        rule.SeverityCases = cases;
        var severity = ExpectSeverity();
        while (reader.TryTakeWord("if"))
        {
            cases.Add(new SeverityCaseSyntax(severity, expressions.Parse()));
            if (!reader.ExpectWord("else", " and how bad all other matches are"))
            {
                reader.SkipToClause();
                return;
            }
            severity = ExpectSeverity();
        }
        rule.Severity = severity;
    }

    /// <summary>The next clause is no severity, whatever its word.</summary>
    private NameSyntax ExpectSeverity()
    {
        if (!reader.AtClause()) return reader.ExpectName(Severities);
        reader.Unexpected(Severities);
        return new NameSyntax("", new TextSpan(reader.Current.Span.Start, 0));
    }

    public void ParseEmit(RuleSyntax rule, TextSpan start)
    {
        var onTimeout = false;
        if (reader.TryTakeWord("on"))
        {
            onTimeout = reader.AtWord("timeout");
            if (!onTimeout && !reader.AtWord("match")) reader.Unexpected("`match` or `timeout`", DiagnosticBag.DidYouMean(reader.Current.Text, ["match", "timeout"]));
            if (reader.Current.IsName && !reader.AtWord("alert")) reader.Take();
        }
        var head = start.To(reader.Previous);
        reader.ExpectWord("alert", " and what it tells, in braces");
        if (!reader.Expect(TokenKind.OpenBrace, "`{` and the measures of the alert"))
        {
            reader.SkipToClause();
            return;
        }
        var emit = new EmitSyntax(ParseMeasures(), head);
        if (onTimeout) rule.EmitOnTimeout = emit;
        else rule.Emit = emit;
    }

    public void ParseSuppress(RuleSyntax rule)
    {
        if (!reader.ExpectWord("by"))
        {
            reader.SkipToClause();
            return;
        }
        var names = new List<NameSyntax>();
        do
        {
            // A field may be called `for`.
            if (reader.AtWord("for") && reader.Peek().Kind == TokenKind.Duration) reader.Unexpected("a measure of `emit`, or a field of the key");
            else if (reader.ExpectName("a measure of `emit`, or a field of the key") is { IsMissing: false } name) names.Add(name);
        }
        while (reader.TryTake(TokenKind.Comma));
        if (reader.ExpectWord("for")) rule.Suppress = new SuppressSyntax(names, reader.ExpectDuration("how long, such as `1h`"));
        else reader.SkipToClause();
    }

    public void ParseLimit(RuleSyntax rule)
    {
        var minus = reader.TryTake(TokenKind.Minus);
        var span = minus ? reader.Previous.To(reader.Current.Span) : reader.Current.Span;
        long? count = null;
        if (reader.At(TokenKind.Integer)) count = minus ? -reader.Take().Value : reader.Take().Value;
        else reader.Unexpected("the most alerts that are told, such as `10`");
        if (reader.ExpectWord("per")) rule.Limit = new LimitSyntax(count, span, reader.ExpectDuration("a span of time, such as `1h`"));
        else reader.SkipToClause();
    }

    private List<MeasureSyntax> ParseMeasures()
    {
        var measures = new List<MeasureSyntax>();
        while (!reader.At(TokenKind.CloseBrace) && !reader.AtEnd)
        {
            var name = reader.ExpectName("the name of a measure");
            if (!name.IsMissing && ExpectEqual(name)) measures.Add(new MeasureSyntax(name, expressions.Parse()));
            if (reader.TryTake(TokenKind.Comma)) continue;
            if (reader.At(TokenKind.CloseBrace) || AtNextMeasure()) continue;
            if (!name.IsMissing) reader.Unexpected("`,` or `}` after the measure");
            reader.SkipUntil(() => reader.At(TokenKind.Comma));
            if (!reader.TryTake(TokenKind.Comma)) break;
        }
        reader.Expect(TokenKind.CloseBrace, "`}` after the measures of the alert");
        return measures;
    }

    /// <summary>With two measures side by side, reports the missing comma and goes on with the second.</summary>
    private bool AtNextMeasure()
    {
        if (!reader.Current.IsName || reader.Peek().Kind != TokenKind.Equal) return false;
        reader.Unexpected("`,` between two measures");
        return true;
    }

    private bool ExpectEqual(NameSyntax name)
    {
        if (reader.TryTake(TokenKind.Equal)) return true;
        reader.Unexpected($"`=` after the measure's name `{name.Text}`",
            reader.Current.Kind is TokenKind.Colon or TokenKind.EqualEqual ? $"write `{name.Text} = …`" : null);
        return reader.TryTake(TokenKind.Colon) || reader.TryTake(TokenKind.EqualEqual);
    }
}
