using System.Globalization;
using Cep.Benchmarks.Queries;
using Cep.Benchmarks.Report;
using Cep.Benchmarks.Streams;

namespace Cep.Benchmarks.Jobs;

/// <summary>A keyed job on two subtasks beside the same on one, by the clock, in turns.</summary>
/// <remarks>
/// Reading, merging and writing have threads of their own, beside one subtask and beside two. So on a machine of two processors two subtasks can be at most
/// so much faster as the queries cost more than the rest: it takes a rule set that is worth two processors.
/// </remarks>
internal sealed class ScalingBenchmark(Options options) : Benchmark
{
    private const int Keys = 10_000;

    private readonly Table _table = new("Whole job, 10,000 keys, events per second by the clock", "query", "1 subtask", "2 subtasks", "of one");

    public override Table Run()
    {
        // The queries of one rule, of a rule with loops, and of a hundred rules.
        foreach (var query in Catalog.All.Where(q => q.Name is "Q2" or "Q4" or "Q6" && options.Asks(q.Name)))
            Run(query);
        return _table;
    }

    private void Run(Query query)
    {
        var job = new TickJob(query, Keys, query.Stream(options.Events, Keys), options.Events);
        var (one, two) = (new List<JobCost>(), new List<JobCost>());
        for (var round = 0; round <= options.Rounds; round++)
        {
            var (alone, together) = (job.Run(parallelism: 1), job.Run(parallelism: 2));
            Expect($"matches of {query.Name} on 2 subtasks", alone.Matches, together.Matches);
            if (round == 0)
                continue;
            one.Add(alone);
            two.Add(together);
        }
        var (before, after) = (JobCost.Best(one).Elapsed, JobCost.Best(two).Elapsed);
        _table.Add(query.Name, Rate(before), Rate(after), (before / after).ToString("N2", CultureInfo.InvariantCulture));
    }

    private string Rate(TimeSpan elapsed) => Format.Millions(options.Events / elapsed.TotalSeconds);
}
