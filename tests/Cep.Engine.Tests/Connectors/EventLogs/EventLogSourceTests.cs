using Cep.Engine.Checkpoints;
using Cep.Engine.Connectors;
using Cep.Engine.Connectors.EventLogs;
using Cep.Engine.Runtime;
using Cep.Engine.Tests.Support;
using Cep.Engine.Time;
using Xunit;

namespace Cep.Engine.Tests.Connectors.EventLogs;

public sealed class EventLogSourceTests : IDisposable
{
    private readonly LogBed _bed = new();

    public void Dispose() => _bed.Dispose();

    [Fact]
    public async Task A_job_sees_entries_as_they_are_on_the_disk_until_it_is_stopped()
    {
        using EventLog log = _bed.Open();
        await LogBed.Append(log, ["a 100", "b 95"], ["a 106"]);
        var (written, malformed) = (new WaitingSink<string>(), new WaitingSink<MalformedRecord>());
        using var stop = new CancellationTokenSource();
        var job = new Job<Event, string>(new JobOptions { Parallelism = 2 })
            .AddSource(SourceOf(log)).AddOperator("count", new ByKey(), () => new CountByKey()).WriteTo(written).WriteMalformedTo(malformed);
        Task<JobResult> running = job.RunAsync(stop.Token);
        Assert.Equal("b@95 is number 1", written.Next());
        await LogBed.Append(log, ["a 111"]);
        Assert.Equal("a@100 is number 1", written.Next());

        // Nothing but rubbish comes: it shows although the watermark stands.
        await LogBed.Append(log, ["rubbish", ""]);
        Assert.Equal(new MalformedRecord("events", 4, "Not a key and a time.", "rubbish"), malformed.Next());
        Assert.Equal(new MalformedRecord("events", 5, "The entry is empty.", ""), malformed.Next());
        await stop.CancelAsync();
        JobResult result = await running.WaitAsync(Hang.Limit);
        Assert.True(result.IsCanceled);
        Assert.Equal(new FileInfo(_bed.Files[0]).Length - EventLogFormat.HeaderBytes, Assert.Single(result.Sources).BytesRead);
        Assert.False(written.TryNext(out _));
    }

    [Fact]
    public async Task What_is_not_on_the_disk_is_not_read()
    {
        using var held = new HeldDisk();
        using EventLog log = _bed.Open(held.OnDisk);
        ValueTask<long> first = held.Begin(log, "a 1");
        Assert.Empty(LogBed.Read(log));
        held.GoOn();
        await first;
        Assert.Equal(["a 1"], LogBed.Read(log));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    [InlineData(516)]
    [InlineData(606)]
    public async Task Batches_end_where_groups_end_and_are_the_same_from_every_position(long from)
    {
        int[] groups = [1, 3, 600, 2, 512, 5], ends = [1, 4, 516, 604, 606, 1118, 1123];
        using (EventLog log = _bed.Open()) await LogBed.Append(log, [.. groups.Select(n => Enumerable.Range(0, n).Select(i => $"k {i}").ToArray())]);
        using EventLog again = _bed.Open();
        var source = new EventLogSource<Event>(again, new EventDecoder(), WatermarkStrategy.Monotonous, endOffset: 1123);
        var channel = new Channel<SplitBatch<Event>>(100);
        var start = new SplitStart(new SourcePosition(from, 0), Watermark.None, false, 0, 0, 0);
        var output = new SourceOutput<Event>(source, from == 0 ? null : start, channel, new Pool<SplitBatch<Event>>(() => new SplitBatch<Event>([])), new SourceProgress("events"), TimeProvider.System);
        source.Read(output, default);
        var cuts = new List<long>();
        while (channel.TryTake(out SplitBatch<Event> batch)) cuts.Add(batch.Position.Offset);
        Assert.Equal(ends.Where(end => end > from).Select(end => (long)end), cuts);
    }

    [Fact]
    public async Task A_split_with_an_end_ends_there()
    {
        using EventLog log = _bed.Open();
        await LogBed.Append(log, ["a 1", "a 2"], ["a 3", "a 4"]);
        Assert.Equal(["a@1#0", "a@2#1", "a@3#2"], new TestJob(SourceOf(log, endOffset: 3)).Run());
        Assert.Empty(new TestJob(SourceOf(log, endOffset: 0)).Run());
    }

    [Fact]
    public async Task A_job_goes_on_after_the_last_entry_of_its_checkpoint()
    {
        var store = new MemoryCheckpointStore();
        using (EventLog log = _bed.Open())
        {
            await LogBed.Append(log, ["a 1", "b 2"]);
            Assert.Equal(["a@1#0 1", "b@2#1 1"], await Run(log, store, stopAfter: 2));
        }

        using EventLog again = _bed.Open();
        await LogBed.Append(again, ["broken", "a 3"]);
        Assert.Equal(["a@3#0 2"], await Run(again, store, stopAfter: 1));
    }

    [Fact]
    public async Task An_entry_that_was_deleted_is_refused_with_the_offsets()
    {
        _bed.Options = _bed.Options with { SegmentBytes = 4096, RetainBytes = 1 };
        var store = new MemoryCheckpointStore();
        using EventLog log = _bed.Open();
        await LogBed.Append(log, ["a 1"]);
        await Run(log, store, stopAfter: 1);
        log.Unpin("job");
        await LogBed.Append(log, [.. Enumerable.Range(0, 20).Select(_ => new[] { new string('x', 600) })]);
        Hang.Until(() => log.FirstOffset > 1);
        var problem = await Assert.ThrowsAsync<JobException>(() => Run(log, store, stopAfter: 1));
        Assert.EndsWith($"Entry 1 of the event log 'events' has been deleted; the oldest entry that is there is {log.FirstOffset}.", problem.Message);
        Assert.IsType<EventLogPositionException>(problem.InnerException);
    }

    [Fact]
    public async Task A_log_that_is_shorter_than_the_checkpoint_says_is_refused()
    {
        var store = new MemoryCheckpointStore();
        using (EventLog log = _bed.Open())
        {
            await LogBed.Append(log, ["a 1", "a 2"]);
            await Run(log, store, stopAfter: 2);
        }

        File.Delete(_bed.Files[0]);
        using EventLog other = _bed.Open();
        await LogBed.Append(other, ["a 1"]);
        var problem = await Assert.ThrowsAsync<JobException>(() => Run(other, store, stopAfter: 1));
        Assert.EndsWith("The event log 'events' has no entry 2; it ends before 1. It is another log than the one that was read, or has lost entries.", problem.Message);
    }

    [Fact]
    public async Task Closing_the_log_fails_the_job_that_reads_it()
    {
        EventLog log = _bed.Open();
        Task<JobResult> running = new Job<Event, string>(new JobOptions()).AddSource(SourceOf(log)).AddOperator("echo", new ByKey(), () => new Echo()).RunAsync();
        log.Dispose();
        var problem = await Assert.ThrowsAsync<JobException>(() => running.WaitAsync(Hang.Limit));
        Assert.EndsWith("The event log 'events' has been closed.", problem.Message);
    }

    private static EventLogSource<Event> SourceOf(EventLog log, long? endOffset = null) =>
        new(log, new EventDecoder(), WatermarkStrategy.BoundedOutOfOrderness(10), endOffset);

    /// <summary>Runs a job that is stopped when it has seen some records.</summary>
    private static async Task<IReadOnlyList<string>> Run(EventLog log, CheckpointStore store, int stopAfter)
    {
        var seen = new MemorySink<string>();
        using var stop = new CancellationTokenSource();
        await new Job<Event, string>(new JobOptions { Checkpoints = new CheckpointOptions { Store = store } })
            .AddSource(SourceOf(log))
            .AddOperator("count", new ByKey(), () => new CountingOperator(_ => { if (--stopAfter == 0) stop.Cancel(); })).WriteTo(seen)
            .RunAsync(stop.Token).WaitAsync(Hang.Limit);
        return seen.Values;
    }
}
