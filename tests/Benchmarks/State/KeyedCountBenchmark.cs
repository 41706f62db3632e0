using Cep.Benchmarks.Report;
using Cep.Engine.Keys;
using Cep.Engine.Operators;
using Cep.Engine.State;
using Cep.Engine.Streams;

namespace Cep.Benchmarks.State;

/// <summary>Counting by key with state that can be checkpointed, beside a loop over a dictionary.</summary>
internal sealed class KeyedCountBenchmark(Options options) : Benchmark
{
    private const int BatchSize = 256;
    private const int BatchesAWatermark = 16;

    private readonly Table _table = new("Keyed count, events per second of one processor", "keys", "dictionary", "operator", "of dictionary", "B/event");

    public override Table Run()
    {
        foreach (var keys in new[] { 1_000, 10_000, 1_000_000 })
            Run(Math.Min(keys, options.Events));
        return _table;
    }

    private void Run(int keys)
    {
        var random = new Random(7);
        var events = new long[Math.Max(options.Events, 1)];
        for (var i = 0; i < events.Length; i++)
            events[i] = random.NextInt64(keys) * 7919;
        var groups = Array.ConvertAll(events, e => KeyGroupAssignment.KeyGroupOf(StableHash.Of(e)));
        var (plain, ours) = (new List<Cost>(), new List<Cost>());
        for (var round = 0; round <= options.Rounds; round++)
        {
            var counts = new Dictionary<long, long>();
            var function = new Counting();
            var op = new OperatorSubtask<long, long>(new KeyedProcessOperator<long, long, long>(e => e, function));
            // Every key is there before the clock starts: what is measured is counting.
            CountPlain(events, counts);
            Count(events, groups, op, 0);
            var plainCost = Cost.Of(() => CountPlain(events, counts));
            var cost = Cost.Of(() => Count(events, groups, op, events.Length));
            Expect($"events of the most frequent of {keys:N0} keys", counts.Values.Max(), function.Most);
            if (round == 0)
                continue;
            plain.Add(plainCost);
            ours.Add(cost);
        }
        var (loop, keyed) = (Cost.Median(plain), Cost.Median(ours));
        _table.Add(
            Format.Count(keys), Format.Millions(loop.PerSecond(events.Length)), Format.Millions(keyed.PerSecond(events.Length)),
            Format.Percent(keyed.PerSecond(1) / loop.PerSecond(1)), Format.Bytes((double)keyed.Bytes / events.Length));
    }

    private static void CountPlain(long[] events, Dictionary<long, long> counts)
    {
        foreach (var e in events)
            counts[e] = counts.TryGetValue(e, out var count) ? count + 1 : 1;
    }

    private static void Count(long[] events, int[] groups, OperatorSubtask<long, long> op, int from)
    {
        var batch = new StreamRecord<long>[BatchSize];
        for (var at = 0; at < events.Length; at += BatchSize)
        {
            var count = Math.Min(BatchSize, events.Length - at);
            for (var i = 0; i < count; i++)
                batch[i] = new StreamRecord<long>(events[at + i], from + at + i, from + at + i, groups[at + i]);
            op.Process(batch.AsSpan(0, count));
            if (at / BatchSize % BatchesAWatermark == 0)
                op.Operator.AdvanceWatermark(from + at);
        }
    }

    private sealed class Counting : KeyedProcessFunction<long, long, long>
    {
        private ValueState<long> _count = null!;

        public long Most { get; private set; }

        public override void Open(StateContext context) => _count = context.State(new ValueStateDescriptor<long>("count"));

        public override void ProcessElement(long value, KeyedContext<long> context, Collector<long> output)
        {
            var count = _count.Value + 1;
            _count.Value = count;
            if (count > Most)
                Most = count;
        }
    }
}
