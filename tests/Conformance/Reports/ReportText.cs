using System.Text;
using Cep.Conformance.Cases;
using Cep.Conformance.Text;

namespace Cep.Conformance.Reports;

/// <summary>Reports for people: a line a file, and failing cases in full.</summary>
public static class ReportText
{
    /// <summary>How many failing cases are shown in full when nothing else is said.</summary>
    public const int ShownFailures = 5;

    /// <summary>What a case that neither passed nor failed may be, with its counts.</summary>
    private static readonly (string Name, Func<FileReport, IReadOnlyDictionary<string, int>> Of)[] Aside =
        [("by choice", r => r.ByChoice), ("no form", r => r.NoForm)];

    /// <summary>A table, one line a file and path, with totals and with what the cases set aside lack.</summary>
    public static string Table(IReadOnlyList<FileReport> reports)
    {
        var text = new StringBuilder();
        text.AppendLine($"{"file",-42} {"path",-6} {"passed",7} {"failed",7}" + string.Concat(Aside.Select(a => $" {a.Name,10}")));
        foreach (var report in reports)
            text.AppendLine(Row(report.File, [report]));
        foreach (var path in reports.GroupBy(r => r.Path))
            text.AppendLine(Row("all", path.ToArray()));
        foreach (var (name, of) in Aside)
        {
            foreach (var why in reports.SelectMany(r => of(r).Select(c => (What: $"{c.Key} ({r.Path} path)", c.Value))).GroupBy(c => c.What))
                text.AppendLine($"{name}: {why.Sum(c => c.Value)} {why.Key}");
        }
        return text.ToString();
    }

    /// <summary>Every case that did neither pass nor fail on a path, one line each, with the reason.</summary>
    public static string List(IReadOnlyList<FileReport> reports) => string.Concat(reports
        .SelectMany(r => r.Aside.Select(a => $"{r.Path,-6} {a.Case.Id,-40} {a.Why}\n")));

    /// <summary>One file's counts, and the first failing cases in full.</summary>
    public static string Of(FileReport report, int shown = ShownFailures)
    {
        var text = new StringBuilder();
        text.AppendLine($"{report.File}, {report.Path} path: {report.Passed} passed, {report.Failures.Count} failed"
            + string.Concat(Aside.Select(a => $", {a.Of(report).Values.Sum()} {a.Name}")));
        foreach (var f in report.Failures.Take(shown))
            text.AppendLine().Append(InFull(f.Case, f.Differences));
        return text.ToString();
    }

    /// <summary>A case with its pattern, its events, Flink's answer and what differs.</summary>
    public static string InFull(Case c, IReadOnlyList<string> differences)
    {
        var text = new StringBuilder();
        text.AppendLine(c.Id).AppendLine($"  pattern  {PatternOf(c)}");
        if (c.KeyedBy is { } key)
            text.AppendLine($"  keyed by {key}");
        text.AppendLine("  events   " + string.Join("  ", c.Events.Select((e, i) => $"{i}: {e.Name} t={e.T} id={e.Id} price={e.Price}")));
        if (c.Expect.Matches is { } matches)
            text.AppendLine("  matches  " + string.Join("  |  ", matches.Select(m => Taken.Text(m))));
        if (c.Expect.Timeouts is { } timeouts)
            text.AppendLine("  timeouts " + string.Join("  |  ", timeouts.Select(t => $"{Taken.Text(t.Events)} at {t.At}")));
        foreach (var line in differences)
            text.AppendLine("  " + line);
        return text.ToString();
    }

    private static string PatternOf(Case c)
    {
        try
        {
            return RuleText.Match(c);
        }
        catch (NoRuleTextException e)
        {
            return $"has no rule text ({e.Message}): {CaseFiles.Write(c.Pattern)}";
        }
    }

    private static string Row(string file, IReadOnlyList<FileReport> reports) =>
        $"{file,-42} {reports[0].Path,-6} {reports.Sum(r => r.Passed),7} {reports.Sum(r => r.Failures.Count),7}"
        + string.Concat(Aside.Select(a => $" {reports.Sum(r => a.Of(r).Values.Sum()),10}"));
}
