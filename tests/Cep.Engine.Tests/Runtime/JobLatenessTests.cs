using Cep.Engine.Connectors;
using Cep.Engine.Runtime;
using Cep.Engine.Tests.Support;
using Cep.Engine.Time;
using Xunit;

namespace Cep.Engine.Tests.Runtime;

public class JobLatenessTests
{
    [Fact]
    public void A_record_is_judged_against_the_watermark_of_its_own_split()
    {
        var job = new TestJob(
            TestJob.Source("a", 10, new Event("a", 1000, 0), new Event("a", 990, 1), new Event("a", 989, 2), new Event("a", 1001, 3)),
            TestJob.Source("b", 10, new Event("b", 5, 0), new Event("b", 100, 1), new Event("b", 6, 2)));
        Assert.Equal(["b@5#0", "b@100#1", "a@990#1", "a@1000#0", "a@1001#3"], job.Run());
        Assert.Equal(
            [new(new Event("a", 989, 2), 989, 989, 2, "a"), new LateRecord<Event>(new Event("b", 6, 2), 6, 89, 6, "b")],
            job.Late.Values);
        Assert.Equal([new("a", 4, 1, 0, 0), new SourceResult("b", 3, 1, 0, 0)], job.Result.Sources);
        Assert.Equal(2, job.Result.Late);
    }

    [Fact]
    public void Records_that_mark_the_end_of_a_stretch_move_the_watermark()
    {
        Event[] events = [new("a", 5, 0), new("a", 3, 1), new("mark", 4, 2), new("a", 4, 3), new("a", 9, 4), new("mark", 6, 5), new("a", 7, 6)];
        var strategy = WatermarkStrategy.Punctuated((in Event e, long timestampMs) => e.Key == "mark" ? timestampMs : null);
        var job = new TestJob(new MemorySource<Event>("a", events, e => e.TimestampMs, strategy));
        job.Run();
        Assert.Equal([new LateRecord<Event>(events[3], 4, 4, 3, "a")], job.Late.Values);
    }

    [Fact]
    public void Strategy_of_another_type_of_records_is_refused()
    {
        var strategy = WatermarkStrategy.Custom<string>(() => (in string _, long timestampMs) => timestampMs);
        var job = new TestJob(new MemorySource<Event>("a", [], e => e.TimestampMs, strategy));
        Assert.Equal("source 'a': The watermark strategy is not for records of type Event.", Assert.Throws<JobException>(() => job.Run()).Message);
    }

    [Fact]
    public void Late_records_do_not_depend_on_how_splits_interleave()
    {
        var random = new Random(11);
        Event[] Disordered(string key, int step) =>
            [.. Enumerable.Range(0, 3000).Select(i => new Event(key, i * step + random.Next(120), i))];
        Event[] a = Disordered("a", 1);
        Event[] b = Disordered("b", 17);
        IEnumerable<Event> apart = LateOf(a).Concat(LateOf(b));
        var together = new TestJob(TestJob.Source("a", 50, a), TestJob.Source("b", 50, b));
        together.Run();
        Assert.NotEmpty(apart);
        Assert.Equal(apart.OrderBy(e => e.ToString()), together.Late.Values.Select(late => late.Value).OrderBy(e => e.ToString()));
        Assert.Equal(together.Late.Values.OrderBy(late => late.Sequence), together.Late.Values);

        static IEnumerable<Event> LateOf(Event[] events)
        {
            var job = new TestJob(TestJob.Source("alone", 50, events));
            job.Run();
            return job.Late.Values.Select(late => late.Value);
        }
    }

    [Fact]
    public async Task A_silent_split_is_left_out_and_late_when_it_comes_back()
    {
        var clock = new ManualClock();
        var pipe = new Pipe();
        var silent = new Pipe();
        var written = new WaitingSink<string>();
        var late = new WaitingSink<LateRecord<Event>>();
        Job<Event, string> job = new Job<Event, string>(new JobOptions { TimeProvider = clock })
            .AddSource(Live("busy", pipe)).AddSource(Live("silent", silent))
            .AddOperator("count", new ByKey(), () => new CountByKey())
            .WriteTo(written).WriteLateTo(late);
        Task<JobResult> running = job.RunAsync();

        silent.Say("s 100\n");
        pipe.Say("a 500\na 501\n");
        Hang.Until(() => job.Progress.Records == 3);
        Assert.Equal("s@100 is number 1", written.NextWhile(clock));
        Assert.Equal("a@500 is number 1", written.Next());

        silent.Say("s 499\ns 501\ns 600\n");
        LateRecord<Event> record = late.Next();
        Assert.Equal(("silent", 499L, 500L), (record.SourceName, record.TimestampMs, record.WatermarkMs));
        pipe.Say("a 700\n");
        Assert.Equal(["a@501 is number 2", "s@501 is number 2"], new[] { written.Next(), written.Next() }.Order());

        pipe.HangUp();
        silent.HangUp();
        JobResult result = await running.WaitAsync(Hang.Limit);
        Assert.Equal([new("busy", 3, 0, 0, 18), new SourceResult("silent", 4, 1, 0, 24)], result.Sources);
    }

    [Fact]
    public async Task Processing_time_follows_the_clock_and_nothing_is_late()
    {
        var clock = new ManualClock(startMs: 5000);
        var pipe = new Pipe();
        var written = new WaitingSink<string>();
        var source = new StreamSource<Event>(
            ByteInput.FromStream("pipe", pipe, isLive: true), new LineFraming(), new EventDecoder(), WatermarkStrategy.ProcessingTime);
        Task<JobResult> running = new Job<Event, string>(new JobOptions { TimeProvider = clock })
            .AddSource(source).AddOperator("count", new ByKey(), () => new CountByKey()).WriteTo(written).RunAsync();

        pipe.Say("a 900000\na 3\n");
        string first = written.NextWhile(clock);
        string second = written.Next();
        long atMs = long.Parse(first.Split('@', ' ')[1]);
        Assert.Equal($"a@{atMs} is number 1", first);
        Assert.Equal($"a@{atMs} is number 2", second);
        Assert.True(atMs >= 5000);

        pipe.HangUp();
        JobResult result = await running.WaitAsync(Hang.Limit);
        Assert.Equal(new SourceResult("pipe", 2, 0, 0, 13), Assert.Single(result.Sources));
    }

    private static StreamSource<Event> Live(string name, Pipe pipe) => new(
        ByteInput.FromStream(name, pipe, isLive: true), new LineFraming(), new EventDecoder(), WatermarkStrategy.Monotonous.WithIdleAfter(1000));
}
