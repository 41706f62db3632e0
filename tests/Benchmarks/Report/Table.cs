using System.Text;

namespace Cep.Benchmarks.Report;

/// <summary>A table that reads well on a terminal and is Markdown too.</summary>
/// <param name="title">What it shows.</param>
/// <param name="columns">The heads of the columns; all but the first are numbers and stand to the right.</param>
internal sealed class Table(string title, params string[] columns)
{
    private readonly List<string[]> _rows = [];

    public void Add(params string[] cells) => _rows.Add(cells);

    public override string ToString()
    {
        var widths = columns.Select((c, i) => Math.Max(c.Length, _rows.Select(r => r[i].Length).DefaultIfEmpty().Max())).ToArray();
        var text = new StringBuilder().Append("### ").Append(title).Append("\n\n");
        AppendRow(text, columns, widths);
        AppendRow(text, widths.Select((w, i) => i == 0 ? new string('-', w) : new string('-', w - 1) + ":").ToArray(), widths);
        foreach (var row in _rows)
            AppendRow(text, row, widths);
        return text.ToString();
    }

    private static void AppendRow(StringBuilder text, string[] cells, int[] widths)
    {
        for (var i = 0; i < cells.Length; i++)
            text.Append("| ").Append(i == 0 ? cells[i].PadRight(widths[i]) : cells[i].PadLeft(widths[i])).Append(' ');
        text.Append("|\n");
    }
}
