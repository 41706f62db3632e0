using System.IO.Compression;
using System.Text;

namespace Cep.SampleData;

/// <summary>One input file in the making: events with the time they happened and the time they arrive, and lines that are no events at all.</summary>
/// <remarks>The file is in order of arrival. What is late or malformed is worked out here, from the definitions, and not by the engine the files are for.</remarks>
/// <param name="name">File name; one that ends in <c>.gz</c> is compressed.</param>
/// <param name="delayMs">The delay the stream declares: an event more than this behind the newest one that arrived before it is late.</param>
/// <param name="header">First line of a CSV file; null for JSON lines.</param>
public sealed class EventFile(string name, long delayMs, string? header = null)
{
    private readonly List<Line> _lines = [];

    public string Name => name;

    public int Count => _lines.Count;

    /// <summary>An event that happened at <paramref name="timeMs"/> and arrives <paramref name="arrivesAfterMs"/> later.</summary>
    public void Add(long timeMs, string text, long arrivesAfterMs = 0) =>
        _lines.Add(new Line(timeMs + arrivesAfterMs, timeMs, text, null));

    /// <summary>A line that is no event of the stream; <paramref name="why"/> says so in the words of someone who looks at it.</summary>
    public void AddMalformed(long arrivalMs, string text, string why) => _lines.Add(new Line(arrivalMs, arrivalMs, text, why));

    /// <summary>Line numbers (from 1, a header counts) of the lines that are no events, with the reason.</summary>
    public IEnumerable<(int LineNumber, string Why)> Malformed() =>
        InArrivalOrder().Where(l => l.Line.Why is not null).Select(l => (l.LineNumber, l.Line.Why!));

    /// <summary>Line numbers (from 1, a header counts) of the events that arrive too late.</summary>
    public IEnumerable<int> Late()
    {
        var newestMs = long.MinValue + delayMs;
        foreach (var (lineNumber, line) in InArrivalOrder())
        {
            if (line.Why is not null) continue;
            if (line.TimeMs < newestMs - delayMs) yield return lineNumber;
            newestMs = Math.Max(newestMs, line.TimeMs);
        }
    }

    /// <summary>Writes the file into <paramref name="folder"/>, which exists; a file of that name is replaced, or goes on with these events.</summary>
    public void Write(string folder, bool append = false)
    {
        using var file = new FileStream(Path.Combine(folder, name), append ? FileMode.Append : FileMode.Create);
        using Stream stream = name.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionLevel.SmallestSize) : file;
        using var writer = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { NewLine = "\n" };
        if (header is not null && !append) writer.WriteLine(header);
        foreach (var (_, line) in InArrivalOrder()) writer.WriteLine(line.Text);
    }

    private IEnumerable<(int LineNumber, Line Line)> InArrivalOrder()
    {
        var first = header is null ? 1 : 2;
        // OrderBy is stable: what arrives in the same millisecond stays in the order it was added.
        return _lines.OrderBy(l => l.ArrivalMs).Select((line, index) => (first + index, line));
    }

    private sealed record Line(long ArrivalMs, long TimeMs, string Text, string? Why);
}
