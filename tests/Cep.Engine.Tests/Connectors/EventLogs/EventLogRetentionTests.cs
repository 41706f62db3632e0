using Cep.Engine.Checkpoints;
using Cep.Engine.Connectors;
using Cep.Engine.Connectors.EventLogs;
using Cep.Engine.Runtime;
using Cep.Engine.Tests.Support;
using Cep.Engine.Time;
using Xunit;

namespace Cep.Engine.Tests.Connectors.EventLogs;

public sealed class EventLogRetentionTests : IDisposable
{
    private readonly LogBed _bed = new();

    public void Dispose() => _bed.Dispose();

    /// <summary>Segments of 10 entries and 100 bytes, begun at 0, 10, 20 and so on, and at times 0, 1000, 2000 ms.</summary>
    [Theory]
    [InlineData(4, 10_000, null, null, long.MaxValue, 0)]
    [InlineData(4, 10_000, 0L, null, long.MaxValue, 3)]
    [InlineData(4, 3_000, 1_000L, null, long.MaxValue, 2)]
    [InlineData(4, 2_999, 1_000L, null, long.MaxValue, 1)]
    [InlineData(4, 0, null, 100L, long.MaxValue, 3)]
    [InlineData(4, 0, null, 101L, long.MaxValue, 2)]
    [InlineData(4, 0, null, 300L, long.MaxValue, 1)]
    [InlineData(4, 0, null, 301L, long.MaxValue, 0)]
    [InlineData(4, 3_000, 1_000L, 300L, long.MaxValue, 2)]
    [InlineData(4, 10_000, 0L, 1L, 20L, 2)]
    [InlineData(4, 10_000, 0L, 1L, 19L, 1)]
    [InlineData(4, 10_000, 0L, 1L, 0L, 0)]
    [InlineData(1, 10_000, 0L, 1L, long.MaxValue, 0)]
    public void Oldest_segments_go_by_age_and_size_but_not_what_is_needed(int count, long nowMs, long? retainForMs, long? retainBytes, long neededFrom, int deletable)
    {
        LogSegment[] segments = [.. Enumerable.Range(0, count).Select(i => new LogSegment(10 * i, 0, 1_000 * i, 100))];
        TimeSpan? retainFor = retainForMs is { } ms ? TimeSpan.FromMilliseconds(ms) : null;
        Assert.Equal(deletable, LogRetention.Deletable(segments, nowMs, retainFor, retainBytes, neededFrom));
    }

    [Fact]
    public void A_segment_before_an_empty_one_is_not_old_yet() =>
        Assert.Equal(0, LogRetention.Deletable([new LogSegment(0, 0, 0, 100), new LogSegment(10, 0, null, 28)], 10_000, TimeSpan.Zero, null, long.MaxValue));

    [Fact]
    public async Task Old_entries_go_although_nothing_is_appended()
    {
        var clock = new ManualClock();
        _bed.Options = _bed.Options with { SegmentBytes = 4096, RetainFor = TimeSpan.FromHours(1), TimeProvider = clock };
        using EventLog log = _bed.Open();
        await Fill(log);
        Assert.Equal((0, 4), (log.FirstOffset, _bed.Files.Length));
        clock.Advance(3_600_000);
        clock.AdvanceToNextTimer();
        Hang.Until(() => log.FirstOffset == 18);
        Assert.Equal(2, LogBed.Read(log).Count);
        Hang.Until(() => _bed.Files.Length == 1);
        Assert.Equal(20, await log.AppendAsync(LogBed.Entry("next")));
    }

    [Fact]
    public async Task Pins_keep_entries_and_outlive_the_process()
    {
        _bed.Options = _bed.Options with { SegmentBytes = 4096, RetainBytes = 1 };
        using (EventLog log = _bed.Open())
        {
            log.Pin("fraud", 8);
            log.Pin("orders, 2", 100);
            await Fill(log);
            Assert.Equal(6, log.FirstOffset);
        }

        using EventLog again = _bed.Open();
        Assert.Equal([new("fraud", 8), new("orders, 2", 100)], again.Pins);
        await again.AppendAsync(LogBed.Entry("next"));
        Assert.Equal(6, again.FirstOffset);
        again.Pin("fraud", 12);
        Hang.Until(() => again.FirstOffset == 12);
        again.Unpin("fraud");
        again.Unpin("nobody");
        Hang.Until(() => again.FirstOffset == 18);
        Assert.Equal([new("orders, 2", 100)], again.Pins);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a\nb")]
    public void A_pin_has_a_name(string name)
    {
        using EventLog log = _bed.Open();
        Assert.Throws<ArgumentException>(() => log.Pin(name, 0));
    }

    [Fact]
    public void Any_wrong_bit_of_the_pins_is_noticed()
    {
        string file = Path.Combine(_bed.Path, "pins");
        using (EventLog log = _bed.Open()) log.Pin("a job", 17);
        byte[] whole = File.ReadAllBytes(file);
        for (int bit = 0; bit < 8 * whole.Length; bit++)
        {
            byte[] bytes = [.. whole];
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            File.WriteAllBytes(file, bytes);
            Assert.Equal($"The event log file {file} is damaged at byte 0: it does not have its checksum.", Assert.Throws<CorruptEventLogException>(() => _bed.Open()).Message);
        }
    }

    [Fact]
    public async Task A_file_that_cannot_be_deleted_stays_until_the_next_time()
    {
        bool fails = true;
        _bed.Options = _bed.Options with { SegmentBytes = 4096, RetainBytes = 1 };
        using EventLog log = _bed.Open(on => { if (fails && on == "delete") throw new IOException("on purpose"); });
        await Fill(log);
        Assert.Equal((0, 4), (log.FirstOffset, _bed.Files.Length));
        fails = false;
        await log.AppendAsync(LogBed.Entry("next"));
        Hang.Until(() => log.FirstOffset == 18);
    }

    [Fact]
    public async Task A_job_keeps_what_its_kept_checkpoints_would_read_again()
    {
        _bed.Options = _bed.Options with { SegmentBytes = 4096, RetainBytes = 1 };
        var store = new MemoryCheckpointStore();
        using EventLog log = _bed.Open();
        log.Pin("counting", 0);
        for (int run = 0; run < 6; run++)
        {
            await Fill(log);
            await RunOnce(log, store, records: 20);

            // A checkpoint is after the 20 records of each run; the last two are kept.
            long oldest = 20 * Math.Max(1, run);
            Assert.Equal(Math.Min(run + 1, 2), CheckpointHistory.Load(store).Kept.Count);
            Assert.Equal(oldest, log.Pins["counting"]);
            Hang.Until(() => log.FirstOffset > oldest - 6);
            Assert.InRange(log.FirstOffset, oldest - 5, oldest);
        }
    }

    private static async Task RunOnce(EventLog log, CheckpointStore store, int records)
    {
        using var stop = new CancellationTokenSource();
        var settings = new CheckpointSettings { IntervalMs = null, Retained = 2 };
        await new Job<Event, string>(new JobOptions { Name = "counting", Checkpoints = new CheckpointOptions { Store = store, Settings = settings } })
            .AddSource(new EventLogSource<Event>(log, new EventDecoder(), WatermarkStrategy.Monotonous))
            .AddOperator("count", new ByKey(), () => new CountingOperator(_ => { if (--records == 0) stop.Cancel(); }))
            .RunAsync(stop.Token).WaitAsync(Hang.Limit);
    }

    /// <summary>Appends 20 entries that need four segments, each later than those before.</summary>
    private static Task Fill(EventLog log)
    {
        long from = log.NextOffset;
        return LogBed.Append(log, [.. Enumerable.Range(0, 20).Select(i => new[] { $"{new string('k', 600)} {from + i:D4}" })]);
    }
}
