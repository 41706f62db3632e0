using System.Globalization;
using Spectre.Console;

namespace Cep.Cli.Run;

/// <summary>Draws a <see cref="RunSummary"/>.</summary>
internal static class SummaryTable
{
    /// <summary>Writes the summary: what was read, then a row for each rule. A column of mishaps is there only when one happened.</summary>
    /// <param name="console">Standard error.</param>
    /// <param name="summary">The numbers.</param>
    /// <param name="outputs">Says where what was put aside can be found.</param>
    public static void Write(IAnsiConsole console, RunSummary summary, OutputFiles outputs)
    {
        var totals = new Grid().AddColumn(new GridColumn().NoWrap()).AddColumn(new GridColumn().RightAligned().NoWrap()).AddColumn();
        totals.AddRow("events", Number(summary.Events), $"[dim]{Pace(summary)}[/]");
        totals.AddRow("late", Number(summary.Late), Where(summary.Late, outputs.Late, "--late"));
        totals.AddRow("malformed", Number(summary.Malformed), Where(summary.Malformed, outputs.Malformed, "--malformed"));
        console.WriteLine();
        console.Write(totals);
        console.WriteLine();
        console.Write(RulesOf(summary.Rules));
    }

    private static Table RulesOf(IReadOnlyList<RuleSummary> rules)
    {
        var columns = new List<(string Title, Func<RuleSummary, long> Count)> { ("matches", r => r.Matches), ("timeouts", r => r.Timeouts) };
        AddIfAny("suppressed", r => r.Suppressed);
        AddIfAny("limited", r => r.Limited);
        AddIfAny("unknown", r => r.Unknown);
        AddIfAny("arithmetic errors", r => r.Errors);
        AddIfAny("without key", r => r.WithoutKey);
        AddIfAny("dropped partials", r => r.DroppedPartials);
        AddIfAny("cancelled partials", r => r.CancelledPartials);

        var table = new Table().Border(TableBorder.Simple).AddColumn("rule");
        foreach (var (title, _) in columns)
            table.AddColumn(new TableColumn(title).RightAligned());
        foreach (var rule in rules)
            table.AddRow([Markup.Escape(rule.Name), .. columns.Select(c => Number(c.Count(rule)))]);
        return table;

        void AddIfAny(string title, Func<RuleSummary, long> count)
        {
            if (rules.Any(r => count(r) > 0))
                columns.Add((title, count));
        }
    }

    private static string Where(long count, string? file, string option) => count == 0 ? ""
        : file is null ? $"[dim]{option} FILE keeps them[/]"
        : $"[dim]in {Markup.Escape(file)}[/]";

    private static string Pace(RunSummary summary) => summary.EventsBefore == summary.Events && summary.Events > 0
        ? "all of them before"
        : $"{(summary.EventsBefore == 0 ? "" : $"{Number(summary.EventsBefore)} of them before; the others ")}in {Seconds(summary.Elapsed)}{Rate(summary)}";

    private static string Rate(RunSummary summary) => summary.EventsPerSecond is { } rate
        ? $": {rate.ToString(rate < 10 ? "0.##" : "N0", CultureInfo.InvariantCulture)} events/s"
        : "";

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static string Seconds(TimeSpan span) => span.TotalSeconds switch
    {
        < 100 => span.TotalSeconds.ToString("0.00", CultureInfo.InvariantCulture) + " s",
        _ => $"{(long)span.TotalMinutes} min {span.Seconds} s",
    };
}
