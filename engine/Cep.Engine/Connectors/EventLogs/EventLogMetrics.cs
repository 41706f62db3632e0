using System.Diagnostics.Metrics;
using Cep.Engine.Diagnostics;

namespace Cep.Engine.Connectors.EventLogs;

/// <summary>Publishes the figures of an event log while it is open, under the names that the page <c>METRICS.md</c> lists.</summary>
internal sealed class EventLogMetrics : IDisposable
{
    public const string MeterName = "Cep.EventLog";

    private readonly JobMeter _meter;
    private readonly KeyValuePair<string, object?> _log;
    private readonly Histogram<double> _flush;
    private long _entries;
    private long _bytes;

    /// <param name="name">The log's name.</param>
    /// <param name="factory">See <see cref="EventLogOptions.MeterFactory"/>.</param>
    /// <param name="queue">What waits.</param>
    /// <param name="segments">What is on the disk.</param>
    /// <param name="lag">How many entries the slowest reader has before it; null where there is none.</param>
    public EventLogMetrics(string name, IMeterFactory? factory, AppendQueue queue, LogSegments segments, Func<long?> lag)
    {
        _log = new("log", name);
        _meter = new JobMeter(MeterName, factory);
        _meter.Counter("cep.log.entries", "{entry}", "Entries written since the log was opened.", () => [new(Volatile.Read(ref _entries), _log)]);
        _meter.Counter("cep.log.written", "By", "Bytes written since the log was opened.", () => [new(Volatile.Read(ref _bytes), _log)]);
        _flush = _meter.Histogram<double>("cep.log.flush", "ms", "How long the disk took to keep a group of entries.");
        Gauge("cep.log.queued", "By", "Bytes that wait for the disk.", () => queue.Bytes);
        Gauge("cep.log.segments", "{file}", "Segment files that are kept.", () => segments.All.Count);
        Gauge("cep.log.size", "By", "Bytes of these.", () => segments.All.Sum(segment => segment.Bytes));
        Gauge("cep.log.next_offset", "{entry}", "The offset that the next entry gets.", () => segments.NextOffset);
        Gauge("cep.log.lag", "{entry}", "Entries that the slowest reader has not read yet.", lag);
    }

    /// <summary>A group is on the disk.</summary>
    public void Written(int entries, int bytes, TimeSpan flush)
    {
        Interlocked.Add(ref _entries, entries);
        Interlocked.Add(ref _bytes, bytes);
        _flush.Record(flush.TotalMilliseconds, _log);
    }

    public void Dispose() => _meter.Dispose();

    private void Gauge(string name, string unit, string description, Func<long?> measure) =>
        _meter.Gauge<long>(name, unit, description, () => measure() is { } value ? [new Measurement<long>(value, _log)] : []);
}
