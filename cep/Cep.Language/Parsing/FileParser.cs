using Cep.Language.Diagnostics;
using Cep.Language.Lexing;
using Cep.Language.Syntax;
using Cep.Language.Text;

namespace Cep.Language.Parsing;

/// <summary>Reads the declarations of a file. Whatever the text, it ends, and every error is reported with the rest still read.</summary>
internal sealed class FileParser
{
    private readonly TokenReader _reader;
    private readonly List<StreamSyntax> _streams = [];
    private readonly List<RuleSyntax> _rules = [];
    private readonly List<ListSyntax> _lists = [];
    private readonly List<TestSyntax> _tests = [];

    private FileParser(TokenReader reader) => _reader = reader;

    /// <summary>Parses one file; what is wrong with it goes to <paramref name="diagnostics"/>.</summary>
    public static FileSyntax Parse(SourceText source, DiagnosticBag diagnostics) => Parse(source, Lexer.Lex(source, diagnostics), diagnostics);

    /// <summary>Parses the tokens of one file; what is wrong with them goes to <paramref name="diagnostics"/>.</summary>
    public static FileSyntax Parse(SourceText source, List<Token> tokens, DiagnosticBag diagnostics)
    {
        var parser = new FileParser(new TokenReader(tokens, diagnostics));
        while (!parser._reader.AtEnd) parser.ParseDeclaration();
        return new FileSyntax(source, parser._streams, parser._rules) { Lists = parser._lists, Tests = parser._tests };
    }

    private void ParseDeclaration()
    {
        switch (_reader.Current)
        {
            case var t when t.IsWord("stream"): _streams.Add(new StreamParser(_reader).Parse()); break;
            case var t when t.IsWord("rule"): _rules.Add(new RuleParser(_reader).Parse()); break;
            case var t when t.IsWord("list"): ParseList(); break;
            case var t when t.IsWord("test"): _tests.Add(new TestParser(_reader).Parse()); break;
            default: SkipUnknown(); break;
        }
    }

    private void ParseList()
    {
        var parser = new ListParser(_reader);
        _lists.Add(parser.Parse());
        if (parser.IsBroken) SkipToDeclaration();
    }

    private void SkipUnknown()
    {
        var help = _reader.Current.Kind == TokenKind.Identifier ? DiagnosticBag.DidYouMean(_reader.Current.Text, ["stream", "rule", "list", "test"])
            : null;
        _reader.Unexpected("a declaration, `stream`, `list`, `rule` or `test`", help);
        _reader.Take();
        SkipToDeclaration();
    }

    /// <summary>Skips to the next declaration; a word of one counts inside braces only where it begins a line and looks like one.</summary>
    private void SkipToDeclaration()
    {
        var depth = 0;
        while (!_reader.AtEnd && !_reader.AtDeclaration())
        {
            if (depth <= 0 && _reader.Current.StartsLine && (_reader.AtWord("stream") || _reader.AtWord("rule") || _reader.AtWord("test"))) return;
            if (_reader.At(TokenKind.OpenBrace)) depth++;
            if (_reader.At(TokenKind.CloseBrace)) depth--;
            _reader.Take();
        }
    }
}
