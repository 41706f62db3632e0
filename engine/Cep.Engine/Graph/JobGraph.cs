using Cep.Engine.Checkpoints;
using Cep.Engine.Runtime;

namespace Cep.Engine.Graph;

/// <summary>What a job consists of: sources, operators and sinks, and what leads from one to the other.</summary>
internal sealed class JobGraph
{
    public List<SourceNode> Sources { get; } = [];

    /// <summary>The operators, each after those that it reads from.</summary>
    public List<OperatorNode> Operators { get; } = [];

    public List<JobOutput> Outputs { get; } = [];

    /// <summary>Who hands in a segment at every barrier.</summary>
    public SnapshotWriter[] WritersAt(int parallelism)
    {
        int shuffles = Operators.Count(op => op.IsShuffled);
        return
        [
            .. Enumerable.Range(0, 1 + shuffles).Select(i => new SnapshotWriter(SourcesState.Uid, i)),
            .. Operators.SelectMany(op => Enumerable.Range(0, parallelism).Select(subtask => new SnapshotWriter(op.Uid, subtask))),
            .. Outputs.Select(output => new SnapshotWriter(output.Uid, 0)),
        ];
    }

    /// <exception cref="InvalidOperationException">The job cannot go on from a checkpoint.</exception>
    public void CheckResumable()
    {
        if (Sources.Find(source => !source.CanResume) is { } once)
            throw new InvalidOperationException($"The source '{once.Name}' cannot be read again from where a checkpoint stands, so a job that reads it cannot take checkpoints.");
        if (Sources.GroupBy(source => source.Name).FirstOrDefault(g => g.Count() > 1) is { } same)
            throw new InvalidOperationException($"There are several sources of the name '{same.Key}': a checkpoint could not tell them apart.");
    }
}
