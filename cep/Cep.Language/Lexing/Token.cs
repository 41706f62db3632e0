using Cep.Language.Text;

namespace Cep.Language.Lexing;

/// <summary>What a token is. Words are all <see cref="Identifier"/>: keywords are contextual, the parser tells them from names.</summary>
internal enum TokenKind
{
    EndOfFile,
    Identifier,
    QuotedIdentifier,
    String,
    Integer,
    Number,
    Duration,
    OpenBrace,
    CloseBrace,
    OpenParenthesis,
    CloseParenthesis,
    OpenBracket,
    CloseBracket,
    Comma,
    Colon,
    Semicolon,
    Dot,
    At,
    Question,
    Bar,
    Plus,
    Minus,
    Star,
    Slash,
    Percent,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    EqualEqual,
    BangEqual,
    FollowedBy,
    FollowedByAny,
    Next,

    // Not of the language; lexed so that the parser can name the right spelling.
    Equal,
    LessGreater,
    Bang,
    AmpersandAmpersand,
    BarBar,
}

/// <summary>A word, number or sign of the text.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Span">Where it stands.</param>
/// <param name="Text">The name of an identifier, the decoded string, what ends where that is not a file, else the characters as written.</param>
/// <param name="Value">The value of an integer, or of a duration in milliseconds; else 0.</param>
/// <param name="StartsLine">Whether it is the first token of its line.</param>
internal readonly record struct Token(TokenKind Kind, TextSpan Span, string Text, long Value, bool StartsLine)
{
    /// <summary>Whether this is the bare word <paramref name="word"/>; a name in backticks never is.</summary>
    public bool IsWord(string word) => Kind == TokenKind.Identifier && Text == word;

    /// <summary>Whether this can be a name.</summary>
    public bool IsName => Kind is TokenKind.Identifier or TokenKind.QuotedIdentifier;

    /// <summary>The token as a message names it.</summary>
    public string Describe() => Kind switch
    {
        TokenKind.EndOfFile => Text.Length > 0 ? Text : "the end of the file",
        TokenKind.String => "a string",
        TokenKind.Duration => $"the duration `{Text}`",
        TokenKind.Integer or TokenKind.Number => $"the number `{Text}`",
        _ => $"`{Text}`",
    };
}
