using Cep.Engine.Keys;
using Cep.Engine.Operators;
using Cep.Engine.State;
using Cep.Engine.Streams;
using Cep.Engine.Tests.Support;
using Cep.Engine.Timers;
using Xunit;

namespace Cep.Engine.Tests.Streams;

public class KeyedProcessFunctionTests
{
    private static readonly OutputTag<string> Side = new("side");

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Output_is_the_same_straight_checkpointed_and_restored_at_other_parallelism(int seed)
    {
        List<string> output = Harness(() => new Everything(), RandomEpochs(seed, epochs: 60)).CheckAllWays(seed);
        foreach (string what in new[] { "count", "quiet", "clock", "seen", "sum", "gone" }) Assert.Contains(output, line => line.Contains(what, StringComparison.Ordinal));
    }

    [Fact]
    public void Timers_of_a_key_and_time_are_one_and_can_be_taken_back()
    {
        List<string> output = Harness(() => new Timed(), [
            new([("a+5", 1), ("a+5", 2), ("a+9", 2), ("b+5", 3)], 0, 3),
            new([("a-5", 4), ("a-7", 4)], 0, 4),
            new([], 0, 5),
            new([("c+2", 7)], 0, 6),
            new([], 0, 20)]).CheckAllWays(0);
        Assert.Equal(["b at 5, watermark 5", "c at 2, watermark 6", "a at 9, watermark 20"], output);
    }

    [Fact]
    public void Timers_of_one_time_come_in_an_order_that_does_not_depend_on_parallelism()
    {
        var records = Enumerable.Range(0, 300).Select(i => ($"k{i * 7919 % 300}+5", 1L)).ToArray();
        List<string> output = Harness(() => new Timed(), [new(records, 0, 4), new([], 0, 5)]).CheckAllWays(0);
        Assert.Equal(300, output.Distinct().Count());
    }

    [Fact]
    public void Timers_set_by_a_timer_for_a_time_that_has_come_fire_at_the_same_watermark()
    {
        List<string> output = Harness(() => new Chained(), [new([("a", 1)], 0, 5), new([], 0, 9)]).CheckAllWays(0);
        Assert.Equal(["2", "3", "4", "5", "6", "7", "8", "9"], output);
    }

    [Fact]
    public void Operator_state_of_all_subtasks_comes_to_each()
    {
        List<string> output = Harness(() => new Elements(), [new([("a", 1), ("b", 1), ("c", 2), ("d", 2)], 0, 3), new([("e", 4)], 0, 5)]).CheckAllWays(0);
        Assert.Empty(output);
    }

    private static OperatorHarness<string, string> Harness(Func<KeyedProcessFunction<string, string, string>> create, IReadOnlyList<Epoch<string>> epochs) =>
        new(v => StableHash.Of(KeyOf(v)), () => new KeyedProcessOperator<string, string, string>(KeyOf, create()), Side, epochs);

    private static string KeyOf(string value) => value.Split('+', '-')[0];

    private static List<Epoch<string>> RandomEpochs(int seed, int epochs)
    {
        var random = new Random(seed);
        var made = new List<Epoch<string>>();
        for (int i = 0; i < epochs; i++)
        {
            long from = i * 10;
            var records = Enumerable.Range(0, random.Next(30)).Select(_ => ($"k{random.Next(25)}+{random.Next(5)}", from + random.Next(1, 11))).ToArray();
            made.Add(new(records, 1_000_000 + i * 7, from + 10 - random.Next(3)));
        }

        return [.. made, new([], 2_000_000, long.MaxValue)];
    }

    /// <summary>Uses every kind of state, both kinds of timers, both outputs and time to live.</summary>
    private sealed class Everything : KeyedProcessFunction<string, string, string>
    {
        private ValueState<long> _count = null!;
        private ValueState<long> _deadline = null!;
        private ListState<string> _last = null!;
        private MapState<string, int> _seen = null!;
        private ReducingState<long> _sum = null!;
        private ValueState<string> _brief = null!;
        private MapState<string, long> _briefSeen = null!;
        private Collector<string> _side = null!;

        public override void Open(StateContext context)
        {
            _count = context.State(new ValueStateDescriptor<long>("count"));
            _deadline = context.State(new ValueStateDescriptor<long>("deadline"));
            _last = context.State(new ListStateDescriptor<string>("last"));
            _seen = context.State(new MapStateDescriptor<string, int>("seen"));
            _sum = context.State(new ReducingStateDescriptor<long>("sum", Math.Max));
            _brief = context.State(new ValueStateDescriptor<string>("brief") { TimeToLive = new(TimeSpan.FromMilliseconds(25)) });
            _briefSeen = context.State(new MapStateDescriptor<string, long>("brief seen")
            {
                TimeToLive = new(TimeSpan.FromMilliseconds(15)) { Clock = TtlClock.ProcessingTime, Refresh = TtlRefresh.OnReadAndWrite },
            });
            _side = context.SideOutput(Side);
        }

        public override void ProcessElement(string value, KeyedContext<string> context, Collector<string> output)
        {
            _last.Add(value);
            _seen[value] = _seen.TryGet(value, out int before) ? before + 1 : 1;
            _sum.Add(context.TimestampMs);
            if (++_count.Value % 3 == 0) output.Emit($"{value}@{context.TimestampMs} count {_count.Value} seen {_seen.Count} last {string.Join(' ', _last.Items.ToArray())}");
            if (_last.Items.Length > 4) _last.Set([value]);
            if (_brief.Value is { } brief) _side.Emit($"{context.Key} brief {brief}");
            _brief.Value = value;
            if (!_briefSeen.TryGet(value, out long times)) _side.Emit($"{value} anew");
            _briefSeen[value] = times + 1;
            context.DeleteEventTimer(_deadline.Value);
            context.RegisterEventTimer(_deadline.Value = context.TimestampMs + 30);
            context.RegisterProcessingTimer(context.ProcessingTimeMs + 20);
        }

        public override void OnTimer(long timeMs, TimerDomain domain, KeyedContext<string> context, Collector<string> output)
        {
            if (domain == TimerDomain.ProcessingTime)
            {
                _side.Emit($"{context.Key} clock {timeMs} with {_briefSeen.Entries.Sum(e => e.Value)}");
                return;
            }

            output.Emit($"{context.Key} quiet at {timeMs}, {_brief.Value ?? "gone"}");
            if (_sum.TryGet(out long sum)) _side.Emit($"{context.Key} sum {sum}");
            _count.Clear();
            _deadline.Clear();
            _last.Clear();
            _seen.Clear();
            _sum.Clear();
        }
    }

    private sealed class Timed : KeyedProcessFunction<string, string, string>
    {
        public override void ProcessElement(string value, KeyedContext<string> context, Collector<string> output)
        {
            long timeMs = long.Parse(value.AsSpan(context.Key.Length + 1), System.Globalization.CultureInfo.InvariantCulture);
            if (value.Contains('+', StringComparison.Ordinal)) context.RegisterEventTimer(timeMs);
            else context.DeleteEventTimer(timeMs);
        }

        public override void OnTimer(long timeMs, TimerDomain domain, KeyedContext<string> context, Collector<string> output) =>
            output.Emit($"{context.Key} at {timeMs}, watermark {context.WatermarkMs}");
    }

    private sealed class Chained : KeyedProcessFunction<string, string, string>
    {
        public override void ProcessElement(string value, KeyedContext<string> context, Collector<string> output) => context.RegisterEventTimer(context.TimestampMs + 1);

        public override void OnTimer(long timeMs, TimerDomain domain, KeyedContext<string> context, Collector<string> output)
        {
            output.Emit($"{timeMs}");
            context.RegisterEventTimer(timeMs + 1);
        }
    }

    /// <summary>Counts the elements of all subtasks after a restore: each subtask has added one at every record.</summary>
    private sealed class Elements : KeyedProcessFunction<string, string, string>
    {
        private OperatorListState<string> _elements = null!;

        public override void Open(StateContext context) => _elements = context.OperatorState(new ListStateDescriptor<string>("elements"));

        public override void Restored() => Assert.Equal(["a", "b", "c", "d"], _elements.Items.Distinct().Order().Take(4));

        public override void ProcessElement(string value, KeyedContext<string> context, Collector<string> output) => _elements.Add(value);
    }
}
