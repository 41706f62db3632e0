using Cep.Language.Binding;
using Cep.Language.Diagnostics;
using Cep.Language.Lexing;
using Cep.Language.Syntax;
using Cep.Language.Text;

namespace Cep.Language.Parsing;

/// <summary>Reads a <c>rule</c> declaration, clause by clause; the order of clauses is free.</summary>
internal sealed class RuleParser(TokenReader reader)
{
    private readonly ExpressionParser _expressions = new(reader);
    private readonly HashSet<string> _seen = [];

    public RuleSyntax Parse()
    {
        var start = reader.Take().Span;
        var name = reader.ExpectName("the name of the rule");
        var rule = new RuleSyntax(name, start);
        var open = reader.Current.Span;
        if (!reader.Expect(TokenKind.OpenBrace, "`{` and the clauses of the rule"))
        {
            reader.SkipToClause();
            if (!reader.AtClause()) return rule;
        }
        while (!reader.At(TokenKind.CloseBrace) && !reader.AtEnd && !reader.AtDeclaration()) ParseClause(rule);
        if (!reader.TryTake(TokenKind.CloseBrace))
            reader.ErrorAt(DiagnosticCode.UnclosedBrace, open,
                $"The rule `{name.Text}` is not closed; `}}` was expected before {reader.Current.Describe()}.");
        return rule with { Span = start.To(reader.Previous) };
    }

    private void ParseClause(RuleSyntax rule)
    {
        var word = reader.Current;
        if (word.Kind != TokenKind.Identifier || !TokenReader.ClauseNames.Contains(word.Text))
        {
            SkipUnknown(rule);
            return;
        }
        reader.Take();
        rule.Clauses.Add(word.Span);
        var isFirst = _seen.Add(word.Text) || word.Text == "unless";
        if (!isFirst)
            reader.Diagnostics.Error(DiagnosticCode.DuplicateClause, word.Span,
                $"The rule `{rule.Name.Text}` has two `{word.Text}` clauses; a rule has one of each.");
        // A clause written twice is read for its errors; the first one counts.
        var target = isFirst ? rule : new RuleSyntax(rule.Name, word.Span);
        switch (word.Text)
        {
            case "title": target.Title = reader.ExpectString("a string: the title of the rule"); break;
            case "owner": target.Owner = reader.ExpectString("a string: the owner of the rule"); break;
            case "runbook": target.Runbook = reader.ExpectString("a string: where to read what to do"); break;
            case "severity": ParseSeverity(target); break;
            case "tags": ParseTags(target); break;
            case "status": ParseStatus(target); break;
            case "from": ParseFrom(target, word.Span); break;
            case "match": target.Match = new MatchParser(reader, _expressions).Parse(word.Span); break;
            case "emit": ParseEmit(target, word.Span); break;
            case "unless": ParseUnless(target, word.Span); break;
            case "partials": ParsePartials(target); break;
            default: ParseUnsupported(word); break;
        }
    }

    private void SkipUnknown(RuleSyntax rule)
    {
        var word = reader.Current;
        var help = word.Kind == TokenKind.Identifier ? DiagnosticBag.DidYouMean(word.Text, TokenReader.ClauseNames) : null;
        if (word.IsWord("within") || word.IsWord("skip")) help = $"`{word.Text}` stands at the end of the `match` clause";
        if (word.IsWord("where")) help = "a `where` stands after a stream in `from`, or after a step in `match`";
        reader.Unexpected($"a clause of the rule `{rule.Name.Text}`", help);
        reader.Take();
        reader.SkipToClause();
    }

    private void ParseSeverity(RuleSyntax rule)
    {
        rule.Severity = reader.ExpectName("`low`, `medium`, `high` or `critical`");
        if (!reader.AtWord("if")) return;
        reader.ErrorHere(DiagnosticCode.NotSupportedYet, "A severity that depends on the match (`if … else …`) is not supported yet.");
        reader.Take();
        _expressions.Parse();
        if (reader.TryTakeWord("else")) reader.ExpectName("`low`, `medium`, `high` or `critical`");
    }

    private void ParseTags(RuleSyntax rule)
    {
        var tags = new List<NameSyntax>();
        do
        {
            if (reader.At(TokenKind.String)) tags.Add(new NameSyntax(reader.Current.Text, reader.Take().Span));
            else if (reader.ExpectName("a tag: a word or a string") is { IsMissing: false } tag) tags.Add(tag);
        }
        while (reader.TryTake(TokenKind.Comma));
        rule.Tags = tags;
    }

    private void ParseStatus(RuleSyntax rule)
    {
        if (reader.AtWord("shadow")) reader.ErrorHere(DiagnosticCode.NotSupportedYet, "The status `shadow` is not supported yet.");
        rule.Status = reader.ExpectName("`draft`, `shadow` or `live`");
    }

    private void ParseFrom(RuleSyntax rule, TextSpan start)
    {
        var inputs = new List<InputSyntax>();
        do
        {
            var stream = reader.ExpectName("the name of a stream");
            if (stream.IsMissing)
            {
                reader.SkipUntil(() => reader.At(TokenKind.Comma));
                continue;
            }
            var key = reader.TryTakeWord("key") ? ParseKey() : [];
            inputs.Add(new InputSyntax(stream, key, reader.TryTakeWord("where") ? _expressions.Parse() : null));
        }
        while (reader.TryTake(TokenKind.Comma));
        rule.From = new FromSyntax(inputs, start.To(reader.Previous));
    }

    private List<NameSyntax> ParseKey()
    {
        if (!reader.TryTake(TokenKind.OpenParenthesis))
            return reader.ExpectName("a field, or fields in parentheses") is { IsMissing: false } only ? [only] : [];
        var fields = new List<NameSyntax>();
        do
        {
            if (reader.ExpectName("a field of the key") is { IsMissing: false } field) fields.Add(field);
        }
        while (reader.TryTake(TokenKind.Comma));
        reader.Expect(TokenKind.CloseParenthesis, "`)` after the fields of the key");
        return fields;
    }

    private void ParseEmit(RuleSyntax rule, TextSpan start)
    {
        var onTimeout = false;
        if (reader.TryTakeWord("on"))
        {
            onTimeout = reader.AtWord("timeout");
            if (onTimeout) reader.ErrorAt(DiagnosticCode.NotSupportedYet, start.To(reader.Current.Span), "`emit on timeout` is not supported yet.");
            else if (!reader.AtWord("match")) reader.Unexpected("`match` or `timeout`");
            if (reader.Current.IsName) reader.Take();
        }
        reader.ExpectWord("alert", " and what it tells, in braces");
        if (!reader.Expect(TokenKind.OpenBrace, "`{` and the measures of the alert"))
        {
            reader.SkipToClause();
            return;
        }
        var measures = ParseMeasures();
        // What `emit on timeout` tells must not be taken for what a match tells.
        if (!onTimeout) rule.Emit = new EmitSyntax(measures, start.To(reader.Previous));
    }

    private void ParseUnless(RuleSyntax rule, TextSpan start)
    {
        if (reader.AtClause() || !reader.Current.IsName)
        {
            reader.Unexpected("the name of a stream");
            reader.SkipToClause();
            return;
        }
        var stream = reader.ExpectName("the name of a stream");
        rule.Unless.Add(new UnlessSyntax(stream, reader.TryTakeWord("where") ? _expressions.Parse() : null, start.To(reader.Previous)));
    }

    private void ParsePartials(RuleSyntax rule)
    {
        var minus = reader.TryTake(TokenKind.Minus);
        var span = minus ? reader.Previous.To(reader.Current.Span) : reader.Current.Span;
        long? perKey = null;
        if (reader.At(TokenKind.Integer)) perKey = minus ? -reader.Take().Value : reader.Take().Value;
        else reader.Unexpected("the most partial matches a key may have, such as `10000`");
        if (!reader.ExpectWord("per") || !reader.ExpectWord("key") || !reader.ExpectWord("on") || !reader.ExpectWord("overflow"))
        {
            reader.SkipToClause();
            return;
        }
        rule.Partials = new PartialsSyntax(perKey, span, reader.ExpectName($"one of {PartialsBinder.Choices}"));
    }

    private List<MeasureSyntax> ParseMeasures()
    {
        var measures = new List<MeasureSyntax>();
        while (!reader.At(TokenKind.CloseBrace) && !reader.AtEnd)
        {
            var name = reader.ExpectName("the name of a measure");
            if (!name.IsMissing && ExpectEqual(name)) measures.Add(new MeasureSyntax(name, _expressions.Parse()));
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

    /// <summary>Reads what the language has and this version has not, so that the clauses after it are read.</summary>
    private void ParseUnsupported(Token word)
    {
        reader.Diagnostics.Error(DiagnosticCode.NotSupportedYet, word.Span, $"The clause `{word.Text}` is not supported yet.");
        while (!reader.AtEnd && !reader.At(TokenKind.CloseBrace) && !reader.AtClause() && !reader.AtDeclaration()) reader.Take();
    }
}
