using System.Text;

namespace Cep.Events;

/// <summary>
/// Gives one string for equal texts of a field, so that keys, names and codes that come again and again are made once. A direct-mapped table: a
/// new text takes the place of the one before it. A field whose texts seldom come again stops using it.
/// </summary>
/// <remarks>Bounded: 16,384 texts of at most 128 bytes. Not thread-safe.</remarks>
internal sealed class StringCache
{
    internal const int Size = 16_384;
    internal const int LongestUtf8 = 128;

    /// <summary>How many look-ups are judged together: enough to fill the table and use it.</summary>
    internal const int Window = 4 * Size;

    private string?[]? _texts;
    private bool _isOff;
    private int _lookups;
    private int _hits;

    /// <summary>Whether the texts were found to come again too seldom.</summary>
    internal bool IsOff => _isOff;

    /// <summary>The text of valid UTF-8.</summary>
    public string Get(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length == 0)
            return "";
        if (_isOff || utf8.Length > LongestUtf8)
            return Encoding.UTF8.GetString(utf8);
        if (++_lookups > Window && !IsWorthwhile())
            return Encoding.UTF8.GetString(utf8);

        ref var slot = ref (_texts ??= new string?[Size])[Utf8Hash.Of(utf8) & (Size - 1)];
        if (slot is { } known && IsText(known, utf8))
        {
            _hits++;
            return known;
        }
        return slot = Encoding.UTF8.GetString(utf8);
    }

    /// <summary>Begins a new window, or lets go of the table where fewer than one look-up in four found its text.</summary>
    private bool IsWorthwhile()
    {
        _isOff = _hits < Window / 4;
        if (_isOff)
            _texts = null;
        _lookups = 1;
        _hits = 0;
        return !_isOff;
    }

    private static bool IsText(string text, ReadOnlySpan<byte> utf8)
    {
        // As many characters as bytes: equal only if both are ASCII.
        if (text.Length == utf8.Length)
            return Ascii.Equals(utf8, text);
        if (text.Length > utf8.Length)
            return false;
        Span<char> decoded = stackalloc char[LongestUtf8];
        return text.AsSpan().SequenceEqual(decoded[..Encoding.UTF8.GetChars(utf8, decoded)]);
    }
}
