using System.Globalization;
using System.Text;
using Cep.Language.Diagnostics;
using Cep.Language.Text;

namespace Cep.Language.Lexing;

/// <summary>Cuts a file into tokens. Never fails: what is no token is reported and left out.</summary>
internal sealed class Lexer
{
    private const int MaxNameLength = 200;

    private readonly string _text;
    private readonly DiagnosticBag _diagnostics;
    private readonly List<Token> _tokens = [];
    private readonly List<TextSpan>? _comments;
    private int _position;
    private bool _startsLine = true;

    private Lexer(SourceText source, DiagnosticBag diagnostics, List<TextSpan>? comments)
    {
        _text = source.Text;
        _diagnostics = diagnostics;
        _comments = comments;
    }

    /// <summary>The tokens of the file, the last of kind <see cref="TokenKind.EndOfFile"/>.</summary>
    /// <param name="source">The file.</param>
    /// <param name="diagnostics">Takes what is no token.</param>
    /// <param name="comments">Takes where comments stand, in order; that of <c>//</c> ends before the line break. Null where nobody asks.</param>
    public static List<Token> Lex(SourceText source, DiagnosticBag diagnostics, List<TextSpan>? comments = null)
    {
        ReportInvalidUtf8(source, diagnostics);
        if (source.Text.IndexOf('\0') is var nul and >= 0)
            diagnostics.Error(DiagnosticCode.UnknownCharacter, new TextSpan(nul, 1), "There is a NUL character here; a rule file is text.");
        var lexer = new Lexer(source, diagnostics, comments);
        while (lexer.SkipTrivia()) lexer.LexToken();
        lexer.Add(TokenKind.EndOfFile, lexer._position, "");
        return lexer._tokens;
    }

    private static void ReportInvalidUtf8(SourceText source, DiagnosticBag diagnostics)
    {
        // A file in another encoding is wrong in many places for one reason: one message a line.
        var lastLine = 0;
        foreach (var offset in source.InvalidUtf8)
        {
            var line = source.LineOf(offset);
            if (line == lastLine) continue;
            lastLine = line;
            diagnostics.Error(DiagnosticCode.InvalidUtf8, new TextSpan(offset, 1),
                "There are bytes here that are not UTF-8; a rule file is UTF-8 text.");
        }
    }

    private char Current => Peek(0);

    private char Peek(int ahead) => _position + ahead < _text.Length ? _text[_position + ahead] : '\0';

    private bool AtEnd => _position >= _text.Length;

    private void Add(TokenKind kind, int start, string text, long value = 0)
    {
        _tokens.Add(new Token(kind, TextSpan.FromBounds(start, _position), text, value, _startsLine));
        _startsLine = false;
    }

    /// <summary>Skips white space and comments; false at the end of the file.</summary>
    private bool SkipTrivia()
    {
        while (!AtEnd)
        {
            if (Current is '\n' or '\r') (_startsLine, _position) = (true, _position + 1);
            else if (Current is ' ' or '\t') _position++;
            else if (Current == '/' && Peek(1) == '/') SkipLine();
            else if (Current == '/' && Peek(1) == '*') SkipBlockComment();
            else return true;
        }
        return false;
    }

    private void SkipLine()
    {
        var start = _position;
        while (!AtEnd && Current is not ('\n' or '\r')) _position++;
        _comments?.Add(TextSpan.FromBounds(start, _position));
    }

    private void SkipBlockComment()
    {
        var start = _position;
        var end = _text.IndexOf("*/", start + 2, StringComparison.Ordinal);
        _position = end < 0 ? _text.Length : end + 2;
        if (end < 0) _diagnostics.Error(DiagnosticCode.UnterminatedComment, new TextSpan(start, 2),
            "This comment is not closed; `*/` was expected before the end of the file.");
        if (_text.AsSpan(start.._position).IndexOf('\n') >= 0) _startsLine = true;
        _comments?.Add(TextSpan.FromBounds(start, _position));
    }

    private void LexToken()
    {
        var start = _position;
        if (char.IsAsciiLetter(Current) || Current == '_') LexIdentifier();
        else if (char.IsAsciiDigit(Current)) LexNumber();
        else if (Current is '"' or '\'') LexString();
        else if (Current == '`') LexQuotedIdentifier();
        else if (Sign() is var (kind, length))
        {
            _position += length;
            Add(kind, start, _text[start.._position]);
        }
        else if (LookAlike(Current) is var (meant, written)) LexLookAlike(meant, written);
        else LexUnknown();
    }

    private void LexIdentifier()
    {
        var start = _position;
        while (char.IsAsciiLetterOrDigit(Current) || Current == '_') _position++;
        Add(TokenKind.Identifier, start, SoundName(start, _text[start.._position]));
    }

    private void LexNumber()
    {
        var start = _position;
        (var kind, _position, var value) = new NumberLexer(_text, _diagnostics).Lex(start);
        Add(kind, start, _text[start.._position], value);
    }

    private void LexQuotedIdentifier()
    {
        var start = _position++;
        while (!AtEnd && Current is not ('`' or '\n' or '\r')) _position++;
        var name = _text[(start + 1).._position];
        if (Current == '`') _position++;
        else _diagnostics.Error(DiagnosticCode.UnterminatedName, TextSpan.FromBounds(start, _position),
            "This name is not closed; a backtick was expected before the end of the line.");
        if (name.Length == 0)
            _diagnostics.Error(DiagnosticCode.EmptyName, TextSpan.FromBounds(start, _position), "A name in backticks needs at least one character.");
        Add(TokenKind.QuotedIdentifier, start, SoundName(start, name));
    }

    /// <summary>The name without what no name may hold, after reporting it: a name becomes a member of an emitted class, a column, a key of
    /// JSON.</summary>
    private string SoundName(int start, string name)
    {
        var span = TextSpan.FromBounds(start, _position);
        var sound = string.Concat(name.EnumerateRunes().Where(r => !Rune.IsControl(r) && r != Rune.ReplacementChar));
        if (sound.Length != name.Length && !name.Contains('\0') && _diagnostics.Source.InvalidUtf8.Count == 0)
            _diagnostics.Error(DiagnosticCode.UnsoundName, span,
                "There is a control character or half of a character in this name; a name holds printable text.");
        if (sound.Length <= MaxNameLength) return sound;
        _diagnostics.Error(DiagnosticCode.UnsoundName, span, $"This name has {sound.Length} characters; a name may have at most {MaxNameLength}.");
        return sound[..MaxNameLength];
    }

    private void LexString()
    {
        var start = _position;
        var quote = _text[_position++];
        var value = new StringBuilder();
        while (!AtEnd && Current != quote && Current is not ('\n' or '\r'))
        {
            if (Current == '\\') LexEscape(value);
            else value.Append(_text[_position++]);
        }
        if (Current == quote && !AtEnd) _position++;
        else _diagnostics.Error(DiagnosticCode.UnterminatedString, TextSpan.FromBounds(start, _position),
            $"This string is not closed; `{quote}` was expected before the end of the line.");
        Add(TokenKind.String, start, value.ToString());
    }

    private void LexEscape(StringBuilder value)
    {
        var start = _position++;
        switch (Current)
        {
            case 'n': value.Append('\n'); break;
            case 't': value.Append('\t'); break;
            case '\\' or '"' or '\'': value.Append(Current); break;
            case 'u' when Peek(1) == '{': LexUnicodeEscape(value, start); return;
            default:
                if (Current is not ('\n' or '\r' or '\0')) _position++;
                _diagnostics.Error(DiagnosticCode.UnknownEscape, TextSpan.FromBounds(start, _position),
                    $"`{_text[start.._position]}` is not an escape; the escapes are `\\n`, `\\t`, `\\\\`, `\\\"`, `\\'` and `\\u{{…}}`.",
                    "write `\\\\` for a backslash");
                return;
        }
        _position++;
    }

    private void LexUnicodeEscape(StringBuilder value, int start)
    {
        _position += 2;
        var digits = _position;
        while (char.IsAsciiHexDigit(Current)) _position++;
        var hex = _text.AsSpan(digits.._position);
        var closed = Current == '}';
        if (closed) _position++;
        if (closed && hex.Length is >= 1 and <= 6
            && Rune.TryCreate(int.Parse(hex, NumberStyles.HexNumber, CultureInfo.InvariantCulture), out var rune)) value.Append(rune);
        else _diagnostics.Error(DiagnosticCode.UnknownEscape, TextSpan.FromBounds(start, _position),
            "This is not a Unicode character; expected one to six hexadecimal digits of a code point in braces, as in `\\u{20AC}`.");
    }

    private (TokenKind Kind, int Length)? Sign() => (Current, Peek(1), Peek(2)) switch
    {
        ('-', '>', '>') => (TokenKind.FollowedByAny, 3),
        ('-', '>', _) => (TokenKind.FollowedBy, 2),
        ('=', '>', _) => (TokenKind.Next, 2),
        ('=', '=', _) => (TokenKind.EqualEqual, 2),
        ('!', '=', _) => (TokenKind.BangEqual, 2),
        ('<', '=', _) => (TokenKind.LessEqual, 2),
        ('<', '>', _) => (TokenKind.LessGreater, 2),
        ('>', '=', _) => (TokenKind.GreaterEqual, 2),
        ('&', '&', _) => (TokenKind.AmpersandAmpersand, 2),
        ('|', '|', _) => (TokenKind.BarBar, 2),
        ('<', _, _) => (TokenKind.Less, 1),
        ('>', _, _) => (TokenKind.Greater, 1),
        ('=', _, _) => (TokenKind.Equal, 1),
        ('!', _, _) => (TokenKind.Bang, 1),
        ('|', _, _) => (TokenKind.Bar, 1),
        ('{', _, _) => (TokenKind.OpenBrace, 1),
        ('}', _, _) => (TokenKind.CloseBrace, 1),
        ('(', _, _) => (TokenKind.OpenParenthesis, 1),
        (')', _, _) => (TokenKind.CloseParenthesis, 1),
        ('[', _, _) => (TokenKind.OpenBracket, 1),
        (']', _, _) => (TokenKind.CloseBracket, 1),
        (',', _, _) => (TokenKind.Comma, 1),
        (':', _, _) => (TokenKind.Colon, 1),
        (';', _, _) => (TokenKind.Semicolon, 1),
        ('.', _, _) => (TokenKind.Dot, 1),
        ('@', _, _) => (TokenKind.At, 1),
        ('?', _, _) => (TokenKind.Question, 1),
        ('+', _, _) => (TokenKind.Plus, 1),
        ('-', _, _) => (TokenKind.Minus, 1),
        ('*', _, _) => (TokenKind.Star, 1),
        ('/', _, _) => (TokenKind.Slash, 1),
        ('%', _, _) => (TokenKind.Percent, 1),
        _ => null,
    };

    /// <summary>Reports a run of characters that begin no token, once.</summary>
    private void LexUnknown()
    {
        var start = _position;
        do
        {
            _position += char.IsHighSurrogate(Current) && char.IsLowSurrogate(Peek(1)) ? 2 : 1;
        }
        while (!AtEnd && !StartsToken(Current));
        var run = _text[start.._position];
        var span = TextSpan.FromBounds(start, _position);
        // NUL and what was not UTF-8 have been reported for the file as a whole.
        var isReported = run.Contains('\0') || (run.Contains('\uFFFD') && _diagnostics.Source.InvalidUtf8.Count > 0);
        if (!isReported)
            _diagnostics.Error(DiagnosticCode.UnknownCharacter, span,
                $"{Shown(run)} has no meaning outside a string, a comment or a name in backticks.", HelpForCharacter(run[0]));
    }

    /// <summary>A sign of the language for which word processors like to put another, and how it is written.</summary>
    private static (TokenKind Kind, string Written)? LookAlike(char c) => c switch
    {
        '→' => (TokenKind.FollowedBy, "->"),
        '⇒' => (TokenKind.Next, "=>"),
        '≤' => (TokenKind.LessEqual, "<="),
        '≥' => (TokenKind.GreaterEqual, ">="),
        '≠' => (TokenKind.BangEqual, "!="),
        '–' or '−' => (TokenKind.Minus, "-"),
        '“' or '”' or '„' or '‘' or '’' => (TokenKind.String, "\"…\""),
        _ => null,
    };

    /// <summary>Reports the sign and reads on as if the right one stood there.</summary>
    private void LexLookAlike(TokenKind kind, string written)
    {
        var start = _position++;
        while (kind == TokenKind.String && !AtEnd && Current is not ('\n' or '\r') && LookAlike(Current)?.Kind != TokenKind.String) _position++;
        var text = kind == TokenKind.String ? _text[(start + 1).._position] : written;
        if (kind == TokenKind.String && LookAlike(Current)?.Kind == TokenKind.String) _position++;
        _diagnostics.Error(DiagnosticCode.UnknownCharacter, new TextSpan(start, 1),
            $"`{_text[start]}` has no meaning outside a string, a comment or a name in backticks.", $"write `{written}`");
        Add(kind, start, text);
    }

    private bool StartsToken(char c) =>
        LookAlike(c) is not null || char.IsAsciiLetterOrDigit(c) || c is ' ' or '\t' or '\n' or '\r' or '_' or '"' or '\'' or '`'
            || Sign() is not null;

    private static string Shown(string run) =>
        run.EnumerateRunes().FirstOrDefault() is var first && (Rune.IsControl(first) || Rune.IsWhiteSpace(first) || first.Value == 0xFEFF)
            ? $"The character U+{first.Value:X4}"
            : $"`{(run.Length <= 20 ? run : run[..20] + "…")}`";

    private static string? HelpForCharacter(char c) => c switch
    {
        '#' => "a comment begins with `//`",
        '&' => "write `and`",
        '\u00A0' => "it looks like a space; write a plain one",
        _ => null,
    };
}
