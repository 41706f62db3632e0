using Cep.Engine.Connectors;
using Cep.Engine.Graph;
using Cep.Engine.Operators;
using Cep.Engine.Runtime;
using Cep.Engine.Streams;
using Cep.Engine.Tests.Support;
using Xunit;

namespace Cep.Engine.Tests.Runtime;

/// <summary>Measures what the whole process allocates, so nothing else runs meanwhile.</summary>
[CollectionDefinition(nameof(JobMemoryTests), DisableParallelization = true)]
[Collection(nameof(JobMemoryTests))]
public class JobMemoryTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Unequal_splits_and_a_slow_operator_leave_few_batches_in_memory(int parallelism)
    {
        // One split covers in 500 records the time another takes 200,000 for.
        Source<Event>[] sources =
        [
            TestJob.Source("dense", 0, Enumerable.Range(0, 200_000).Select(i => new Event($"d{i % 50}", i, i))),
            TestJob.Source("sparse", 0, Enumerable.Range(0, 5_000).Select(i => new Event($"s{i % 50}", i * 400L, i))),
            TestJob.Source("early", 0, Enumerable.Range(0, 100_000).Select(i => new Event($"e{i % 50}", -i / 1000, i))),
        ];
        var slow = new OperatorNode<Event, string>("slow", new ByKey(), () => new Slow());
        var graph = new JobGraph { Operators = { slow } };
        foreach (Source<Event> source in sources)
        {
            var node = new SourceNode<Event>(source);
            node.Records.Connect<Event>(slow.Input);
            graph.Sources.Add(node);
        }

        var execution = new JobExecution(new JobOptions { Parallelism = parallelism }, graph, new JobProgress());
        execution.Run(CancellationToken.None);
        (int split, int subtask) = execution.PeakBatches;
        // Per split: the channel's four, one being filled, one being merged. Per subtask: the channel's sixteen, one filled, one sent, one
        // processed.
        Assert.InRange(split, sources.Length, sources.Length * 6);
        Assert.InRange(subtask, parallelism, parallelism * 19);
    }

    [Fact]
    public void A_warm_job_allocates_nothing_per_record()
    {
        const int warm = 200_000;
        const int measured = 1_000_000;
        Event[] events = [.. Enumerable.Range(0, 512).Select(i => new Event($"key{i}", 0, i))];
        long atWarm = 0;
        IEnumerable<Event> Repeated()
        {
            for (int i = 0; i < warm + measured; i++)
            {
                if (i == warm) atWarm = GC.GetTotalAllocatedBytes();
                yield return events[i % events.Length];
            }
        }

        long time = 0;
        var source = new MemorySource<Event>("in", Repeated(), _ => time++, Engine.Time.WatermarkStrategy.BoundedOutOfOrderness(100));
        new Job<Event, string>().AddSource(source).AddOperator("drain", new ByKey(), () => new Reordering()).Run();
        double bytesPerRecord = (double)(GC.GetTotalAllocatedBytes() - atWarm) / measured;
        // What is left is the warming up that comes late: a pool that grows by a batch, a method compiled again.
        Assert.True(bytesPerRecord < 1, $"{bytesPerRecord:F2} bytes a record");
    }

    private sealed class Slow : Operator<Event, string>
    {
        private int _sum;

        public override void Process(ReadOnlySpan<StreamRecord<Event>> records)
        {
            for (int i = 0; i < 20_000; i++) _sum = unchecked(_sum * 31 + i);
        }

        public override void AdvanceWatermark(long watermarkMs)
        {
        }
    }

    private sealed class Reordering : Operator<Event, string>
    {
        private readonly ReorderBuffer<Event> _buffer = new();

        public override void Process(ReadOnlySpan<StreamRecord<Event>> records)
        {
            foreach (ref readonly StreamRecord<Event> record in records) _buffer.Add(record);
        }

        public override void AdvanceWatermark(long watermarkMs)
        {
            while (_buffer.TryTake(watermarkMs, out _))
            {
            }
        }
    }
}
