using System.Globalization;
using System.IO.Compression;
using System.Text.Json.Nodes;

namespace Cep.Cli.Tests;

/// <summary>Reads the event files of the samples without the readers under test, to say on which line an event stands.</summary>
internal static class SampleFile
{
    /// <summary>The text of a file; <c>.gz</c> is unpacked.</summary>
    public static string Text(string path)
    {
        using var file = File.OpenRead(path);
        using Stream content = path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file;
        using var text = new StreamReader(content);
        return text.ReadToEnd();
    }

    /// <summary>The values of each line by their names, and the line's number from 1.</summary>
    /// <param name="path">A file of a sample; no cell of theirs has quotes.</param>
    /// <param name="omit">The lines to leave out.</param>
    public static List<(int Number, Dictionary<string, string> Values)> Lines(string path, IReadOnlySet<int> omit)
    {
        var lines = Text(path).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var header = path.Contains(".csv", StringComparison.Ordinal) ? lines[0].Split(',') : null;
        return Enumerable.Range(1, lines.Length)
            .Where(number => !omit.Contains(number) && !(header is not null && number == 1))
            .Select(number => (number, header is null ? OfJson(lines[number - 1]) : OfCsv(header, lines[number - 1])))
            .ToList();
    }

    /// <summary>Unix milliseconds of a time as the samples write it: those, or ISO-8601.</summary>
    public static long TimeMs(string text) => long.TryParse(text, CultureInfo.InvariantCulture, out var ms)
        ? ms
        : DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal).ToUnixTimeMilliseconds();

    private static Dictionary<string, string> OfJson(string line) =>
        JsonNode.Parse(line)!.AsObject().Where(p => p.Value is not null).ToDictionary(p => p.Key, p => p.Value!.ToString());

    private static Dictionary<string, string> OfCsv(string[] header, string line) =>
        header.Zip(line.Split(',')).ToDictionary(cell => cell.First, cell => cell.Second);
}
