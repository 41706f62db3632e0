namespace Cep.Conformance.Model;

/// <summary>What a token of the neutral expression language is.</summary>
internal enum TokenKind { Name, Number, Text, Symbol, End }

/// <summary>A token; of a text its content.</summary>
internal readonly record struct Token(TokenKind Kind, string Text);

/// <summary>Cuts an expression of a case into tokens.</summary>
internal static class ExpressionTokens
{
    private static readonly string[] LongSymbols = ["==", "!=", "<=", ">="];

    public static IReadOnlyList<Token> Read(string source)
    {
        var tokens = new List<Token>();
        for (var at = 0; at < source.Length;)
        {
            var c = source[at];
            if (char.IsWhiteSpace(c))
                at++;
            else if (c is '\'' or '"' or '`')
                at = Quoted(source, at, c == '`' ? TokenKind.Name : TokenKind.Text, tokens);
            else if (char.IsAsciiDigit(c))
                at = While(source, at, static d => char.IsAsciiDigit(d) || d == '.', TokenKind.Number, tokens);
            else if (char.IsAsciiLetter(c) || c == '_')
                at = While(source, at, static d => char.IsAsciiLetterOrDigit(d) || d == '_', TokenKind.Name, tokens);
            else
                at = Symbol(source, at, tokens);
        }
        tokens.Add(new(TokenKind.End, ""));
        return tokens;
    }

    private static int Quoted(string source, int at, TokenKind kind, List<Token> tokens)
    {
        var end = source.IndexOf(source[at], at + 1);
        if (end < 0)
            throw new FormatException("A quote is not closed: " + source);
        tokens.Add(new(kind, source[(at + 1)..end]));
        return end + 1;
    }

    private static int While(string source, int at, Func<char, bool> belongs, TokenKind kind, List<Token> tokens)
    {
        var end = at;
        while (end < source.Length && belongs(source[end]))
            end++;
        tokens.Add(new(kind, source[at..end]));
        return end;
    }

    private static int Symbol(string source, int at, List<Token> tokens)
    {
        var length = at + 1 < source.Length && LongSymbols.Contains(source.Substring(at, 2)) ? 2 : 1;
        tokens.Add(new(TokenKind.Symbol, source.Substring(at, length)));
        return at + length;
    }
}
