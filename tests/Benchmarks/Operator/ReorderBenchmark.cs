using Cep.Benchmarks.Queries;
using Cep.Benchmarks.Report;
using Cep.Benchmarks.Streams;
using Cep.Engine.Operators;
using Cep.Engine.Streams;
using Cep.Events;
using Cep.Streaming;

namespace Cep.Benchmarks.Operator;

/// <summary>What events that come in order pay for waiting in the reorder buffer: the buffer alone, filled and emptied as the keyed operator does it, less the same without it, beside the operator.</summary>
internal sealed class ReorderBenchmark(Options options) : Benchmark
{
    private const int Keys = 10_000;

    private readonly Table _table = new("Reorder buffer, stream in order, 10,000 keys, ns an event", "query", "operator", "of it the buffer", "of the rest");

    public override Table Run()
    {
        foreach (var query in Catalog.All.Where(q => q.Name is "Q2" or "Q3" or "Q4" && options.Asks(q.Name)))
        {
            object[] events = query.Stream(options.Events, Keys);
            var patterns = query.Compile(EventType.Of<Tick>(), Keys);
            var (whole, buffered, direct) = (new List<Cost>(), new List<Cost>(), new List<Cost>());
            for (var round = 0; round <= options.Rounds; round++)
            {
                var op = new KeyedOperator(patterns);
                var (ofOperator, through, past) = (Cost.Of(() => op.Run(events)), 0L, 0L);
                var (ofBuffer, ofNone) = (Cost.Of(() => through = Pass(events, new ReorderBuffer<StreamEvent>())), Cost.Of(() => past = Pass(events, buffer: null)));
                Expect("event times through the buffer", past, through);
                if (round == 0)
                    continue;
                whole.Add(ofOperator);
                buffered.Add(ofBuffer);
                direct.Add(ofNone);
            }
            var (all, share) = (Nanoseconds(Cost.Median(whole)), Nanoseconds(Cost.Median(buffered)) - Nanoseconds(Cost.Median(direct)));
            _table.Add(query.Name, Format.Bytes(all), Format.Bytes(share), Format.Percent(share / (all - share)));
        }
        return _table;
    }

    private double Nanoseconds(Cost cost) => cost.ProcessorTime.TotalNanoseconds / options.Events;

    /// <summary>Makes the records of each batch and looks at each, with the buffer between or without.</summary>
    private static long Pass(object[] events, ReorderBuffer<StreamEvent>? buffer)
    {
        var batch = new StreamRecord<StreamEvent>[KeyedOperator.WatermarkEvery];
        var times = 0L;
        for (var from = 0; from < events.Length; from += batch.Length)
        {
            var to = Math.Min(from + batch.Length, events.Length);
            for (var i = from; i < to; i++)
                batch[i - from] = new StreamRecord<StreamEvent>(new StreamEvent(0, events[i]), i + 1, i, keyGroup: 0);
            var filled = batch.AsSpan(0, to - from);
            if (buffer is null)
            {
                times += TimesOf(filled);
                continue;
            }
            buffer.Add(filled);
            while (buffer.TryTake(to, out var records))
                times += TimesOf(records);
        }
        return times;
    }

    private static long TimesOf(ReadOnlySpan<StreamRecord<StreamEvent>> records)
    {
        var times = 0L;
        foreach (ref readonly var record in records)
            times += record.TimestampMs;
        return times;
    }
}
