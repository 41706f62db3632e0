using Cep.Benchmarks.Queries;
using Cep.Benchmarks.Report;
using Cep.Engine.Checkpoints;
using Cep.Engine.Runtime;

namespace Cep.Benchmarks.Jobs;

/// <summary>A whole job that takes a checkpoint every second beside the same job without, in turns.</summary>
internal sealed class CheckpointedJobBenchmark(Options options) : Benchmark
{
    private const int Keys = 10_000;
    private const int IntervalMs = 1000;

    // A round must be long beside the interval.
    private const int Repeats = 100;

    private readonly Table _table = new(
        "Whole job, Q2, 10,000 keys, a checkpoint every second", "", "events/s by the clock", "of without", "events/s of one processor", "of without", "checkpoints");

    public override Table Run()
    {
        var query = Catalog.All.Single(q => q.Name == "Q2");
        var events = (long)options.Events * Repeats;
        var job = new TickJob(query, Keys, query.Stream(options.Events, Keys), events);
        var (without, with, taken) = (new List<JobCost>(), new List<JobCost>(), 0);
        for (var round = 0; round <= options.Rounds; round++)
        {
            var plain = job.Run(parallelism: 1);
            var kept = RunWithCheckpoints(job, out var completed);
            Expect("matches with checkpoints", plain.Matches, kept.Matches);
            if (round == 0)
                continue;
            taken += completed;
            without.Add(plain);
            with.Add(kept);
        }
        Add("without", events, JobCost.Best(without), JobCost.Best(without), 0);
        Add("with", events, JobCost.Best(with), JobCost.Best(without), taken);
        return _table;
    }

    private static JobCost RunWithCheckpoints(TickJob job, out int completed)
    {
        var folder = Directory.CreateTempSubdirectory("cep-benchmark-").FullName;
        var listener = new Counting();
        try
        {
            using var store = FolderCheckpointStore.Open(folder);
            return job.Run(parallelism: 1, new CheckpointOptions { Store = store, Settings = new CheckpointSettings { IntervalMs = IntervalMs }, Listener = listener });
        }
        finally
        {
            completed = listener.Count;
            Directory.Delete(folder, recursive: true);
        }
    }

    private void Add(string name, long events, JobCost cost, JobCost without, int checkpoints) => _table.Add(
        name, Format.Millions(events / cost.Elapsed.TotalSeconds), Format.Percent(without.Elapsed / cost.Elapsed),
        Format.Millions(cost.Cost.PerSecond(events)), Format.Percent(without.Cost.ProcessorTime / cost.Cost.ProcessorTime), Format.Count(checkpoints));

    private sealed class Counting : CheckpointListener
    {
        public int Count { get; private set; }

        public override void Completed(Manifest manifest) => Count++;
    }
}
