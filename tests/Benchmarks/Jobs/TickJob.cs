using Cep.Benchmarks.Queries;
using Cep.Benchmarks.Report;
using Cep.Benchmarks.Streams;
using Cep.Engine.Connectors;
using Cep.Engine.Runtime;
using Cep.Events;
using Cep.Streaming;
using Cep.Streaming.Jobs;
using Cep.Streaming.Matches;

namespace Cep.Benchmarks.Jobs;

/// <summary>A query as a whole job, on all its threads, from ticks in memory to matches that are counted and dropped.</summary>
internal sealed class TickJob(Query query, int keys, Tick[] ticks, long events)
{
    private readonly PatternSet _patterns = query.Compile(EventType.Of<Tick>(), keys);

    /// <summary>Runs it once, from a clean heap.</summary>
    public JobCost Run(int parallelism, CheckpointOptions? checkpoints = null)
    {
        var rules = new RunningRules(_patterns, parallelism);
        var (subtask, matches) = (0, new Counted());
        var job = new Job<StreamEvent, Match>(new JobOptions { Parallelism = parallelism, Checkpoints = checkpoints })
            .AddSource(new TickSource(ticks, events))
            .AddOperator("rules", new RulePartitioner(_patterns.Groups), () => new CepOperator(rules, subtask++))
            .WriteTo(matches);
        var elapsed = TimeSpan.Zero;
        var cost = Cost.Of(() => elapsed = job.Run().Elapsed);
        return new JobCost(cost, elapsed, matches.Count);
    }

    private sealed class Counted() : Sink<Match>("counted")
    {
        public long Count { get; private set; }

        public override void Write(in Match value) => Count++;
    }
}

/// <summary>What a job took.</summary>
/// <param name="Cost">Of all processors.</param>
/// <param name="Elapsed">By the clock.</param>
/// <param name="Matches">What it found.</param>
internal readonly record struct JobCost(Cost Cost, TimeSpan Elapsed, long Matches)
{
    /// <summary>The cost with the shortest time: what disturbs a run only lengthens it.</summary>
    public static JobCost Best(IEnumerable<JobCost> costs) => costs.MinBy(c => c.Elapsed);
}
