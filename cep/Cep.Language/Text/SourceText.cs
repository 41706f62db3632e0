using System.Text;

namespace Cep.Language.Text;

/// <summary>One rule file: its path, its text, and where its lines begin.</summary>
/// <remarks>Immutable. Offsets are UTF-16 code units; lines and columns are counted from 1, columns in Unicode code points.</remarks>
public sealed class SourceText
{
    private readonly List<int> _lineStarts = [0];

    /// <summary>A file whose text is at hand.</summary>
    /// <param name="path">The path as the user should read it in a message; nothing is opened.</param>
    /// <param name="text">The whole text.</param>
    public SourceText(string path, string text) : this(path, text, []) { }

    private SourceText(string path, string text, IReadOnlyList<int> invalidUtf8)
    {
        Path = path;
        Text = text;
        InvalidUtf8 = invalidUtf8;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\n' || (text[i] == '\r' && (i + 1 == text.Length || text[i + 1] != '\n'))) _lineStarts.Add(i + 1);
        }
    }

    /// <summary>The path as given.</summary>
    public string Path { get; }

    /// <summary>The whole text; bytes that were not UTF-8 stand in it as U+FFFD.</summary>
    public string Text { get; }

    /// <summary>Number of lines, at least 1.</summary>
    public int LineCount => _lineStarts.Count;

    /// <summary>Offsets in <see cref="Text"/> at which the bytes of the file were not UTF-8.</summary>
    internal IReadOnlyList<int> InvalidUtf8 { get; }

    /// <summary>Decodes the bytes of a file. Never throws: bytes that are not UTF-8 are kept as U+FFFD and become a diagnostic when the file is
    /// compiled.</summary>
    public static SourceText FromUtf8(string path, ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith("\uFEFF"u8)) bytes = bytes[3..];
        var text = new StringBuilder(bytes.Length);
        var invalid = new List<int>();
        Span<char> pair = stackalloc char[2];
        while (!bytes.IsEmpty)
        {
            var status = Rune.DecodeFromUtf8(bytes, out var rune, out var consumed);
            if (status != System.Buffers.OperationStatus.Done) invalid.Add(text.Length);
            text.Append(pair[..rune.EncodeToUtf16(pair)]);
            bytes = bytes[consumed..];
        }
        return new SourceText(path, text.ToString(), invalid);
    }

    /// <summary>The text of a span.</summary>
    public ReadOnlySpan<char> Slice(TextSpan span) => Text.AsSpan(span.Start, span.Length);

    /// <summary>The line, from 1, that holds <paramref name="offset"/>.</summary>
    public int LineOf(int offset)
    {
        var index = _lineStarts.BinarySearch(offset);
        return index >= 0 ? index + 1 : ~index;
    }

    /// <summary>The column, from 1 and in code points, of <paramref name="offset"/> on its line.</summary>
    public int ColumnOf(int offset)
    {
        var column = 1;
        foreach (var _ in Text.AsSpan(_lineStarts[LineOf(offset) - 1]..offset).EnumerateRunes()) column++;
        return column;
    }

    /// <summary>The span of a line without its line break.</summary>
    /// <param name="line">From 1 to <see cref="LineCount"/>.</param>
    public TextSpan LineSpan(int line)
    {
        var start = _lineStarts[line - 1];
        var end = line < _lineStarts.Count ? _lineStarts[line] : Text.Length;
        while (end > start && Text[end - 1] is '\n' or '\r') end--;
        return TextSpan.FromBounds(start, end);
    }
}
