using Cep.Engine.Runtime;

namespace Cep.Engine.Graph;

/// <summary>Where streams end: a sink, or the input of an operator.</summary>
internal abstract class StreamEnd
{
    /// <summary>Who sends it values: operators, and null for the merging thread.</summary>
    public HashSet<OperatorNode?> Producers { get; } = [];

    /// <summary>Whether it takes records of sources that are late.</summary>
    public bool TakesLate { get; init; }

    /// <summary>What one producer gathers for it in an epoch.</summary>
    public abstract OutputRun CreateRun();
}

/// <summary>The input of an operator.</summary>
internal sealed class OperatorInput<T> : StreamEnd
{
    /// <summary>Whether an operator is among the producers. Then their values are merged by epochs, on a thread of their own.</summary>
    public bool IsShuffled => Producers.Any(producer => producer is not null);

    public override OutputRun CreateRun() => new OutputRun<T>();
}
