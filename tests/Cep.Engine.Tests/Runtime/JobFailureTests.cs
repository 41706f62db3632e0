using Cep.Engine.Connectors;
using Cep.Engine.Keys;
using Cep.Engine.Operators;
using Cep.Engine.Runtime;
using Cep.Engine.Streams;
using Cep.Engine.Tests.Support;
using Cep.Engine.Time;
using Xunit;

namespace Cep.Engine.Tests.Runtime;

public class JobFailureTests
{
    [Fact]
    public void A_source_that_fails_ends_the_job()
    {
        var failing = TestJob.Source("bad", 0, Endless().Select(e => e.Number < 5000 ? e : throw new IOException("the disk is gone")));
        Check("source 'bad': the disk is gone", new TestJob(failing, TestJob.Source("good", 0, Endless())));
    }

    [Theory]
    [InlineData(Call.Create)]
    [InlineData(Call.Open)]
    [InlineData(Call.Process)]
    [InlineData(Call.AdvanceWatermark)]
    public void An_operator_that_fails_ends_the_job_and_is_closed_if_it_was_open(Call at)
    {
        int closed = 0;
        var job = new TestJob(
            new JobOptions { Parallelism = 3 },
            () => new Failing(at, subtask: 1, () => Interlocked.Increment(ref closed)),
            TestJob.Source("in", 0, Endless()));
        if (at == Call.Create)
        {
            Assert.Equal("create fails", Assert.Throws<InvalidOperationException>(job.Run).Message);
            return;
        }

        Check($"operator 'test', subtask 1: {at} fails", job);
        // Each subtask that was opened is closed; the failing one was, unless opening it failed.
        Assert.Equal(at == Call.Open ? 2 : 3, closed);
    }

    [Fact]
    public void An_operator_that_fails_to_close_fails_the_job() => Check(
        "operator 'test', subtask 0: Close fails",
        new TestJob(new JobOptions(), () => new Failing(Call.Close, subtask: 0, () => { }), TestJob.Source("in", 0, new Event("k", 1, 0))));

    [Fact]
    public void A_partitioner_that_fails_ends_the_job_and_names_its_operator()
    {
        var job = new Job<Event, string>().AddSource(TestJob.Source("in", 0, Endless())).AddOperator("rules", new NoKeys(), () => new Echo());
        Assert.Equal("partitioner of operator 'rules': no key", Assert.Throws<JobException>(() => job.Run()).Message);
    }

    [Theory]
    [InlineData(Call.Open)]
    [InlineData(Call.Process)]
    [InlineData(Call.Close)]
    public void A_sink_that_fails_ends_the_job(Call at)
    {
        var sink = new FailingSink(at);
        IEnumerable<Event> events = at == Call.Close ? Endless().Take(10) : Endless();
        var job = new Job<Event, string>(new JobOptions { Parallelism = 2 })
            .AddSource(TestJob.Source("in", 0, events)).AddOperator("echo", new ByKey(), () => new Echo()).WriteTo(sink);
        var failure = Assert.Throws<JobException>(() => job.Run());
        Assert.Equal($"sink 'full': {at} fails", failure.Message);
        Assert.Equal("sink 'full'", failure.Where);
        Assert.Equal(at != Call.Open, sink.WasClosed);
    }

    [Fact]
    public void A_failure_ends_a_job_that_waits_for_a_pipe()
    {
        var pipe = new Pipe();
        pipe.Say("a 1\n");
        pipe.Say("a 2\n");
        var source = new StreamSource<Event>(
            ByteInput.FromStream("pipe", pipe, isLive: true), new LineFraming(), new EventDecoder(), WatermarkStrategy.Monotonous);
        Check("operator 'test', subtask 0: Process fails", new TestJob(new JobOptions(), () => new Failing(Call.Process, 0, () => { }), source));
    }

    [Fact]
    public async Task A_canceled_job_stops_cleanly_and_what_was_due_is_written()
    {
        var pipe = new Pipe();
        var written = new WaitingSink<string>();
        var closed = new TaskCompletionSource();
        using var cancel = new CancellationTokenSource();
        var job = new Job<Event, string>()
            .AddSource(new StreamSource<Event>(
                ByteInput.FromStream("pipe", pipe, isLive: true), new LineFraming(), new EventDecoder(), WatermarkStrategy.Monotonous))
            .AddOperator("count", new ByKey(), () => new CountByKey())
            .WriteTo(written);
        Task<JobResult> running = job.RunAsync(cancel.Token);
        pipe.Say("a 1\na 2\na 3\n");
        Assert.Equal("a@1 is number 1", written.Next());
        Assert.Equal("a@2 is number 2", written.Next());
        await cancel.CancelAsync();
        JobResult result = await running.WaitAsync(Hang.Limit);
        Assert.True(result.IsCanceled);
        Assert.Equal(3, result.Records);
        Assert.False(written.TryNext(out _), "3 is not due: the watermark was 2.");
    }

    [Fact]
    public async Task An_endless_job_can_be_canceled_while_every_channel_is_full()
    {
        using var cancel = new CancellationTokenSource();
        var entered = new TaskCompletionSource();
        var goOn = new ManualResetEventSlim();
        var job = new Job<Event, string>(new JobOptions { Parallelism = 2 })
            .AddSource(TestJob.Source("in", 0, Endless())).AddSource(TestJob.Source("too", 0, Endless()))
            .AddOperator("slow", new ByKey(), () => new Blocking(entered, goOn)).WriteTo(new MemorySink<string>());
        Task<JobResult> running = job.RunAsync(cancel.Token);
        await entered.Task.WaitAsync(Hang.Limit);
        await cancel.CancelAsync();
        goOn.Set();
        Assert.True((await running.WaitAsync(Hang.Limit)).IsCanceled);
    }

    private static IEnumerable<Event> Endless() => Enumerable.Range(0, int.MaxValue).Select(i => new Event($"key{i % 100}", i, i));

    private static void Check(string message, TestJob job) => Assert.Equal(message, Assert.Throws<JobException>(job.Run).Message);

    public enum Call
    {
        Create,
        Open,
        Process,
        AdvanceWatermark,
        Close,
    }

    private sealed class Failing : Operator<Event, string>
    {
        private readonly Call _at;
        private readonly int _failingSubtask;
        private readonly Action _onClose;
        private int _subtask;

        public Failing(Call at, int subtask, Action onClose)
        {
            if (at == Call.Create) throw new InvalidOperationException("create fails");
            _at = at;
            _failingSubtask = subtask;
            _onClose = onClose;
        }

        public override void Open(OperatorContext<string> context)
        {
            _subtask = context.Subtask;
            FailAt(Call.Open);
        }

        public override void Process(ReadOnlySpan<StreamRecord<Event>> records) => FailAt(Call.Process);

        public override void AdvanceWatermark(long watermarkMs) => FailAt(Call.AdvanceWatermark);

        public override void Close()
        {
            _onClose();
            FailAt(Call.Close);
        }

        private void FailAt(Call call)
        {
            if (call == _at && _subtask == _failingSubtask) throw new InvalidOperationException($"{call} fails");
        }
    }

    private sealed class Blocking(TaskCompletionSource entered, ManualResetEventSlim goOn) : Operator<Event, string>
    {
        public override void Process(ReadOnlySpan<StreamRecord<Event>> records)
        {
            entered.TrySetResult();
            goOn.Wait();
        }

        public override void AdvanceWatermark(long watermarkMs)
        {
        }
    }

    private sealed class NoKeys : Partitioner<Event>
    {
        public override bool TryRoute(Event value, int lane, out ulong hash) => throw new InvalidOperationException("no key");
    }

    private sealed class FailingSink(Call at) : Sink<string>("full")
    {
        public bool WasClosed { get; private set; }

        public override void Open() => FailAt(Call.Open);

        public override void Write(in string value) => FailAt(Call.Process);

        public override void Close()
        {
            WasClosed = true;
            FailAt(Call.Close);
        }

        private void FailAt(Call call)
        {
            if (call == at) throw new IOException($"{call} fails");
        }
    }
}
