using Cep.Language.Diagnostics;
using Cep.Language.Lexing;
using Cep.Language.Syntax;
using Cep.Language.Text;

namespace Cep.Language.Parsing;

/// <summary>Reads a <c>stream</c> declaration.</summary>
internal sealed class StreamParser(TokenReader reader)
{
    private readonly List<FieldSyntax> _fields = [];
    private readonly List<TimeSyntax> _times = [];

    public StreamSyntax Parse()
    {
        var start = reader.Take().Span;
        var name = reader.ExpectName("the name of the stream");
        if (!reader.Expect(TokenKind.OpenBrace, "`{` and the fields of the stream"))
            return new StreamSyntax(name, _fields, _times, start.To(reader.Previous));
        while (!reader.At(TokenKind.CloseBrace) && !reader.AtEnd && !reader.AtDeclaration()) ParseMember();
        reader.Expect(TokenKind.CloseBrace, $"`}}` at the end of the stream `{name.Text}`");
        return new StreamSyntax(name, _fields, _times, start.To(reader.Previous));
    }

    private void ParseMember()
    {
        if (reader.AtWord("watermark") && !IsFieldType(reader.Peek())) ParseWatermark();
        else if (reader.AtWord("processing") && reader.Peek().IsWord("time")) ParseProcessingTime();
        else if (reader.Current.IsName) ParseField();
        else
        {
            reader.Unexpected("a field, `watermark for` or `processing time`", Separator());
            reader.Take();
            if (!reader.Current.StartsLine && !reader.Current.IsName) SkipLine();
        }
    }

    private string? Separator() =>
        reader.Current.Kind is TokenKind.Comma or TokenKind.Semicolon ? "fields stand one after the other, with nothing between" : null;

    private static bool IsFieldType(Token token) => token.Kind == TokenKind.Identifier && Types.Contains(token.Text);

    /// <summary>The type names of the language.</summary>
    public static readonly IReadOnlyList<string> Types = ["bool", "int", "long", "double", "decimal", "string", "timestamp", "duration"];

    private void ParseField()
    {
        var name = reader.ExpectName("the name of a field");
        if (reader.At(TokenKind.Colon))
        {
            reader.Unexpected($"the type of the field `{name.Text}`", $"write `{name.Text} {reader.Peek().Text}`");
            reader.Take();
        }
        if (reader.Current.StartsLine || !reader.Current.IsName)
        {
            reader.Unexpected($"the type of the field `{name.Text}`");
            // The field is known, its type is not; that has been reported.
            _fields.Add(new FieldSyntax(name, new NameSyntax("", reader.Previous), false));
            SkipLine();
            return;
        }
        var type = reader.ExpectName("a type");
        _fields.Add(new FieldSyntax(name, type, reader.TryTake(TokenKind.Question)));
    }

    private void ParseWatermark()
    {
        var start = reader.Take().Span;
        reader.ExpectWord("for", " and the field that holds the time of an event");
        var field = reader.ExpectName("the field that holds the time of an event");
        var delay = reader.ExpectWord("delay", " and how far out of order events may come, as in `delay 5s`")
            ? reader.ExpectDuration("a duration such as `5s`") : null;
        DurationSyntax? idle = null;
        if (reader.TryTakeWord("idle"))
        {
            reader.ExpectWord("after", " and a duration");
            idle = reader.ExpectDuration("a duration such as `1m`");
        }
        // A delay that is missing has been reported; 0 lets the rest be checked.
        _times.Add(new WatermarkSyntax(field, delay ?? new DurationSyntax(0, field.Span), idle, start.To(reader.Previous)));
        if (!reader.Current.StartsLine && !reader.At(TokenKind.CloseBrace) && delay is null) SkipLine();
    }

    private void ParseProcessingTime()
    {
        var start = reader.Take().Span;
        _times.Add(new ProcessingTimeSyntax(start.To(reader.Take().Span)));
    }

    private void SkipLine()
    {
        while (!reader.AtEnd && !reader.Current.StartsLine && !reader.At(TokenKind.CloseBrace)) reader.Take();
    }
}
