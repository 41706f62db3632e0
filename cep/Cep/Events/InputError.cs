using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Cep.Events;

/// <summary>What is wrong with a record, in whole sentences. Bytes are counted from 1; values are cut to 40 characters.</summary>
internal static class InputError
{
    private const int LongestValue = 40;

    public const string Empty = "The line is empty.";

    public static string NotUtf8(ReadOnlySpan<byte> utf8)
    {
        var at = 0;
        while (Rune.DecodeFromUtf8(utf8[at..], out _, out var length) == OperationStatus.Done)
            at += length;
        return $"The line is not valid UTF-8 (byte {at + 1}).";
    }

    public static string NotJson(ReadOnlySpan<byte> utf8, JsonException e)
    {
        // The message ends with the position by line; a record has one line, as a rule.
        var message = e.Message.AsSpan();
        var end = message.IndexOf(" LineNumber:");
        message = (end < 0 ? message : message[..end]).TrimEnd('.');
        var line = 0;
        for (var lines = e.LineNumber ?? 0; lines > 0; lines--)
            line += utf8[line..].IndexOf((byte)'\n') + 1;
        return $"The line is not valid JSON: {message} (byte {line + (e.BytePositionInLine ?? 0) + 1}).";
    }

    public static string NotAnObject(JsonTokenType token) => "The line is a JSON " + token switch
    {
        JsonTokenType.StartArray => "array",
        JsonTokenType.String => "string",
        JsonTokenType.Number => "number",
        JsonTokenType.Null => "null",
        _ => "true or false",
    } + ", not an object.";

    public static string TextAfterObject(long byteIndex) => $"There is text after the JSON object (byte {byteIndex + 1}).";

    public static string BadName(long byteIndex) => $"A property name holds an escape that is no character (byte {byteIndex + 1}).";

    public static string Missing(EventField field) => $"The required field `{field.Name}` is missing.";

    public static string Null(EventField field) => $"The required field `{field.Name}` is null.";

    public static string EmptyCell(EventField field) => $"The required field `{field.Name}` is empty.";

    public static string CellCount(int cells, int columns) =>
        $"The record has {cells} cell{(cells == 1 ? "" : "s")}, but the header has {columns}.";

    public static string Misfit(FieldReader field, ref Utf8JsonReader json) =>
        $"The field `{field.Field.Name}` must be {field.Expected}, but is {Found(ref json)}.";

    public static string Misfit(FieldReader field, ReadOnlySpan<byte> cell) =>
        $"The field `{field.Field.Name}` must be {field.Expected}, but is \"{Cut(cell)}\".";

    public static string NoStream(IReadOnlyList<EventType> types) => $"The property `$stream` is missing. It must name {OneOf(types)}.";

    public static string WrongStream(ref Utf8JsonReader json, IReadOnlyList<EventType> types) =>
        $"The property `$stream` must name {OneOf(types)}, but is {Found(ref json)}.";

    private static string OneOf(IReadOnlyList<EventType> types) => "one of " + string.Join(", ", types.Select(t => $"`{t.Name}`"));

    private static string Found(ref Utf8JsonReader json) => json.TokenType switch
    {
        JsonTokenType.String => $"the string \"{Cut(json.ValueSpan)}\"",
        JsonTokenType.Number => $"the number {Cut(json.ValueSpan)}",
        JsonTokenType.True => "true",
        JsonTokenType.False => "false",
        JsonTokenType.Null => "null",
        JsonTokenType.StartArray => "an array",
        _ => "an object",
    };

    private static string Cut(ReadOnlySpan<byte> utf8)
    {
        // A character of UTF-16 is at most three bytes, so what is cut off here lies beyond the text shown.
        var text = Encoding.UTF8.GetString(utf8[..Math.Min(utf8.Length, LongestValue * 3 + 4)]);
        if (text.Length <= LongestValue)
            return text;
        return text[..(char.IsHighSurrogate(text[LongestValue - 1]) ? LongestValue - 1 : LongestValue)] + "…";
    }
}
