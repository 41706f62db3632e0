using System.Text.Json;
using System.Text.Unicode;
using Cep.Language.Diagnostics;

namespace Cep.Language.Json;

/// <summary>Opens a JSON document: whatever the bytes, it is a document or a problem.</summary>
internal static class JsonText
{
    /// <summary>How deep objects and arrays may nest; a group is two levels.</summary>
    private const int MaxDepth = 420;

    /// <summary>The document, or null after reporting why there is none. Every text in it is sound UTF-16.</summary>
    public static JsonDocument? Open(ReadOnlyMemory<byte> utf8, List<PatternJsonProblem> problems)
    {
        if (utf8.Span.StartsWith("\uFEFF"u8))
            utf8 = utf8[3..];
        if (!Utf8.IsValid(utf8.Span))
            return Reject("There are bytes here that are not UTF-8; JSON is UTF-8 text.", problems);
        try
        {
            CheckTexts(utf8.Span);
            return JsonDocument.Parse(utf8, new JsonDocumentOptions { MaxDepth = MaxDepth });
        }
        catch (JsonException e)
        {
            var place = e.LineNumber is { } line ? $", at line {line + 1}, byte {e.BytePositionInLine + 1}" : "";
            return Reject($"This is not JSON{place}.", problems);
        }
        catch (InvalidOperationException)
        {
            return Reject("There is half of a character in a text, a `\\u` escape without its partner.", problems);
        }
    }

    /// <summary>Decodes every text once: an escape can spell half of a surrogate pair, which no later code should meet.</summary>
    private static void CheckTexts(ReadOnlySpan<byte> utf8)
    {
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = MaxDepth });
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && reader.ValueIsEscaped)
                reader.GetString();
        }
    }

    private static JsonDocument? Reject(string reason, List<PatternJsonProblem> problems)
    {
        problems.Add(new(DiagnosticCode.InvalidJson, "$", reason));
        return null;
    }
}
