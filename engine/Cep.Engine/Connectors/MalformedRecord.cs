using System.Text;

namespace Cep.Engine.Connectors;

/// <summary>A piece of input that is not a record of its source.</summary>
/// <param name="SourceName">The source it was read from.</param>
/// <param name="Line">The line it begins on, from 1; of an event log its offset; in another source without lines, the count of records up to it.</param>
/// <param name="Reason">Why it was turned away; one sentence.</param>
/// <param name="Text">What it says: its first 1,000 characters at most, invalid UTF-8 replaced by U+FFFD.</param>
public sealed record MalformedRecord(string SourceName, long Line, string Reason, string Text)
{
    /// <summary>The length <see cref="Text"/> is cut to, in UTF-16 code units.</summary>
    public const int MaxTextLength = 1000;

    /// <summary>What is kept of the bytes of a piece of input.</summary>
    internal static string Excerpt(ReadOnlySpan<byte> record)
    {
        // No character takes more than four bytes, so the cut in bytes never shows in the text.
        string text = Encoding.UTF8.GetString(record[..Math.Min(record.Length, 4 * MaxTextLength)]);
        if (text.Length <= MaxTextLength) return text;
        return text[..(char.IsHighSurrogate(text[MaxTextLength - 1]) ? MaxTextLength - 1 : MaxTextLength)];
    }
}
