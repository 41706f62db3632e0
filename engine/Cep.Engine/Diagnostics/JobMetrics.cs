using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Cep.Engine.Connectors;
using Cep.Engine.Runtime;
using Cep.Engine.Time;

namespace Cep.Engine.Diagnostics;

/// <summary>Publishes the figures of a job while it runs, under the names that the page <c>METRICS.md</c> lists.</summary>
/// <remarks>What is published is counted anyway, and read when a listener asks: nothing of this runs on the threads of the job.</remarks>
internal sealed class JobMetrics : IDisposable
{
    public const string MeterName = "Cep.Engine";

    private readonly JobOptions _options;
    private readonly JobProgress _progress;
    private readonly JobMeter _meter;
    private readonly KeyValuePair<string, object?> _job;
    private readonly CheckpointMetrics _checkpoints;
    private readonly ConcurrentDictionary<SubtaskProgress, TimeShares> _shares = [];
    private readonly ConcurrentDictionary<(string Name, string Source), long> _highest = [];

    public JobMetrics(JobOptions options, JobProgress progress)
    {
        _options = options;
        _progress = progress;
        _job = new("job", options.Name);
        _meter = new JobMeter(MeterName, options.MeterFactory);
        AddSources();
        AddOperators();
        AddTimes();
        _checkpoints = new CheckpointMetrics(_meter, _job, progress.Barriers, options.TimeProvider, options.Checkpoints?.Listener);
    }

    /// <summary>The options of a job whose checkpoints are measured.</summary>
    public CheckpointOptions Measured(CheckpointOptions options) => options with { Listener = _checkpoints };

    public void Dispose() => _meter.Dispose();

    private void AddSources()
    {
        Source("cep.source.records", "{record}", "Well-formed records read, the late ones too.", source => source.Records);
        Source("cep.source.late", "{record}", "Records that came after their watermark.", source => source.Late);
        Source("cep.source.malformed", "{record}", "Pieces of input that were not records.", source => source.Malformed);
        Source("cep.source.read", "By", "Bytes read, as they are stored.", source => source.BytesRead);
    }

    private void AddOperators()
    {
        _meter.Counter("cep.operator.records.in", "{record}", "Records given to the operator.", () => Subtasks(subtask => subtask.RecordsIn));
        _meter.Counter("cep.operator.records.out", "{record}", "Values handed on to other operators and to sinks.", () => Subtasks(subtask => subtask.RecordsOut));
        _meter.Gauge("cep.operator.timers", "{timer}", "Timers that are set.", () => Subtasks(subtask => subtask.Timers));
        _meter.Gauge("cep.operator.watermark", "ms", "The watermark the operator was told last, Unix time.", () =>
            Subtasks(subtask => subtask.WatermarkMs is var ms and not Watermark.None and not Watermark.End ? ms : (long?)null));
        _meter.Gauge("cep.operator.watermark.lag", "ms", "How far the watermark is behind the newest record read.", () => Subtasks(LagMs));
    }

    private void AddTimes()
    {
        _meter.Gauge("cep.operator.idle", "ms/s", "Of each second, the time that the operator waited for input.", () => Subtasks(subtask => Shares(subtask)?.Idle));
        _meter.Gauge("cep.operator.busy", "ms/s", "Of each second, the time that the operator worked.", () => Subtasks(subtask => Shares(subtask)?.Busy));
        _meter.Gauge("cep.operator.backpressured", "ms/s", "Of each second, the time that the operator waited for those that take its output.", () =>
            Subtasks(subtask => Shares(subtask)?.Backpressured));
    }

    private (double Idle, double Busy, double Backpressured)? Shares(SubtaskProgress subtask) =>
        _shares.GetOrAdd(subtask, static (of, clock) => new TimeShares(of, clock), _options.TimeProvider).PerSecond;

    private long? LagMs(SubtaskProgress subtask) => subtask.WatermarkMs switch
    {
        Watermark.End => 0,
        var watermarkMs when watermarkMs == Watermark.None || _progress.NewestMs == Watermark.None => null,
        var watermarkMs => Math.Max(0, _progress.NewestMs - watermarkMs),
    };

    /// <summary>A counter never goes back: after a restart it stands still until the source is again where it was.</summary>
    private void Source(string name, string unit, string description, Func<SourceProgress, long> count) => _meter.Counter(name, unit, description, () =>
        _progress.Sources.Select(source => new Measurement<long>(
            _highest.AddOrUpdate((name, source.Name), static (_, now) => now, static (_, before, now) => Math.Max(before, now), count(source)),
            _job,
            new KeyValuePair<string, object?>("source", source.Name))));

    private IEnumerable<Measurement<T>> Subtasks<T>(Func<SubtaskProgress, T?> measure)
        where T : struct
    {
        foreach (SubtaskProgress subtask in _progress.Subtasks)
        {
            if (measure(subtask) is { } value) yield return new Measurement<T>(value, _job, new("operator", subtask.Uid), new("subtask", subtask.Subtask));
        }
    }

    private IEnumerable<Measurement<long>> Subtasks(Func<SubtaskProgress, long> measure) => Subtasks(subtask => (long?)measure(subtask));
}
