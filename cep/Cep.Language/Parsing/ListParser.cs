using Cep.Language.Lexing;
using Cep.Language.Syntax;

namespace Cep.Language.Parsing;

/// <summary>Reads a <c>list</c> declaration.</summary>
internal sealed class ListParser(TokenReader reader)
{
    /// <summary>Whether it could not be read to its end: what follows may still belong to it.</summary>
    public bool IsBroken { get; private set; }

    public ListSyntax Parse()
    {
        var start = reader.Take().Span;
        var name = reader.ExpectName("the name of the list");
        reader.ExpectWord("of", " and the type of the values");
        var type = reader.ExpectName("the type of the values");
        StringSyntax? file = null;
        List<ExpressionSyntax>? values = null;
        if (reader.TryTakeWord("from")) file = reader.ExpectString("a string: the path of the file with the values");
        else if (reader.Expect(TokenKind.Equal, "`=` and the values, or `from` and the file with them")) values = ParseValues();
        IsBroken |= file is null && values is null;
        return new ListSyntax(name, type, values, file, start.To(reader.Previous));
    }

    private List<ExpressionSyntax>? ParseValues()
    {
        if (!reader.Expect(TokenKind.OpenParenthesis, "`(` and the values of the list")) return null;
        var expressions = new ExpressionParser(reader);
        var values = new List<ExpressionSyntax>();
        while (!reader.TryTake(TokenKind.CloseParenthesis))
        {
            values.Add(expressions.Parse());
            if (reader.TryTake(TokenKind.Comma) || reader.At(TokenKind.CloseParenthesis)) continue;
            reader.Unexpected("`,` or `)` after the value");
            reader.SkipUntil(() => reader.Current.Kind is TokenKind.Comma or TokenKind.CloseParenthesis);
            if (reader.TryTake(TokenKind.Comma) || reader.At(TokenKind.CloseParenthesis)) continue;
            IsBroken = true;
            return null;
        }
        return values;
    }
}
