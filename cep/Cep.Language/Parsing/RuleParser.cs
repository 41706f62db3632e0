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

    private AlertParser Alerts => new(reader, _expressions);

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
        var clause = AlertParser.IsOnTimeout(word, reader) ? "emit on timeout" : word.Text;
        var isFirst = _seen.Add(clause) || clause == "unless";
        if (!isFirst)
            reader.Diagnostics.Error(DiagnosticCode.DuplicateClause, word.Span,
                $"The rule `{rule.Name.Text}` has two `{clause}` clauses; a rule has one of each.");
        // A clause written twice is read for its errors; the first one counts.
        var target = isFirst ? rule : new RuleSyntax(rule.Name, word.Span);
        switch (word.Text)
        {
            case "title": target.Title = reader.ExpectString("a string: the title of the rule"); break;
            case "owner": target.Owner = reader.ExpectString("a string: the owner of the rule"); break;
            case "runbook": target.Runbook = reader.ExpectString("a string: where to read what to do"); break;
            case "severity": Alerts.ParseSeverity(target); break;
            case "tags": ParseTags(target); break;
            case "status": ParseStatus(target); break;
            case "from": ParseFrom(target, word.Span); break;
            case "match": target.Match = new MatchParser(reader, _expressions).Parse(word.Span); break;
            case "emit": Alerts.ParseEmit(target, word.Span); break;
            case "suppress": Alerts.ParseSuppress(target); break;
            case "limit": Alerts.ParseLimit(target); break;
            case "unless": ParseUnless(target, word.Span); break;
            case "partials": ParsePartials(target); break;
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
}
