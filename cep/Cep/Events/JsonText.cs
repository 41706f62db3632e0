using System.Text.Json;

namespace Cep.Events;

/// <summary>JSON strings and property names without their escapes.</summary>
internal static class JsonText
{
    /// <summary>Writes the text at which the reader stands to a buffer; false where an escape is half a surrogate pair.</summary>
    /// <param name="json">At a string or a property name.</param>
    /// <param name="buffer">At least as long as the raw text.</param>
    /// <param name="utf8">The part of the buffer that holds the text.</param>
    public static bool TryUnescape(ref Utf8JsonReader json, byte[] buffer, out ReadOnlySpan<byte> utf8)
    {
        try
        {
            utf8 = buffer.AsSpan(0, json.CopyString(buffer));
            return true;
        }
        catch (InvalidOperationException)
        {
            // The JSON reader's only way to say that the escapes are no UTF-16.
            utf8 = default;
            return false;
        }
    }
}
