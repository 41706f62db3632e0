using Cep.Benchmarks.ByHand;
using Cep.Benchmarks.Queries;
using Cep.Benchmarks.Report;
using Cep.Benchmarks.Streams;
using Cep.Events;

namespace Cep.Benchmarks.Operator;

/// <summary>The keyed operator beside a program written by hand for the same query, in turns, on events that lie in memory.</summary>
internal sealed class OperatorBenchmark(Options options) : Benchmark
{
    private readonly EmittedTicks _emitted = new();
    private readonly Table _table = new(
        "Keyed operator, events per second of one processor",
        "query", "keys", "matches", "by hand", "class", "of hand", "emitted", "of hand", "B/event", "peak MiB");

    public override Table Run()
    {
        foreach (var query in Catalog.All.Where(q => options.Asks(q.Name)))
        {
            foreach (var keys in query.Keys)
                Run(query, keys);
        }
        return _table;
    }

    private void Run(Query query, int keys)
    {
        var ticks = query.Stream(options.Events, keys);
        Contender[] contenders =
        [
            ByHand(query, keys, ticks),
            Operator("class", query, keys, EventType.Of<Tick>(), ticks),
            Operator("emitted", query, keys, _emitted.Type, _emitted.Copy(ticks)),
        ];
        var costs = contenders.Select(_ => new List<Cost>()).ToArray();
        // The first round is for the compiler and not counted.
        for (var round = 0; round <= options.Rounds; round++)
        {
            for (var i = 0; i < contenders.Length; i++)
            {
                var cost = Measure(contenders[i], query, keys);
                if (round > 0)
                    costs[i].Add(cost);
            }
        }
        AddRow(query.Name, keys, contenders, costs.Select(Cost.Median).ToArray());
    }

    private Cost Measure(Contender contender, Query query, int keys)
    {
        var run = contender.Begin();
        var cost = Cost.Of(() => contender.Matches = run());
        if (options.Events == query.GoldenEvents && query.Golden.TryGetValue(keys, out var golden))
            Expect($"matches of {query.Name} with {keys} keys, {contender.Name}", golden, contender.Matches);
        return cost;
    }

    private void AddRow(string query, int keys, Contender[] contenders, Cost[] costs)
    {
        foreach (var contender in contenders)
            Expect($"matches of {query} with {keys} keys, {contender.Name}", contenders[0].Matches, contender.Matches);
        var rates = Array.ConvertAll(costs, c => c.PerSecond(options.Events));
        _table.Add(
            query, Format.Count(keys), Format.Count(contenders[0].Matches), Format.Millions(rates[0]),
            Format.Millions(rates[1]), Format.Percent(rates[1] / rates[0]), Format.Millions(rates[2]), Format.Percent(rates[2] / rates[0]),
            Format.Bytes((double)costs[1].Bytes / options.Events), Format.Mebibytes(costs[1].PeakBytes));
    }

    private static Contender ByHand(Query query, int keys, Tick[] ticks) => new("by hand", () =>
    {
        var machine = query.ByHand(keys);
        return () =>
        {
            foreach (var tick in ticks)
                machine.OnEvent(tick);
            machine.AdvanceTo(ticks.Length);
            return machine.Matches;
        };
    });

    private static Contender Operator(string name, Query query, int keys, EventType type, object[] events)
    {
        var patterns = query.Compile(type, keys);
        return new(name, () =>
        {
            var op = new KeyedOperator(patterns);
            return () =>
            {
                op.Run(events);
                return op.Matches;
            };
        });
    }

    /// <summary>One way to answer a query. Beginning makes what is needed, and running it gives the number of matches.</summary>
    private sealed record Contender(string Name, Func<Func<long>> Begin)
    {
        public long Matches { get; set; }
    }
}
