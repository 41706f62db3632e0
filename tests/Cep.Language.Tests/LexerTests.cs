using Cep.Language.Diagnostics;
using Cep.Language.Lexing;
using Cep.Language.Text;

namespace Cep.Language.Tests;

public class LexerTests
{
    [Theory]
    [InlineData("1", TokenKind.Integer, 1)]
    [InlineData("1_000", TokenKind.Integer, 1000)]
    [InlineData("9223372036854775807", TokenKind.Integer, long.MaxValue)]
    [InlineData("1.5", TokenKind.Number, 0)]
    [InlineData("1e3", TokenKind.Number, 0)]
    [InlineData("1.5E-3", TokenKind.Number, 0)]
    [InlineData("500ms", TokenKind.Duration, 500)]
    [InlineData("30s", TokenKind.Duration, 30_000)]
    [InlineData("10m", TokenKind.Duration, 600_000)]
    [InlineData("2h", TokenKind.Duration, 7_200_000)]
    [InlineData("1d", TokenKind.Duration, 86_400_000)]
    [InlineData("1h30m", TokenKind.Duration, 5_400_000)]
    [InlineData("1d2h3m4s5ms", TokenKind.Duration, 93_784_005)]
    [InlineData("0ms", TokenKind.Duration, 0)]
    [InlineData("1_000ms", TokenKind.Duration, 1000)]
    internal void A_number_or_duration_has_its_value(string text, TokenKind kind, long value)
    {
        var token = Assert.Single(Lex(text));
        Assert.Equal((kind, value, text), (token.Kind, token.Value, token.Text));
    }

    [Theory]
    [InlineData("\"a b\"", "a b")]
    [InlineData("'a \"b\"'", "a \"b\"")]
    [InlineData("\"\"", "")]
    [InlineData("'\\n\\t\\\\\\\"\\''", "\n\t\\\"'")]
    [InlineData("\"\\u{20AC}\\u{1F600}\"", "€😀")]
    [InlineData("\"// no comment\"", "// no comment")]
    public void A_string_is_decoded(string text, string value)
    {
        var token = Assert.Single(Lex(text));
        Assert.Equal((TokenKind.String, value), (token.Kind, token.Text));
    }

    [Fact]
    public void Links_are_single_tokens_however_they_are_crowded() =>
        Assert.Equal("a -> b ->> c => d >= - 1 <= e - > f", string.Join(" ", Lex("a->b->>c=>d>=-1<=e- >f").Select(t => t.Text)));

    [Fact]
    public void Comments_and_white_space_stand_between_tokens() =>
        Assert.Equal(["a", "b", "c"], Lex("// x\na /* y\n * z */ b\t// end\r\nc//").Select(t => t.Text));

    [Fact]
    public void A_name_in_backticks_may_hold_any_printable_text()
    {
        var token = Assert.Single(Lex("`größe in € — 5 %`"));
        Assert.Equal((TokenKind.QuotedIdentifier, "größe in € — 5 %"), (token.Kind, token.Text));
    }

    [Fact]
    public void The_first_token_of_a_line_says_so() =>
        Assert.Equal([true, false, true, true], Lex("a b\nc /*\n*/ d").Select(t => t.StartsLine));

    [Fact]
    public void A_byte_order_mark_is_no_text() =>
        Assert.Equal("rule", SourceText.FromUtf8("x", "\uFEFFrule"u8).Text);

    private static List<Token> Lex(string text)
    {
        var diagnostics = new DiagnosticBag(new SourceText("test.cep", text));
        var tokens = Lexer.Lex(diagnostics.Source, diagnostics);
        Assert.Empty(diagnostics.Diagnostics);
        Assert.Equal(TokenKind.EndOfFile, tokens[^1].Kind);
        return tokens[..^1];
    }
}
