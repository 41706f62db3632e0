using Cep.Language.Diagnostics;
using Cep.Language.Lexing;
using Cep.Language.Syntax;
using Cep.Language.Text;
using Cep.Patterns;

namespace Cep.Language.Parsing;

/// <summary>Reads the <c>match</c> clause: steps and their links, then <c>within</c> and <c>skip</c>.</summary>
internal sealed class MatchParser(TokenReader reader, ExpressionParser expressions)
{
    private readonly QuantifierParser _quantifiers = new(reader, expressions);
    private int _nesting;

    public MatchSyntax Parse(TextSpan start)
    {
        var sequence = ParseSequence();
        while (reader.At(TokenKind.CloseParenthesis) || reader.At(TokenKind.Bar) || reader.At(TokenKind.BarBar))
        {
            if (!reader.At(TokenKind.CloseParenthesis))
            {
                sequence = ParseBareAlternatives(sequence);
                continue;
            }
            reader.Unexpected("a link, `within` or `skip`", "there is no `(` that this `)` closes");
            reader.Take();
            if (LinkAt() is not null) sequence = new SequenceSyntax([.. sequence.Steps, .. ParseSequence(afterLink: true).Steps], sequence.Span);
        }
        WithinSyntax? within = null;
        SkipSyntax? skip = null;
        while (true)
        {
            var span = reader.Current.Span;
            if (reader.AtWord("within") || AtMisspelt("within", ["forever"])) within = Once(within, ParseWithin(), "within", span);
            else if (reader.AtWord("skip") || AtMisspelt("skip", ["none", "to", "past"])) skip = Once(skip, ParseSkip(), "skip", span);
            else if (AtEndOfMatch()) break;
            else
            {
                reader.Unexpected(within is null ? "a link (`->`, `=>` or `->>`), `within` or `skip`" : "`skip` or the next clause", HelpForWord());
                reader.Take();
                reader.SkipUntil(() => reader.AtWord("within") || reader.AtWord("skip"));
            }
        }
        return new MatchSyntax(sequence, within, skip, start.To(reader.Previous));
    }

    /// <summary>Reports alternatives without a group around them, and reads on after the last.</summary>
    private SequenceSyntax ParseBareAlternatives(SequenceSyntax first)
    {
        reader.ErrorHere(DiagnosticCode.UnexpectedToken, "Alternatives stand in a group; a `(` was expected before the first of them.", "write `( a: … | b: … )`");
        var steps = first.Steps.ToList();
        while (reader.At(TokenKind.Bar) || reader.At(TokenKind.BarBar))
        {
            reader.Take();
            steps.AddRange(ParseSequence().Steps);
        }
        return new SequenceSyntax(steps, first.Span);
    }

    private bool AtEndOfMatch() =>
        reader.AtEnd || reader.At(TokenKind.CloseBrace) || reader.AtDeclaration() || reader.AtClause()
        || (reader.Current.Kind == TokenKind.Identifier && TokenReader.ClauseNames.Contains(reader.Current.Text));

    /// <summary>Reports a word that is nearly <paramref name="word"/> and is followed by what follows it; false for any other.</summary>
    private bool AtMisspelt(string word, string[] wordsAfter)
    {
        var after = reader.Peek();
        if (AtEndOfMatch() || reader.Current.Kind != TokenKind.Identifier || !(after.Kind == TokenKind.Duration || wordsAfter.Any(after.IsWord)))
            return false;
        if (DiagnosticBag.DidYouMean(reader.Current.Text, [word]) is not { } help) return false;
        reader.Unexpected($"`{word}`", help);
        return true;
    }

    private string? HelpForWord() =>
        reader.AtWord("where") ? "a `where` stands right after the stream of a step"
        : reader.Current.Kind == TokenKind.Identifier ? DiagnosticBag.DidYouMean(reader.Current.Text, ["within", "skip", .. TokenReader.ClauseNames])
        : null;

    private T Once<T>(T? before, T now, string word, TextSpan span) where T : class
    {
        if (before is null) return now;
        reader.Diagnostics.Error(DiagnosticCode.DuplicateClause, span, $"There are two `{word}` in this `match` clause; one was expected.");
        return before;
    }

    private SequenceSyntax ParseSequence(bool afterLink = false)
    {
        var steps = new List<StepSyntax>();
        var start = reader.Current.Span;
        var link = LinkAt() ?? Contiguity.Relaxed;
        var linkSpan = new TextSpan(start.Start, 0);
        if (LinkAt() is not null)
        {
            if (!afterLink) reader.Unexpected("the first step", "a pattern begins with a step, not with a link");
            linkSpan = reader.Take().Span;
        }
        while (true)
        {
            if (ParseStep(link, linkSpan) is { } step) steps.Add(step);
            if (LinkAt() is { } next) (link, linkSpan) = (next, reader.Take().Span);
            else if (AtStepWithoutLink()) (link, linkSpan) = (Contiguity.Relaxed, new TextSpan(reader.Current.Span.Start, 0));
            else break;
        }
        return new SequenceSyntax(steps, start.To(reader.Previous));
    }

    private Contiguity? LinkAt() => reader.Current.Kind switch
    {
        TokenKind.FollowedBy => Contiguity.Relaxed,
        TokenKind.Next => Contiguity.Strict,
        TokenKind.FollowedByAny => Contiguity.NonDeterministicRelaxed,
        _ => null,
    };

    /// <summary>Takes the sign between two alternatives of a group.</summary>
    private bool TryTakeBar()
    {
        if (reader.At(TokenKind.BarBar)) reader.Unexpected("`|`", "`|` stands between two alternatives");
        else if (!reader.At(TokenKind.Bar)) return false;
        reader.Take();
        return true;
    }

    /// <summary>Reports two steps side by side; false where no step follows.</summary>
    private bool AtStepWithoutLink()
    {
        var separator = reader.Current.Kind is TokenKind.Comma or TokenKind.Semicolon || reader.AtWord("then") ? 1 : 0;
        // A clause that looks like a step is not read by ParseStep; taking it for one would not end.
        if (reader.AtClause() || !StartsStep(separator)) return false;
        var found = reader.Peek(separator).Kind == TokenKind.OpenParenthesis ? "a group" : $"the step `{NameOfStep(separator)}`";
        var instead = separator == 0 ? "none" : reader.Current.Describe();
        reader.ErrorHere(DiagnosticCode.MissingLink,
            $"Expected a link before {found}, but found {instead}; steps are linked by `->`, `=>` or `->>`.",
            "`->` lets other events come between, `=>` does not");
        if (separator == 1) reader.Take();
        return true;
    }

    private string NameOfStep(int ahead) =>
        reader.Peek(ahead).IsWord("not") && reader.Peek(ahead + 1).IsName ? reader.Peek(ahead + 1).Text : reader.Peek(ahead).Text;

    private bool StartsStep(int ahead)
    {
        var token = reader.Peek(ahead);
        if (token.Kind == TokenKind.OpenParenthesis) return true;
        if (!token.IsName) return false;
        var after = reader.Peek(ahead + 1);
        if (token.IsWord("not") && (after.IsName || after.Kind == TokenKind.OpenParenthesis)) return true;
        if (after.Kind is TokenKind.Colon or TokenKind.Question or TokenKind.Star or TokenKind.Plus) return true;
        if (after.Kind == TokenKind.OpenBrace) return reader.Peek(ahead + 2).Kind is TokenKind.Integer or TokenKind.Comma;
        return after.Kind == TokenKind.Identifier && QuantifierParser.Modifiers.Contains(after.Text) && !token.IsWord("within")
            && !token.IsWord("skip");
    }

    private StepSyntax? ParseStep(Contiguity link, TextSpan linkSpan)
    {
        var start = reader.Current.Span;
        TextSpan? not = null;
        if (reader.At(TokenKind.Bang))
        {
            reader.Unexpected("a step", "write `not`");
            not = reader.Take().Span;
        }
        else if (reader.AtWord("not") && (reader.Peek().IsName || reader.Peek().Kind == TokenKind.OpenParenthesis)) not = reader.Take().Span;

        if (reader.At(TokenKind.OpenParenthesis))
        {
            return ParseGroup(link, linkSpan, not, start);
        }
        if (!reader.Current.IsName || AtKeywordInPlaceOfStep())
        {
            reader.Unexpected(linkSpan.Length == 0 ? "a step, as in `a: STREAM`" : "a step after the link, as in `a: STREAM`", HelpForStep(link));
            reader.SkipUntil(() =>
                LinkAt() is not null || reader.At(TokenKind.CloseParenthesis) || reader.AtWord("within") || reader.AtWord("skip")
                    || reader.At(TokenKind.Bar));
            return null;
        }
        return ParseAtom(link, linkSpan, not, start);
    }

    /// <summary>Whether the word here goes on with the clause, or begins another, rather than naming a step.</summary>
    private bool AtKeywordInPlaceOfStep() =>
        (reader.AtWord("within") && reader.Peek().Kind is TokenKind.Duration or TokenKind.Identifier && !StartsStep(0)) || reader.AtClause();

    private string? HelpForStep(Contiguity link) =>
        link == Contiguity.Strict && reader.Current.Kind is TokenKind.Integer or TokenKind.Number or TokenKind.String
            ? "`=>` links two steps; \"at least\" is written `>=`" : null;

    private GroupSyntax? ParseGroup(Contiguity link, TextSpan linkSpan, TextSpan? not, TextSpan start)
    {
        if (_nesting >= TokenReader.MaxNesting)
        {
            reader.ErrorHere(DiagnosticCode.TooDeep, $"Groups are nested more than {TokenReader.MaxNesting} deep here; that is the limit.");
            reader.SkipBrackets();
            reader.SuppressHere();
            return null;
        }
        _nesting++;
        reader.Take();
        var alternatives = new List<SequenceSyntax> { ParseSequence() };
        while (TryTakeBar()) alternatives.Add(ParseSequence());
        reader.Expect(TokenKind.CloseParenthesis, "a link, `|` or `)` at the end of the group");
        _nesting--;
        var (quantifier, modifiers) = _quantifiers.Parse(afterGroup: true);
        return new GroupSyntax(link, linkSpan, not, alternatives, quantifier, modifiers, start.To(reader.Previous));
    }

    private AtomSyntax ParseAtom(Contiguity link, TextSpan linkSpan, TextSpan? not, TextSpan start)
    {
        var name = reader.ExpectName("the name of a step");
        var (quantifier, modifiers) = _quantifiers.Parse(afterGroup: false);
        if (!reader.TryTake(TokenKind.Colon))
        {
            var isStream = reader.Current is { IsName: true, StartsLine: false } && !reader.AtWord("where");
            reader.Unexpected($"`:` and the stream of the step `{name.Text}`", isStream ? $"write `{name.Text}: {reader.Current.Text}`" : null);
        }
        var source = AtStream() ? reader.ExpectName("a stream") : MissingStream(name);
        var where = reader.TryTakeWord("where") ? expressions.Parse() : null;
        return new AtomSyntax(link, linkSpan, not, name, quantifier, modifiers, source, where, start.To(reader.Previous));
    }

    private bool AtStream() =>
        reader.Current.IsName && !reader.AtClause() && !(reader.AtWord("where") && !reader.Peek().IsWord("where"))
            && !(reader.AtWord("within") && reader.Peek().Kind == TokenKind.Duration);

    private NameSyntax MissingStream(NameSyntax step)
    {
        reader.Unexpected($"the stream of the step `{step.Text}`");
        return new NameSyntax("", new TextSpan(reader.Current.Span.Start, 0));
    }

    private WithinSyntax ParseWithin()
    {
        var start = reader.Take().Span;
        if (reader.TryTakeWord("forever")) return new WithinSyntax(null, false, start.To(reader.Previous));
        // A duration that is missing has been reported; one that bounds nothing lets the rest be checked without errors that follow from that.
        var duration = reader.ExpectDuration("a duration such as `10m`, or `forever`") ?? new DurationSyntax(long.MaxValue, start);
        var isGap = reader.TryTakeWord("gap");
        return new WithinSyntax(duration, isGap, start.To(reader.Previous));
    }

    private SkipSyntax ParseSkip()
    {
        var start = reader.Take().Span;
        var first = reader.Current;
        var second = reader.Peek();
        var kind = (first.Text, second.Text) switch
        {
            ("none", _) => SkipKind.None,
            ("to", "next") => SkipKind.ToNext,
            ("past", "last") => SkipKind.PastLast,
            ("to", "first") => SkipKind.ToFirst,
            ("to", "last") => SkipKind.ToLast,
            _ => (SkipKind?)null,
        };
        if (kind is null)
        {
            if (first.IsWord("to") || first.IsWord("past")) reader.Take();
            var expected = first.IsWord("to") ? "`next`, `first` or `last`"
                : first.IsWord("past") ? "`last`"
                : "`none`, `to next`, `past last`, `to first STEP` or `to last STEP`";
            reader.Unexpected(expected, "`past last` is the default");
            reader.SkipToClause();
            return new SkipSyntax(SkipKind.PastLast, null, start.To(reader.Previous));
        }
        reader.Take();
        if (kind != SkipKind.None) reader.Take();
        NameSyntax? target = kind is SkipKind.ToFirst or SkipKind.ToLast ? reader.ExpectName($"the name of a step after `skip to {second.Text}`")
            : null;
        return new SkipSyntax(kind.Value, target, start.To(reader.Previous));
    }
}
