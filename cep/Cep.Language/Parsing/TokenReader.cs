using Cep.Language.Diagnostics;
using Cep.Language.Lexing;
using Cep.Language.Syntax;
using Cep.Language.Text;

namespace Cep.Language.Parsing;

/// <summary>Steps through the tokens of a file. What every part of the parser shares: looking ahead, expecting, reporting once a place, and finding
/// where to go on after an error.</summary>
internal sealed class TokenReader(List<Token> tokens, DiagnosticBag diagnostics)
{
    /// <summary>How deep groups and parentheses may nest, so that no text can exhaust the stack.</summary>
    public const int MaxNesting = 200;

    private static readonly string[] Clauses =
        ["title", "severity", "tags", "owner", "runbook", "status", "from", "match", "unless", "emit", "suppress", "limit", "partials"];

    private int _position;
    private int _lastErrorAt = -1;

    /// <summary>The token to be read next; the end of the file is never passed.</summary>
    public Token Current => tokens[_position];

    public DiagnosticBag Diagnostics { get; } = diagnostics;

    /// <summary>The names of all clauses of a rule, those not supported yet included.</summary>
    public static IReadOnlyList<string> ClauseNames => Clauses;

    public bool AtEnd => Current.Kind == TokenKind.EndOfFile;

    /// <summary>Where the last token that was read ends.</summary>
    public TextSpan Previous => _position == 0 ? new TextSpan(0, 0) : tokens[_position - 1].Span;

    public Token Peek(int ahead = 1) => tokens[Math.Min(_position + ahead, tokens.Count - 1)];

    public bool At(TokenKind kind) => Current.Kind == kind;

    public bool AtWord(string word) => Current.IsWord(word);

    public Token Take()
    {
        var token = Current;
        if (!AtEnd) _position++;
        return token;
    }

    public bool TryTake(TokenKind kind)
    {
        if (!At(kind)) return false;
        Take();
        return true;
    }

    public bool TryTakeWord(string word)
    {
        if (!AtWord(word)) return false;
        Take();
        return true;
    }

    /// <summary>Reports an error at the current token; a second one at the same token is a consequence of the first and is dropped.</summary>
    public void ErrorHere(string code, string message, string? help = null) => ErrorAt(code, Current.Span, message, help);

    /// <summary>Reports an error about <paramref name="span"/> unless one was reported since the current token was reached.</summary>
    public void ErrorAt(string code, TextSpan span, string message, string? help = null)
    {
        if (_lastErrorAt == _position) return;
        _lastErrorAt = _position;
        Diagnostics.Error(code, span, message, help);
    }

    /// <summary>Says that what is found here is a consequence of an error that has been reported.</summary>
    public void SuppressHere() => _lastErrorAt = _position;

    /// <summary>Reports that <paramref name="expected"/> was expected here and what stands here instead.</summary>
    public void Unexpected(string expected, string? help = null) =>
        ErrorHere(DiagnosticCode.UnexpectedToken, $"Expected {expected}, but found {Current.Describe()}.", help);

    /// <summary>Reads a token of a kind, or reports what was expected and reads nothing.</summary>
    public bool Expect(TokenKind kind, string expected, string? help = null)
    {
        if (TryTake(kind)) return true;
        Unexpected(expected, help);
        return false;
    }

    /// <summary>Reads a word, or reports that it was expected and reads nothing.</summary>
    public bool ExpectWord(string word, string? where = null)
    {
        if (TryTakeWord(word)) return true;
        Unexpected($"`{word}`{where}", Current.Kind == TokenKind.Identifier ? DiagnosticBag.DidYouMean(Current.Text, [word]) : null);
        return false;
    }

    /// <summary>Reads a name; one that is missing has been reported.</summary>
    public NameSyntax ExpectName(string expected, string? help = null)
    {
        if (Current.IsName)
        {
            var token = Take();
            return new NameSyntax(token.Text, token.Span);
        }
        Unexpected(expected, help);
        return new NameSyntax("", new TextSpan(Current.Span.Start, 0));
    }

    /// <summary>Reads a duration; null after reporting that there is none.</summary>
    public DurationSyntax? ExpectDuration(string expected)
    {
        if (At(TokenKind.Duration))
        {
            var token = Take();
            return new DurationSyntax(token.Value, token.Span);
        }
        string? help = null;
        if (Current.Kind is TokenKind.Integer or TokenKind.Number)
        {
            var unit = Peek().Kind == TokenKind.Identifier ? Peek().Text.ToLowerInvariant() : "";
            var letter = unit.StartsWith("milli", StringComparison.Ordinal) || unit == "ms" ? "ms"
                : unit is ['s' or 'm' or 'h' or 'd', ..] ? unit[..1]
                : "";
            help = letter == "" ? $"a duration has a unit, as in `{Current.Text}s` or `{Current.Text}m`" : $"write `{Current.Text}{letter}`";
        }
        Unexpected(expected, help);
        if (help is not null)
        {
            Take();
            if (Current.Kind == TokenKind.Identifier && !Current.StartsLine && help.StartsWith("write", StringComparison.Ordinal)) Take();
        }
        return null;
    }

    /// <summary>Reads a string; null after reporting that there is none.</summary>
    public StringSyntax? ExpectString(string expected)
    {
        if (At(TokenKind.String))
        {
            var token = Take();
            return new StringSyntax(token.Text, token.Span);
        }
        Unexpected(expected, Current.IsName ? $"write it in quotes: \"{Current.Text}\"" : null);
        return null;
    }

    /// <summary>Whether a declaration begins here: its word, first on its line, with what must follow it.</summary>
    public bool AtDeclaration()
    {
        if (!Current.StartsLine || Current.Kind != TokenKind.Identifier || !Peek().IsName) return false;
        var third = Peek(2);
        return Current.Text switch
        {
            "stream" or "rule" => third.Kind == TokenKind.OpenBrace,
            "list" => third.IsWord("of"),
            "test" => third.Kind == TokenKind.String,
            _ => false,
        };
    }

    /// <summary>Whether a clause of a rule begins here: its word, first on its line, with something that can follow it.</summary>
    public bool AtClause()
    {
        if (Current.Kind != TokenKind.Identifier || !Clauses.Contains(Current.Text)) return false;
        if (AtWord("emit") && (Peek().IsWord("alert") || Peek().IsWord("on"))) return true;
        return Current.StartsLine
            && Peek().Kind is TokenKind.Identifier or TokenKind.QuotedIdentifier or TokenKind.String or TokenKind.Integer
            or TokenKind.OpenParenthesis;
    }

    /// <summary>Skips to where <paramref name="stop"/> holds, to the next clause or declaration, to a brace that closes what is open here, or to the
    /// end. Braces and what is in them count as one.</summary>
    public void SkipUntil(Func<bool> stop)
    {
        var depth = 0;
        while (!AtEnd)
        {
            if (depth == 0 && (At(TokenKind.CloseBrace) || AtClause() || stop())) return;
            if (AtDeclaration()) return;
            if (At(TokenKind.OpenBrace)) depth++;
            if (At(TokenKind.CloseBrace)) depth--;
            Take();
        }
    }

    /// <summary>Skips to the next clause, the brace that closes the rule, or the next declaration.</summary>
    public void SkipToClause() => SkipUntil(() => false);

    /// <summary>With the current token an opening bracket: skips to just after its partner, or to where the rule goes on without it.</summary>
    public void SkipBrackets()
    {
        var depth = 0;
        do
        {
            if (Current.Kind is TokenKind.OpenParenthesis or TokenKind.OpenBrace or TokenKind.OpenBracket) depth++;
            if (Current.Kind is TokenKind.CloseParenthesis or TokenKind.CloseBrace or TokenKind.CloseBracket) depth--;
            Take();
        }
        while (depth > 0 && !AtEnd && !AtDeclaration());
    }
}
