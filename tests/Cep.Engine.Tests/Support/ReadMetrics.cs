using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Cep.Engine.Tests.Support;

/// <summary>The meters of one job, and what a listener reads from them.</summary>
internal sealed partial class ReadMetrics : IMeterFactory
{
    private readonly MeterListener _listener = new();
    private readonly List<Meter> _meters = [];
    private readonly List<Instrument> _instruments = [];
    private readonly object _gate = new();
    private readonly List<Figure> _told = [];
    private List<Figure> _observed = [];

    public ReadMetrics()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Scope != this) return;
            lock (_gate) _instruments.Add(instrument);
            listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Take(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Take(instrument, value, tags));
        _listener.Start();
    }

    /// <summary>The instruments of a meter as a page lists them: name, kind, unit.</summary>
    public IEnumerable<string> InstrumentsOf(string meter)
    {
        lock (_gate) return [.. _instruments.Where(i => i.Meter.Name == meter).Select(i => $"{i.Name} {KindOf(i)} {i.Unit}")];
    }

    /// <summary>The instruments that a page lists under a meter: name, kind, unit.</summary>
    public static IEnumerable<string> OnPage(string meter) => RowsOf(meter).Select(row => $"{row[0]} {row[1]} {row[2]}");

    /// <summary>By the instruments that a page lists under a meter, their tags.</summary>
    public static Dictionary<string, string> TagsOnPage(string meter) => RowsOf(meter).ToDictionary(row => row[0], row => row[3]);

    public Meter Create(MeterOptions options)
    {
        options.Scope = this;
        var meter = new Meter(options);
        lock (_gate) _meters.Add(meter);
        return meter;
    }

    /// <summary>Asks the instruments that are asked.</summary>
    public void Observe()
    {
        lock (_gate)
        {
            _observed = [];
            _listener.RecordObservableInstruments();
        }
    }

    /// <summary>What one instrument said when it was last asked, or has told since the beginning.</summary>
    /// <param name="name">The instrument.</param>
    /// <param name="tag">A tag that what is read has; null for all.</param>
    /// <param name="value">Its value.</param>
    public IReadOnlyList<double> Values(string name, string? tag = null, object? value = null)
    {
        lock (_gate) return [.. _observed.Concat(_told).Where(f => f.Name == name && (tag is null || Equals(f.Tags[tag], value))).Select(f => f.Value)];
    }

    /// <summary>The sum of <see cref="Values"/>.</summary>
    public double Sum(string name, string? tag = null, object? value = null) => Values(name, tag, value).Sum();

    /// <summary>By instrument that has said something, the tags of it but for the job's.</summary>
    public Dictionary<string, string> Tags()
    {
        lock (_gate) return _observed.Concat(_told).GroupBy(f => f.Name).ToDictionary(f => f.Key, f => string.Join(", ", f.First().Tags.Keys.Where(key => key != "job")));
    }

    public void Dispose()
    {
        _listener.Dispose();
        foreach (Meter meter in _meters) meter.Dispose();
    }

    private void Take<T>(Instrument instrument, T value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        where T : struct
    {
        var figure = new Figure(instrument.Name, Convert.ToDouble(value, CultureInfo.InvariantCulture), new Dictionary<string, object?>(tags.ToArray()));
        lock (_gate) (instrument.IsObservable ? _observed : _told).Add(figure);
    }

    private static string KindOf(Instrument instrument) => KindName().Match(instrument.GetType().Name).Value.ToLowerInvariant();

    /// <summary>The rows of the table under the heading of a meter, without the marks of code.</summary>
    private static IEnumerable<string[]> RowsOf(string meter) =>
        File.ReadAllLines(Path.Combine(Root(), "METRICS.md"))
            .SkipWhile(line => line != $"## {meter}").Skip(1).TakeWhile(line => !line.StartsWith("## ", StringComparison.Ordinal))
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries)[1..].Select(cell => cell.Replace("`", "", StringComparison.Ordinal)).ToArray());

    private static string Root()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "METRICS.md"))) folder = Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException("The test does not run in the repository.");
        return folder;
    }

    [GeneratedRegex("Counter|Gauge|Histogram")]
    private static partial Regex KindName();

    private sealed record Figure(string Name, double Value, Dictionary<string, object?> Tags);
}
