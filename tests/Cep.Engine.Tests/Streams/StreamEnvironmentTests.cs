using Cep.Engine.Connectors;
using Cep.Engine.Runtime;
using Cep.Engine.State;
using Cep.Engine.Streams;
using Cep.Engine.Streams.Windows;
using Cep.Engine.Tests.Support;
using Cep.Engine.Time;
using Xunit;

namespace Cep.Engine.Tests.Streams;

public class StreamEnvironmentTests
{
    [Fact]
    public void Stateless_functions_lead_from_a_source_to_a_sink()
    {
        var environment = new StreamEnvironment();
        var sink = new MemorySink<string>();
        environment.From(Numbers("in", 1, 2, 3, 4)).Filter(n => n % 2 == 0).Map(n => n * 10)
            .FlatMap<string>((n, to) =>
            {
                to.Emit($"{n}");
                to.Emit($"{n + 1}");
            }).To(sink);
        JobResult result = Run(environment);
        Assert.Equal(["20", "21", "40", "41"], sink.Values);
        Assert.Equal(4, result.Records);
    }

    [Fact]
    public void Union_of_sources_of_several_types_is_one_stream_in_time_order()
    {
        var environment = new StreamEnvironment();
        var sink = new MemorySink<string>();
        DataStream<string> words = environment.From(new MemorySource<string>("words", ["a", "bbb"], w => w.Length, WatermarkStrategy.Monotonous));
        environment.From(Numbers("numbers", 1, 2, 4)).Map(n => $"{n}").Union(words).To(sink);
        Run(environment);
        // Of one time, those of the source that was added first come first.
        Assert.Equal(["a", "1", "2", "bbb", "4"], sink.Values);
    }

    [Fact]
    public void Stream_united_with_itself_has_every_value_twice()
    {
        var environment = new StreamEnvironment();
        var sink = new MemorySink<(int, int)>();
        DataStream<int> numbers = environment.From(Numbers("in", 1, 2));
        numbers.Union(numbers.Map(n => -n)).KeyBy(n => n).Process(() => new Count()).Uid("count").To(sink);
        Run(environment);
        Assert.Equal([(1, 1), (-1, 1), (2, 1), (-2, 1)], sink.Values);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Side_outputs_late_and_malformed_records_are_streams(int parallelism)
    {
        var environment = new StreamEnvironment(new JobOptions { Parallelism = parallelism });
        var odd = new OutputTag<string>("odd");
        var main = new MemorySink<int>();
        var side = new MemorySink<string>();
        var late = new MemorySink<long>();
        SourceStream<int> numbers = environment.From(Numbers("in", 1, 2, 5, 3, 6));
        OperatorStream<int> even = numbers.KeyBy(n => n % 10).Process(() => new Even(odd));
        even.To(main);
        even.SideOutput(odd).Map(text => text + "!").To(side);
        numbers.Late.Map(l => l.TimestampMs).To(late);
        Run(environment);
        Assert.Equal([2, 6], main.Values);
        Assert.Equal(["1 is odd!", "5 is odd!"], side.Values);
        Assert.Equal([3], late.Values);
    }

    [Fact]
    public void Window_with_allowed_lateness_takes_the_late_records_of_a_source()
    {
        var environment = new StreamEnvironment();
        var tooLate = new OutputTag<int>("too late");
        var sink = new MemorySink<string>();
        var late = new MemorySink<int>();
        int[] numbers = [1, 2, .. Enumerable.Repeat(12, 3000), 3, .. Enumerable.Repeat(40, 3000), 4];
        OperatorStream<string> sums = environment.From(Numbers("in", numbers)).KeyBy(_ => 0)
            .Window(WindowAssigner.Tumbling(TimeSpan.FromMilliseconds(10)))
            .With(new() { AllowedLateness = TimeSpan.FromMilliseconds(5), LateTag = tooLate })
            .Reduce((a, b) => a + b, (_, window, sum) => $"{window} {sum}");
        sums.To(sink);
        sums.SideOutput(tooLate).To(late);
        Run(environment);
        Assert.Equal(["[0, 10) 3", "[0, 10) 6", "[10, 20) 36000", "[40, 50) 120000"], sink.Values);
        Assert.Equal([4], late.Values);
    }

    [Fact]
    public void Reduce_emits_the_sum_at_every_value()
    {
        var environment = new StreamEnvironment();
        var sink = new MemorySink<int>();
        environment.From(Numbers("in", 1, 2, 3, 4)).KeyBy(n => n % 2).Reduce((a, b) => a + b).To(sink);
        Run(environment);
        Assert.Equal([1, 2, 4, 6], sink.Values);
    }

    [Fact]
    public void Operator_without_a_uid_is_warned_about()
    {
        var environment = new StreamEnvironment();
        KeyedStream<int, int> keyed = environment.From(Numbers("in", 1)).KeyBy(n => n);
        keyed.Reduce((a, b) => a + b);
        keyed.Reduce((a, b) => a - b).Uid("difference");
        Assert.Equal(
            ["The operator 'reduce-1' has its uid from its place in the program. Give it one with Uid(\"…\"), or a changed program may not find its state in a checkpoint."],
            environment.Warnings);
    }

    [Theory]
    [InlineData("taken")]
    [InlineData("sources")]
    [InlineData("sink/out")]
    public void Uid_that_is_taken_is_refused(string uid)
    {
        KeyedStream<int, int> keyed = new StreamEnvironment().From(Numbers("in", 1)).KeyBy(n => n);
        keyed.Reduce((a, b) => a + b).Uid("taken");
        var problem = Assert.Throws<ArgumentException>(() => keyed.Reduce((a, b) => a + b).Uid(uid));
        Assert.StartsWith($"The uid '{uid}' is taken.", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Function_that_throws_fails_the_job_and_is_named()
    {
        var environment = new StreamEnvironment();
        environment.From(Numbers("in", 1, 2)).Map(n => 1 / (n - 2)).To(new MemorySink<int>());
        Assert.Equal("functions after source 'in': Attempted to divide by zero.", Assert.Throws<JobException>(() => Run(environment)).Message);

        environment = new StreamEnvironment();
        environment.From(Numbers("in", 1, 2)).KeyBy(n => n).Reduce((a, b) => a + b).Uid("sum").Map(n => 1 / (n - 2)).To(new MemorySink<int>());
        Assert.Equal("operator 'sum', subtask 0: Attempted to divide by zero.", Assert.Throws<JobException>(() => Run(environment)).Message);
    }

    private static MemorySource<int> Numbers(string name, params int[] numbers) => new(name, numbers, n => n, WatermarkStrategy.Monotonous);

    private static JobResult Run(StreamEnvironment environment)
    {
        Task<JobResult> running = environment.RunAsync();
        if (Task.WaitAny([running], Hang.Limit) < 0) throw new TimeoutException("The job hangs.");
        return running.GetAwaiter().GetResult();
    }

    private sealed class Count : KeyedProcessFunction<int, int, (int, int)>
    {
        private ValueState<int> _count = null!;

        public override void Open(StateContext context) => _count = context.State(new ValueStateDescriptor<int>("count"));

        public override void ProcessElement(int value, KeyedContext<int> context, Collector<(int, int)> output) => output.Emit((value, ++_count.Value));
    }

    private sealed class Even(OutputTag<string> odd) : KeyedProcessFunction<int, int, int>
    {
        private Collector<string> _odd = null!;

        public override void Open(StateContext context) => _odd = context.SideOutput(odd);

        public override void ProcessElement(int value, KeyedContext<int> context, Collector<int> output)
        {
            if (value % 2 == 0) output.Emit(value);
            else _odd.Emit($"{value} is odd");
        }
    }
}
