using Cep.Cli.Terminal;
using Cep.Language.Text;
using Cep.Rules.Testing;
using Cep.Streaming.Matches;
using Cep.Streaming.Testing;

namespace Cep.Cli.Test;

/// <summary>An expected alert and the one that came, value by value: side by side where there is room, else below each other.</summary>
internal sealed class AlertTable
{
    private const string Differs = "≠";
    private const string Detected = "detected";

    /// <summary>The columns between the two, for the mark.</summary>
    private const int Gap = 5;

    private readonly List<Row> _rows = [];
    private readonly (string Expected, string Actual) _titles;

    private AlertTable(string expected, string actual) => _titles = (expected, actual);

    /// <summary>Of an alert that did not come, and the one that came in its place; null for none.</summary>
    public static AlertTable Of(ExpectedAlert expected, TestAlert? nearest)
    {
        var table = new AlertTable("expected", nearest is null ? "" : "actual");
        if (expected.AtMs is not null || nearest is not null)
            table.Add(Detected, expected.AtMs is { } at ? AlertText.Time(at) : "", nearest is null ? "" : AlertText.Time(nearest.AtMs), nearest is null || AlertComparison.IsTimeMet(expected, nearest));
        foreach (var value in expected.Values)
        {
            table.Add(value.Field.Name, AlertText.Of(value.Field, value.Value), nearest is null ? "" : AlertText.Of(value.Field, nearest.Values[value.Field.Index]),
                nearest is null || AlertComparison.IsMet(value, nearest));
        }
        if (nearest is not null)
            table.AddOthers(nearest, [.. expected.Values.Select(v => v.Field.Name)]);
        return table;
    }

    /// <summary>Of an alert that came.</summary>
    public static AlertTable Of(TestAlert alert)
    {
        var table = new AlertTable("", "actual");
        table.Add(Detected, "", AlertText.Time(alert.AtMs), isMet: true);
        table.AddOthers(alert, []);
        return table;
    }

    /// <summary>The lines, without line breaks: the two side by side where so many columns hold them.</summary>
    public IEnumerable<string> Lines(TextStyle style, int columns)
    {
        var name = _rows.Max(r => DisplayWidth.Of(r.Name)) + 2;
        if (_titles.Expected.Length == 0 || _titles.Actual.Length == 0)
            return _rows.Select(r => Padded(r.Name, name) + r.Expected + r.Actual).Prepend(style.Dim(Padded("", name) + _titles.Expected + _titles.Actual));
        var left = Math.Max(_titles.Expected.Length, _rows.Max(r => DisplayWidth.Of(r.Expected)));
        var right = Math.Max(_titles.Actual.Length, _rows.Max(r => DisplayWidth.Of(r.Actual)));
        return name + left + Gap + right <= columns ? SideBySide(style, name, left) : OneBelowTheOther(style, name);
    }

    private IEnumerable<string> SideBySide(TextStyle style, int name, int left)
    {
        yield return style.Dim($"{Padded("", name)}{Padded(_titles.Expected, left + Gap)}{_titles.Actual}");
        foreach (var row in _rows)
        {
            var line = $"{Padded(row.Name, name)}{Padded(row.Expected, left)}  {(row.IsMet ? " " : Differs)}  {row.Actual}".TrimEnd();
            yield return row.IsMet ? row.Expected.Length == 0 ? style.Dim(line) : line : style.Red(line);
        }
    }

    private IEnumerable<string> OneBelowTheOther(TextStyle style, int name)
    {
        yield return style.Dim($"- {_titles.Expected}, + {_titles.Actual}");
        foreach (var row in _rows)
        {
            if (!row.IsMet)
                yield return style.Red($"- {Padded(row.Name, name)}{row.Expected}");
            var actual = $"{(row.IsMet ? " " : "+")} {Padded(row.Name, name)}{row.Actual}";
            yield return row.IsMet ? row.Expected.Length == 0 ? style.Dim(actual) : actual : style.Green(actual);
        }
    }

    /// <summary>Adds what an alert tells beside the values of those names.</summary>
    private void AddOthers(TestAlert alert, IReadOnlyList<string> names)
    {
        var told = Told(alert).Except(names).ToHashSet();
        foreach (var field in RuleAlerts.TypeOf(alert.Match.Rule).Fields.Where(f => told.Contains(f.Name)))
            Add(field.Name, "", AlertText.Of(field, alert.Values[field.Index]), isMet: true);
    }

    /// <summary>The names of what an alert tells that others of its rule may not tell, or tell otherwise.</summary>
    private static IEnumerable<string> Told(TestAlert alert)
    {
        var (match, rule) = (alert.Match, alert.Match.Rule);
        var measures = match.Kind == MatchKind.Timeout ? rule.TimeoutMeasures ?? [] : rule.Measures;
        foreach (var name in measures.Select(m => m.Name).Concat(rule.Inputs[0].KeyFields.Select(f => f.Name)))
            yield return name;
        if (rule.SeverityCases.Count > 0)
            yield return RuleAlerts.Severity;
        if (rule is { TellsMatches: true, TimeoutMeasures: not null })
            yield return RuleAlerts.Kind;
        if (match.Suppressed > 0)
            yield return RuleAlerts.Suppressed;
        if (match.Limited > 0)
            yield return RuleAlerts.Limited;
    }

    private void Add(string name, string expected, string actual, bool isMet) => _rows.Add(new Row(name, expected, actual, isMet));

    private static string Padded(string text, int width) => text + new string(' ', Math.Max(0, width - DisplayWidth.Of(text)));

    private readonly record struct Row(string Name, string Expected, string Actual, bool IsMet);
}
