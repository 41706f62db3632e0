using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;

namespace Cep.RulesService.Operations;

/// <summary>Listens to the meters of the engine, the rules, the event logs, ASP.NET and the runtime, and keeps their figures.</summary>
/// <remarks>Meters that another service of the process made are not listened to.</remarks>
internal sealed class MetricsCollector : IDisposable
{
    /// <summary>The most series of one instrument: tags that a client can choose do not fill the memory.</summary>
    private const int SeriesMax = 5000;

    private static readonly string[] Meters = ["Cep.", "Microsoft.AspNetCore.", "System.Runtime"];

    private readonly MeterListener _listener = new();
    private readonly IMeterFactory _factory;
    private readonly ConcurrentDictionary<Instrument, Figures> _figures = [];
    private readonly Lock _collecting = new();

    public MetricsCollector(IMeterFactory factory)
    {
        _factory = factory;
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (IsOurs(instrument.Meter))
                listener.EnableMeasurementEvents(instrument, _figures.GetOrAdd(instrument, i => new Figures(KindOf(i), i.IsObservable)));
        };
        _listener.MeasurementsCompleted = (instrument, state) => _figures.TryRemove(instrument, out var removed);
        Listen<byte>(v => v);
        Listen<short>(v => v);
        Listen<int>(v => v);
        Listen<long>(v => v);
        Listen<float>(v => v);
        Listen<double>(v => v);
        Listen<decimal>(v => (double)v);
        _listener.Start();
    }

    /// <summary>All figures as they are now, by name.</summary>
    public IReadOnlyList<Metric> Collect()
    {
        lock (_collecting)
        {
            foreach (var figures in _figures.Values.Where(f => f.IsObserved))
                figures.Series.Clear();
            _listener.RecordObservableInstruments();
            return _figures.GroupBy(f => f.Key.Name).OrderBy(g => g.Key, StringComparer.Ordinal)
                .Select(g => new Metric(g.Key, g.First().Key.Unit, g.First().Key.Description, g.First().Value.Kind, Merge(g.SelectMany(f => f.Value.Series)))).ToList();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _listener.Dispose();

    private static List<MetricSeries> Merge(IEnumerable<KeyValuePair<string, MetricSeries>> series)
    {
        var merged = new SortedDictionary<string, MetricSeries>(StringComparer.Ordinal);
        foreach (var (key, one) in series)
        {
            var copy = one.Copy();
            if (!merged.TryAdd(key, copy))
                merged[key].Merge(copy);
        }
        return [.. merged.Values];
    }

    private bool IsOurs(Meter meter) => (meter.Scope is null || meter.Scope == _factory) && Array.Exists(Meters, m => meter.Name.StartsWith(m, StringComparison.Ordinal));

    private void Listen<T>(Func<T, double> toDouble)
        where T : struct =>
        _listener.SetMeasurementEventCallback<T>((_, value, tags, state) => ((Figures)state!).Take(toDouble(value), tags));

    private static MetricKind KindOf(Instrument instrument) => instrument.GetType().Name.Split('`')[0] switch
    {
        "Counter" or "ObservableCounter" => MetricKind.Counter,
        "Histogram" => MetricKind.Histogram,
        _ => MetricKind.Gauge,
    };

    /// <param name="IsObserved">Whether it tells the whole figure when asked, and not what is added to it.</param>
    private sealed record Figures(MetricKind Kind, bool IsObserved)
    {
        public ConcurrentDictionary<string, MetricSeries> Series { get; } = new(StringComparer.Ordinal);

        public void Take(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var sorted = new KeyValuePair<string, string>[tags.Length];
            for (var i = 0; i < tags.Length; i++)
                sorted[i] = new(tags[i].Key, Convert.ToString(tags[i].Value, CultureInfo.InvariantCulture) ?? "");
            Array.Sort(sorted, (a, b) => string.CompareOrdinal(a.Key, b.Key));
            var key = string.Join('\u001f', sorted.Select(t => $"{t.Key}\u001e{t.Value}"));
            if (!Series.TryGetValue(key, out var series))
            {
                if (Series.Count >= SeriesMax)
                    return;
                series = Series.GetOrAdd(key, _ => new MetricSeries(sorted));
            }
            if (Kind == MetricKind.Histogram)
                series.Observe(value);
            else if (IsObserved)
                series.Set(value);
            else
                series.Add(value);
        }
    }
}
