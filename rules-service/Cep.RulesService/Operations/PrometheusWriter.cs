using System.Globalization;
using System.Text;

namespace Cep.RulesService.Operations;

/// <summary>Writes figures in the text format of Prometheus, version 0.0.4.</summary>
internal static class PrometheusWriter
{
    /// <summary>Writes them.</summary>
    public static string Write(IEnumerable<Metric> metrics)
    {
        var text = new StringBuilder();
        foreach (var metric in metrics.Where(m => m.Series.Count > 0))
        {
            var name = NameOf(metric);
            text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {Escape(metric.Description ?? "", quotes: false)}\n# TYPE {name} {metric.Kind.ToString().ToLowerInvariant()}\n");
            foreach (var series in metric.Series)
            {
                if (metric.Kind == MetricKind.Histogram)
                    Histogram(text, name, series);
                else
                    Line(text, name, series.Tags, null, series.Value);
            }
        }
        return text.ToString();
    }

    /// <summary>As is the custom: <c>_</c> for what no name may have, the unit behind it, and <c>_total</c> behind that of a counter.</summary>
    private static string NameOf(Metric metric)
    {
        var unit = metric.Unit switch
        {
            "ms" => "_milliseconds",
            "s" => "_seconds",
            "By" => "_bytes",
            "ms/s" => "_milliseconds_per_second",
            _ => "",
        };
        return NameOf(metric.Name) + unit + (metric.Kind == MetricKind.Counter ? "_total" : "");
    }

    private static string NameOf(string name) => string.Concat(name.Select((c, i) => char.IsAsciiLetter(c) || c == '_' || (i > 0 && char.IsAsciiDigit(c)) ? c : '_'));

    private static void Histogram(StringBuilder text, string name, MetricSeries series)
    {
        var upTo = 0L;
        for (var i = 0; i < MetricSeries.Bounds.Length; i++)
            Line(text, $"{name}_bucket", series.Tags, Number(MetricSeries.Bounds[i]), upTo += series.Buckets[i]);
        Line(text, $"{name}_bucket", series.Tags, "+Inf", series.Count);
        Line(text, $"{name}_sum", series.Tags, null, series.Value);
        Line(text, $"{name}_count", series.Tags, null, series.Count);
    }

    private static void Line(StringBuilder text, string name, KeyValuePair<string, string>[] tags, string? upTo, double value)
    {
        var labels = tags.Select(t => $"{NameOf(t.Key)}=\"{Escape(t.Value, quotes: true)}\"").Concat(upTo is null ? [] : [$"le=\"{upTo}\""]);
        var joined = string.Join(',', labels);
        text.Append(name).Append(joined.Length > 0 ? $"{{{joined}}}" : "").Append(' ').Append(Number(value)).Append('\n');
    }

    private static string Number(double value) => double.IsPositiveInfinity(value) ? "+Inf" : double.IsNegativeInfinity(value) ? "-Inf" : value.ToString("R", CultureInfo.InvariantCulture);

    private static string Escape(string text, bool quotes)
    {
        var escaped = text.Replace("\\", @"\\").Replace("\n", @"\n");
        return quotes ? escaped.Replace("\"", "\\\"") : escaped;
    }
}
