using System.Text;
using Cep.Language.Text;

namespace Cep.Language.Diagnostics;

/// <summary>Writes a diagnostic as plain text: the line it is about with a caret under the span.</summary>
/// <remarks>A tab is drawn as four columns, control characters as a dot; a line longer than 120 columns is cut around the caret.</remarks>
internal static class DiagnosticRenderer
{
    private const int MaxColumns = 120;
    private const int ColumnsBeforeCaret = 60;
    private const int TabColumns = 4;

    /// <summary>How far around the span a line is looked at, in UTF-16 code units: more than is ever drawn, however long the line.</summary>
    private const int Reach = 4 * MaxColumns;

    public static string Render(Diagnostic diagnostic)
    {
        var source = diagnostic.Source;
        var line = source.LineOf(diagnostic.Span.Start);
        var gutter = Math.Max(5, line.ToString().Length);
        var (text, caretAt, caretWidth) = Draw(source, source.LineSpan(line), diagnostic.Span);
        var margin = new string(' ', gutter + 1) + "|";
        var output = new StringBuilder();
        output.Append(diagnostic).Append('\n');
        output.Append(line.ToString().PadLeft(gutter)).Append(" | ").Append(text).Append('\n');
        output.Append(margin).Append(' ', caretAt + 1).Append('^', caretWidth);
        if (diagnostic.Help is { } help) output.Append('\n').Append(' ', gutter + 1).Append("= help: ").Append(help);
        return output.ToString();
    }

    /// <summary>The line as drawn, the column the caret starts at (from 0), and the number of carets (at least 1).</summary>
    private static (string Text, int CaretAt, int CaretWidth) Draw(SourceText source, TextSpan wholeLine, TextSpan span)
    {
        var line = TextSpan.FromBounds(Math.Max(wholeLine.Start, Math.Min(span.Start, wholeLine.End) - Reach),
            Math.Min(wholeLine.End, span.Start + Reach));
        var cells = new List<(string Text, int Width)>();
        int caretAt = -1, caretEnd = -1, column = 0, offset = line.Start;
        foreach (var rune in source.Slice(line).EnumerateRunes())
        {
            if (offset >= span.Start && caretAt < 0) caretAt = column;
            if (offset >= span.End && caretEnd < 0) caretEnd = column;
            var cell = Cell(rune);
            cells.Add(cell);
            column += cell.Width;
            offset += rune.Utf16SequenceLength;
        }
        if (caretAt < 0) caretAt = column;
        if (caretEnd < 0) caretEnd = column;
        var width = Math.Max(1, caretEnd - caretAt);
        return column <= MaxColumns ? (string.Concat(cells.Select(c => c.Text)), caretAt, width) : Cut(cells, caretAt, width);
    }

    private static (string Text, int CaretAt, int CaretWidth) Cut(List<(string Text, int Width)> cells, int caretAt, int caretWidth)
    {
        var first = Math.Max(0, caretAt - ColumnsBeforeCaret);
        var text = new StringBuilder(first > 0 ? "…" : "");
        int column = 0, drawn = text.Length, shownCaret = -1;
        var more = false;
        foreach (var (cell, width) in cells)
        {
            if (column >= first && drawn + width > MaxColumns) more = true;
            if (column >= first && !more)
            {
                if (column >= caretAt && shownCaret < 0) shownCaret = drawn;
                text.Append(cell);
                drawn += width;
            }
            column += width;
        }
        if (shownCaret < 0) shownCaret = drawn;
        if (more) text.Append('…');
        return (text.ToString(), shownCaret, Math.Clamp(caretWidth, 1, Math.Max(1, drawn - shownCaret)));
    }

    private static (string Text, int Width) Cell(Rune rune) =>
        rune.Value == '\t' ? (new string(' ', TabColumns), TabColumns)
        : Rune.IsControl(rune) ? ("·", 1)
        : (rune.ToString(), DisplayWidth.Of(rune));
}
