using System.Globalization;
using Cep.Engine.Time;
using Cep.Streaming;
using Cep.Streaming.Jobs;
using Spectre.Console;

namespace Cep.Cli.Run;

/// <summary>How a run went, beyond what it found.</summary>
internal static class MetricsTable
{
    /// <summary>Writes the numbers, one a line, then a row for each rule.</summary>
    public static void Write(IAnsiConsole console, RunMetrics metrics)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumn("metric").AddColumn(new TableColumn("value").RightAligned());
        foreach (var source in metrics.Sources)
            table.AddRow(Markup.Escape($"events of {source.Name}"), Number(source.Events));
        table.AddRow("bytes read", Number(metrics.BytesRead));
        table.AddRow("watermark", Time(metrics.WatermarkMs));
        table.AddRow("peak memory (MiB)", Number(metrics.PeakMemoryBytes / (1 << 20)));
        console.Write(table);
        console.Write(RulesOf(metrics.Rules));
    }

    /// <summary>Events offered, conditions evaluated, of these null and failed in arithmetic, matches, timeouts, partial matches alive and dropped.</summary>
    private static Table RulesOf(IReadOnlyList<(string Name, RuleCounts Counts)> rules)
    {
        (string Title, Func<RuleCounts, long> Of)[] columns =
        [
            ("events", c => c.Events), ("evaluated", c => c.ConditionEvaluations), ("unknown", c => c.Unknown), ("errors", c => c.Errors),
            ("matches", c => c.Matches), ("timeouts", c => c.Timeouts), ("alive", c => c.PartialMatches), ("dropped", c => c.DroppedPartials),
        ];
        var table = new Table().Border(TableBorder.Simple).AddColumn("rule");
        foreach (var (title, _) in columns)
            table.AddColumn(new TableColumn(title).RightAligned().PadLeft(1).PadRight(0).NoWrap());
        foreach (var (name, counts) in rules)
            table.AddRow([Markup.Escape(name), .. columns.Select(c => Number(c.Of(counts)))]);
        return table;
    }

    /// <summary>Reads the numbers of a job that has ended.</summary>
    /// <param name="job">The job.</param>
    /// <param name="peakMemoryBytes">The most memory that the process had at once.</param>
    public static RunMetrics Of(RuleJob job, long peakMemoryBytes) => new(
        job.Progress.Sources.Select(s => (s.Name, s.Records)).ToList(),
        job.Progress.BytesRead,
        job.Progress.WatermarkMs,
        job.CountsSoFar().Select(r => (r.Rule.Name, r.Counts)).ToList(),
        peakMemoryBytes);

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static string Time(long watermarkMs) => watermarkMs switch
    {
        Watermark.None => "none",
        Watermark.End => "end of input",
        _ => DateTimeOffset.FromUnixTimeMilliseconds(watermarkMs).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
    };
}

/// <summary>Numbers about a run.</summary>
/// <param name="Sources">By input, the well-formed events.</param>
/// <param name="BytesRead">Bytes as they are stored.</param>
/// <param name="WatermarkMs">Where event time stood, Unix milliseconds; or one of the values of <see cref="Watermark"/>.</param>
/// <param name="Rules">What each rule did, in the order of the set.</param>
/// <param name="PeakMemoryBytes">The most memory that the process had at once.</param>
internal sealed record RunMetrics(IReadOnlyList<(string Name, long Events)> Sources, long BytesRead, long WatermarkMs, IReadOnlyList<(string Name, RuleCounts Counts)> Rules, long PeakMemoryBytes);
