using Cep.Engine.Connectors;
using Cep.Engine.Keys;
using Cep.Engine.Operators;
using Cep.Engine.Runtime;
using Cep.Engine.Streams;
using Cep.Engine.Tests.Support;
using Cep.Engine.Time;
using Xunit;

namespace Cep.Engine.Tests.Runtime;

public class JobTests
{
    [Fact]
    public void The_splits_are_merged_by_the_lowest_watermark_and_numbered_in_that_order()
    {
        // Batches of 512: the split that is behind in time goes first, and both start from nothing.
        Event[] fast = [.. Enumerable.Range(0, 1024).Select(i => new Event("f", 10L * i, i))];
        Event[] slow = [.. Enumerable.Range(0, 1024).Select(i => new Event("s", i, i))];
        var taken = new MemorySink<string>();
        new Job<Event, string>()
            .AddSource(TestJob.Source("fast", 0, fast)).AddSource(TestJob.Source("slow", 0, slow))
            .AddOperator("numbers", new ByKey(), () => new Numbers()).WriteTo(taken).Run();
        Assert.Equal(
            fast[..512].Concat(slow).Concat(fast[512..]).Select((e, sequence) => $"{sequence} {e}"),
            taken.Values.OrderBy(text => long.Parse(text.Split(' ')[0])));
    }

    [Fact]
    public void The_operator_sees_open_then_records_and_watermarks_then_close_on_one_thread()
    {
        var calls = new List<string>();
        Event[] events = [new("a", 5, 0), new("a", 3, 1), new("a", 9, 2)];
        new TestJob(new JobOptions(), () => new Recorder(calls), TestJob.Source("in", 5, events)).Run();
        Assert.Equal(["open 0/1 0..127", "a@5#0", "a@3#1", "a@9#2", $"watermark {Watermark.End}", "close"], calls);
    }

    [Fact]
    public void A_partitioner_leaves_out_what_an_operator_does_not_take()
    {
        var taken = new MemorySink<string>();
        var events = Enumerable.Range(0, 10).Select(i => new Event("k", i, i));
        new Job<Event, string>(new JobOptions { Parallelism = 2 })
            .AddSource(TestJob.Source("in", 0, events))
            .AddOperator("even", new Every(2), () => new Echo())
            .AddOperator("third", new Every(3), () => new Echo())
            .WriteTo(taken).Run();
        // At one time and order the operator added first comes first.
        Assert.Equal(["k@0#0", "k@0#0", "k@2#2", "k@3#3", "k@4#4", "k@6#6", "k@6#6", "k@8#8", "k@9#9"], taken.Values);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_gate_sees_values_in_their_final_order_and_decides_what_is_written(int parallelism)
    {
        var (written, seen) = (new MemorySink<string>(), new List<string>());
        var events = Enumerable.Range(0, 2_000).Select(i => new Event($"k{i % 7}", i, i)).ToList();
        new Job<Event, string>(new JobOptions { Parallelism = parallelism })
            .AddSource(TestJob.Source("in", 0, events))
            .AddOperator("echo", new Every(1), () => new Echo())
            .WriteTo(written, (ref string value) =>
            {
                seen.Add(value);
                value += $" after {seen.Count - 1}";
                return seen.Count % 2 == 0;
            }).Run();
        Assert.Equal(events.Select(e => e.ToString()), seen);
        Assert.Equal(events.Select((e, i) => $"{e} after {i}").Where((_, i) => i % 2 == 1), written.Values);
    }

    [Fact]
    public void Records_of_one_key_group_stay_in_one_subtask()
    {
        var seen = new MemorySink<string>();
        var options = new JobOptions { Parallelism = 4 };
        new Job<Event, string>(options)
            .AddSource(TestJob.Source("in", 0, Enumerable.Range(0, 5000).Select(i => new Event($"key{i % 300}", i, i))))
            .AddOperator("owner", new ByKey(), () => new Owner()).WriteTo(seen).Run();
        Assert.Equal(5000, seen.Values.Count);
        Assert.Equal(["0", "1", "2", "3"], seen.Values.Distinct().Order());
    }

    [Fact]
    public void What_is_emitted_out_of_order_is_written_in_order_and_what_nobody_reads_is_dropped()
    {
        var unread = new OutputTag<string>("unread");
        var written = new MemorySink<string>();
        new Job<Event, string>()
            .AddSource(TestJob.Source("in", 0, new Event("k", 1, 0)))
            .AddOperator("emits", new ByKey(), () => new OnEnd(context =>
            {
                Output<string> side = context.SideOutput(unread);
                Assert.False(side.IsConnected);
                side.Emit("gone", 1, 1);
                context.Emit("third", 2, 1);
                context.Emit("first", 1, 2);
                context.Emit("fourth", 2, 1);
                context.Emit("second", 1, 3);
            }))
            .WriteTo(written).Run();
        Assert.Equal(["first", "second", "third", "fourth"], written.Values);
    }

    [Fact]
    public void A_job_without_operators_reads_its_input()
    {
        JobResult result = new Job<Event, string>().AddSource(TestJob.Source("in", 0, new Event("k", 1, 0))).Run();
        Assert.False(result.IsCanceled);
        Assert.Equal(1, result.Records);
    }

    [Fact]
    public void A_job_runs_once_needs_a_source_and_writes_an_output_to_one_sink()
    {
        var job = new Job<Event, string>().WriteTo(new MemorySink<string>());
        Assert.Throws<InvalidOperationException>(() => job.Run());
        Assert.Throws<InvalidOperationException>(() => job.WriteTo(new MemorySink<string>()));
        job.AddSource(TestJob.Source("in", 0)).Run();
        Assert.Throws<InvalidOperationException>(() => job.Run());
        Assert.Throws<ArgumentOutOfRangeException>(() => new JobOptions { Parallelism = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new JobOptions { Parallelism = 129 });
    }

    [Fact]
    public void Time_is_measured_by_the_clock_of_the_job()
    {
        var clock = new ManualClock();
        IEnumerable<Event> events = Enumerable.Range(0, 2).Select(i =>
        {
            clock.Advance(1500);
            return new Event("k", i, i);
        });
        var job = new TestJob(new JobOptions { TimeProvider = clock }, () => new Echo(), TestJob.Source("in", 0, events));
        job.Run();
        Assert.Equal(TimeSpan.FromSeconds(3), job.Result.Elapsed);
    }

    private sealed class Numbers : Operator<Event, string>
    {
        private OperatorContext<string> _context = null!;

        public override void Open(OperatorContext<string> context) => _context = context;

        public override void Process(ReadOnlySpan<StreamRecord<Event>> records)
        {
            foreach (StreamRecord<Event> record in records) _context.Emit($"{record.Sequence} {record.Value}", record.TimestampMs, record.Sequence);
        }

        public override void AdvanceWatermark(long watermarkMs)
        {
        }
    }

    private sealed class Recorder(List<string> calls) : Operator<Event, string>
    {
        private Thread? _thread;

        public override void Open(OperatorContext<string> context)
        {
            _thread = Thread.CurrentThread;
            calls.Add($"open {context.Subtask}/{context.Parallelism} {context.KeyGroups}");
        }

        public override void Process(ReadOnlySpan<StreamRecord<Event>> records)
        {
            foreach (StreamRecord<Event> record in records) Add(record.Value.ToString());
        }

        public override void AdvanceWatermark(long watermarkMs) => Add($"watermark {watermarkMs}");

        public override void Close() => Add("close");

        private void Add(string call)
        {
            Assert.Same(_thread, Thread.CurrentThread);
            calls.Add(call);
        }
    }

    private sealed class Every(int n) : Partitioner<Event>
    {
        public override bool TryRoute(Event value, int lane, out ulong hash)
        {
            hash = StableHash.Of(value.Number);
            return value.Number % n == 0;
        }
    }

    private sealed class Owner : Operator<Event, string>
    {
        private OperatorContext<string> _context = null!;

        public override void Open(OperatorContext<string> context) => _context = context;

        public override void Process(ReadOnlySpan<StreamRecord<Event>> records)
        {
            foreach (StreamRecord<Event> record in records)
            {
                Assert.True(_context.KeyGroups.Contains(record.KeyGroup));
                Assert.Equal(KeyGroupAssignment.KeyGroupOf(StableHash.Of(record.Value.Key)), record.KeyGroup);
                _context.Emit($"{_context.Subtask}", record.TimestampMs, record.Sequence);
            }
        }

        public override void AdvanceWatermark(long watermarkMs)
        {
        }
    }

    private sealed class OnEnd(Action<OperatorContext<string>> emit) : Operator<Event, string>
    {
        private OperatorContext<string> _context = null!;

        public override void Open(OperatorContext<string> context) => _context = context;

        public override void Process(ReadOnlySpan<StreamRecord<Event>> records)
        {
        }

        public override void AdvanceWatermark(long watermarkMs) => emit(_context);
    }
}
