using System.Diagnostics.Metrics;
using Cep.Engine.Checkpoints;
using Cep.Engine.Connectors;
using Cep.Engine.Operators;
using Cep.Engine.Runtime;
using Cep.Engine.Streams;
using Cep.Engine.Tests.Checkpoints;
using Cep.Engine.Tests.Support;
using Cep.Engine.Time;
using Xunit;

namespace Cep.Engine.Tests.Diagnostics;

/// <summary>What a listener reads is what the job did.</summary>
public sealed class JobMetricsTests : IDisposable
{
    private const string Meter = "Cep.Engine";

    private readonly ReadMetrics _read = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("cep-metrics-").FullName;

    public void Dispose()
    {
        _read.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void Sources_and_operators_count_what_was_read_and_written()
    {
        // Every tenth record is a second late, of two sources of which one also has lines that are no records.
        IEnumerable<Event> Records(int from) => Enumerable.Range(from, 5_000).Select(i => new Event($"k{i % 9}", 10L * i - (i % 10 == 9 ? 1_000 : 0), i));
        string file = Path.Combine(_folder, "lines");
        File.WriteAllLines(file, Records(100).Select(e => $"{e.Key} {e.TimestampMs}").Concat(["broken", "broken too"]));
        int written = 0;
        JobResult result = new Job<Event, string>(new JobOptions { Parallelism = 3, MeterFactory = _read })
            .AddSource(TestJob.Source("memory", 50, Records(0)))
            .AddSource(new StreamSource<Event>(ByteInput.File(file), new LineFraming(), new EventDecoder(), WatermarkStrategy.BoundedOutOfOrderness(50)))
            .AddOperator("echo", new ByKey(), () => new Echo())
            .WriteTo(new ClosingSink<string>(_ => written++, _read.Observe))
            .Run();

        SourceResult lines = result.Sources[1];
        Assert.Equal((5_000, 500, 2), (lines.Records, lines.Late, lines.Malformed));
        Assert.Equal((5_000, 500, 2), (_read.Sum("cep.source.records", "source", lines.Name), _read.Sum("cep.source.late", "source", lines.Name), _read.Sum("cep.source.malformed", "source", lines.Name)));
        Assert.Equal(new FileInfo(file).Length, _read.Sum("cep.source.read", "source", lines.Name));
        Assert.Equal((5_000, 500, 0), (_read.Sum("cep.source.records", "source", "memory"), _read.Sum("cep.source.late", "source", "memory"), _read.Sum("cep.source.malformed", "source", "memory")));
        Assert.Equal(9_000, written);
        Assert.Equal((written, written), (_read.Sum("cep.operator.records.in"), _read.Sum("cep.operator.records.out")));
        Assert.All([0, 1, 2], subtask => Assert.InRange(_read.Sum("cep.operator.records.in", "subtask", subtask), 1, 8_999));
        Assert.Equal(0, _read.Sum("cep.operator.watermark.lag"));
        Assert.Empty(_read.Values("cep.operator.watermark"));
    }

    [Fact]
    public async Task A_job_whose_input_rests_tells_where_its_operators_stand()
    {
        Dictionary<string, string> tags = [];
        var application = new CountingApplication(("counts", () => new Count()), ("sums", () => new Sums()))
        {
            MeterFactory = _read,
            WhileHeld = () =>
            {
                _read.Observe();
                tags = _read.Tags();
            },
        };
        string savepoint = Path.Combine(_folder, "savepoint");
        await application.SavepointAt(3_000, savepoint, stops: false);

        Event[] merged = [.. CountingApplication.Input.Take(2_560)];
        long newestMs = merged.Max(e => e.TimestampMs);
        long watermarkMs = newestMs - 50 - 1;
        Assert.Equal(2_560, _read.Sum("cep.source.records"));
        Assert.All(["counts", "sums"], uid => Assert.Equal(2_560, _read.Sum("cep.operator.records.in", "operator", uid)));
        Assert.Equal(2_560, _read.Sum("cep.operator.records.out", "operator", "counts"));
        Assert.Equal(application.Written("sums").Count(line => EndOf(line) <= watermarkMs), _read.Sum("cep.operator.records.out", "operator", "sums"));
        Assert.Equal(merged.Select(e => (e.Key, EndMs: e.TimestampMs / 1_000 * 1_000 + 1_000)).Distinct().Count(timer => timer.EndMs > watermarkMs), _read.Sum("cep.operator.timers"));
        Assert.All(_read.Values("cep.operator.watermark"), ms => Assert.Equal(watermarkMs, ms));
        Assert.All(_read.Values("cep.operator.watermark.lag"), ms => Assert.Equal(51, ms));
        Assert.Equal(4, _read.Values("cep.operator.watermark").Count);
        Assert.Equal((0, 1), (_read.Sum("cep.checkpoint.completed", "kind", "checkpoint"), _read.Sum("cep.checkpoint.completed", "kind", "savepoint")));
        long bytes = Savepoint.Open(savepoint).Manifest.Bytes;
        Assert.Equal((bytes, bytes), (_read.Values("cep.checkpoint.size", "kind", "savepoint")[0], _read.Values("cep.checkpoint.written", "kind", "savepoint")[0]));
        Assert.All(tags, of => Assert.Equal(ReadMetrics.TagsOnPage(Meter)[of.Key], of.Value));
    }

    [Fact]
    public void After_restarts_what_was_read_counts_once_and_what_was_done_again_counts_again()
    {
        int left = 100_000;
        int given = 0;
        var watched = new Watched(_read);
        var checkpoints = new CheckpointOptions
        {
            Store = new FaultyCheckpointStore(seed: 7, faultRate: 0.05),
            Settings = new CheckpointSettings { IntervalMs = 1, TolerableFailures = 1_000 },
            Restart = RestartStrategy.FixedDelay(3, TimeSpan.Zero),
            Listener = watched,
        };
        new Job<Event, string>(new JobOptions { Parallelism = 2, MeterFactory = _read, Checkpoints = checkpoints })
            .AddSource(TestJob.Source("memory", 50, Enumerable.Range(0, 500_000).Select(i => new Event($"k{i % 50}", i, i))))
            .AddOperator("count", new ByKey(), () => new Given(new CountingOperator(), records =>
            {
                Interlocked.Add(ref given, records);
                if (Interlocked.Add(ref left, -records) > 0 || watched.Restarts == 3) return;
                Interlocked.Exchange(ref left, 100_000);
                throw new InvalidOperationException("on purpose");
            }))
            .WriteTo(new ClosingSink<string>(_ => { }, _read.Observe))
            .Run();

        Assert.Equal((3, 3), (watched.Restarts, _read.Sum("cep.job.restarts")));
        Assert.Equal(500_000, _read.Sum("cep.source.records"));
        Assert.Equal(watched.Read.Order(), watched.Read);
        Assert.InRange(given, 500_001, 900_000);
        Assert.Equal(given, _read.Sum("cep.operator.records.in"));
        Assert.True(watched.Failures > 0);
        Assert.Equal((watched.Manifests.Count, watched.Failures), (_read.Sum("cep.checkpoint.completed", "kind", "checkpoint"), _read.Sum("cep.checkpoint.failed")));
        Assert.Equal(watched.Manifests.Select(m => (double)m.Bytes), _read.Values("cep.checkpoint.size"));
        Assert.Equal(watched.Manifests.Count, _read.Values("cep.checkpoint.duration").Count);
        Assert.All(_read.Values("cep.checkpoint.alignment").Zip(_read.Values("cep.checkpoint.duration")), times => Assert.InRange(times.First, 0, times.Second));
        Assert.All(_read.Values("cep.checkpoint.written").Zip(watched.Manifests), of => Assert.InRange(of.First, 1, of.Second.Bytes));
        Assert.Contains(_read.Values("cep.checkpoint.written").Zip(watched.Manifests), of => of.First < of.Second.Bytes);
    }

    [Fact]
    public async Task A_second_is_shared_among_waiting_for_input_working_and_waiting_for_others()
    {
        var clock = new ManualClock();
        using var working = new ManualResetEventSlim();
        using var work = new ManualResetEventSlim();
        using var write = new ManualResetEventSlim();
        Task<JobResult> running = new Job<Event, string>(new JobOptions { TimeProvider = clock, MeterFactory = _read })
            .AddSource(TestJob.Source("memory", 0, Enumerable.Range(0, 100_000).Select(i => new Event("k", i, i))))
            .AddOperator("echo", new ByKey(), () => new Given(new Echo(), _ =>
            {
                working.Set();
                work.Wait();
            }))
            .WriteTo(new ClosingSink<string>(_ => write.Wait(), () => { }))
            .RunAsync();

        working.Wait();
        _read.Observe();
        Assert.Empty(Shares());
        clock.Advance(2_500);
        Assert.Equal([0, 1_000, 0], Shares());
        clock.Advance(999);
        Assert.Equal([0, 1_000, 0], Shares());
        work.Set();
        Hang.Until(() =>
        {
            clock.Advance(1_000);
            return Shares() is [0, 0, 1_000];
        });
        write.Set();
        await running.WaitAsync(Hang.Limit);
    }

    [Fact]
    public async Task A_subtask_without_input_is_idle()
    {
        var clock = new ManualClock();
        using var goOn = new ManualResetEventSlim();
        IEnumerable<Event> Records()
        {
            yield return new Event("k", 1, 1);
            goOn.Wait();
        }

        Task<JobResult> running = new Job<Event, string>(new JobOptions { TimeProvider = clock, MeterFactory = _read })
            .AddSource(TestJob.Source("memory", 0, Records())).AddOperator("echo", new ByKey(), () => new Echo()).RunAsync();
        Hang.Until(() =>
        {
            clock.Advance(1_000);
            return Shares() is [1_000, 0, 0];
        });
        goOn.Set();
        await running.WaitAsync(Hang.Limit);
    }

    [Fact]
    public void Every_figure_is_on_the_page_with_its_kind_and_unit()
    {
        new Job<Event, string>(new JobOptions { MeterFactory = _read }).AddSource(TestJob.Source("memory", 0)).Run();
        Assert.Equal(ReadMetrics.OnPage(Meter).Order(), _read.InstrumentsOf(Meter).Order());
    }

    [Fact]
    public void The_figures_end_with_the_job()
    {
        var seen = new List<string>();
        var ended = new List<string>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, to) =>
        {
            if (instrument.Meter.Name == Meter) to.EnableMeasurementEvents(instrument, instrument.Meter);
        };
        listener.SetMeasurementEventCallback<long>((instrument, _, tags, _) =>
        {
            foreach (KeyValuePair<string, object?> tag in tags)
            {
                if (tag is { Key: "job", Value: nameof(The_figures_end_with_the_job) }) seen.Add(instrument.Name);
            }
        });
        listener.MeasurementsCompleted = (instrument, _) => ended.Add(instrument.Name);
        listener.Start();
        new Job<Event, string>(new JobOptions { Name = nameof(The_figures_end_with_the_job) })
            .AddSource(TestJob.Source("memory", 0, new Event("k", 1, 1))).AddOperator("echo", new ByKey(), () => new Echo())
            .WriteTo(new ClosingSink<string>(_ => { }, listener.RecordObservableInstruments)).Run();
        Assert.Contains("cep.operator.records.in", seen);
        Assert.Contains("cep.operator.records.in", ended);
        seen.Clear();
        listener.RecordObservableInstruments();
        Assert.Empty(seen);

        new Job<Event, string>(new JobOptions { MeterFactory = _read }).AddSource(TestJob.Source("memory", 0, new Event("k", 1, 1))).Run();
        _read.Observe();
        Assert.Empty(_read.Values("cep.source.records"));
    }

    private static long EndOf(string line) => long.Parse(line.Split(' ')[1].TrimEnd(':'), System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>The share of a second that the only subtask was idle, busy, backpressured; empty while there is none.</summary>
    private double[] Shares()
    {
        _read.Observe();
        return [.. _read.Values("cep.operator.idle"), .. _read.Values("cep.operator.busy"), .. _read.Values("cep.operator.backpressured")];
    }

    /// <summary>Tells how many records an operator is given, before it is.</summary>
    private sealed class Given(Operator<Event, string> inner, Action<int> onRecords) : Operator<Event, string>
    {
        public override void Open(OperatorContext<string> context) => inner.Open(context);

        public override void Process(ReadOnlySpan<StreamRecord<Event>> records)
        {
            onRecords(records.Length);
            inner.Process(records);
        }

        public override void AdvanceWatermark(long watermarkMs) => inner.AdvanceWatermark(watermarkMs);

        public override OperatorSnapshot? BeginSnapshot(SnapshotKind kind) => inner.BeginSnapshot(kind);

        public override void Restore(StateReader state) => inner.Restore(state);
    }

    /// <summary>What happens to checkpoints, and how much was read by then.</summary>
    private sealed class Watched(ReadMetrics read) : CheckpointListener
    {
        public List<Manifest> Manifests { get; } = [];

        public List<double> Read { get; } = [];

        public int Failures { get; private set; }

        public int Restarts { get; private set; }

        public override void Completed(Manifest manifest)
        {
            Manifests.Add(manifest);
            Look();
        }

        public override void Failed(long checkpointId, string reason) => Failures++;

        public override void Restarting(JobException failure, TimeSpan pause)
        {
            Restarts++;
            Look();
        }

        private void Look()
        {
            read.Observe();
            Read.Add(read.Sum("cep.source.records"));
        }
    }
}
