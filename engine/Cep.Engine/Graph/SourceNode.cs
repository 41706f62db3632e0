using Cep.Engine.Connectors;
using Cep.Engine.Runtime;

namespace Cep.Engine.Graph;

/// <summary>A source of a job, and what is made of its records.</summary>
internal abstract class SourceNode
{
    public abstract string Name { get; }

    public abstract bool IsLive { get; }

    public abstract bool CanResume { get; }

    /// <summary>The source as one that keeps records for jobs; null where it keeps all.</summary>
    public abstract IPinnedSource? Pinned { get; }

    /// <summary>Makes the source's split in an execution.</summary>
    public abstract Split AddTo(JobExecution execution);
}

/// <inheritdoc/>
internal sealed class SourceNode<T> : SourceNode
{
    public SourceNode(Source<T> source)
    {
        Source = source;
        Records = new StreamRoot<T>(null, () => Name);
        Late = new StreamRoot<LateRecord<T>>(null, () => $"{Name}.late");
        Malformed = new StreamRoot<MalformedRecord>(null, () => $"{Name}.malformed");
    }

    public Source<T> Source { get; }

    /// <summary>The records in time.</summary>
    public StreamRoot<T> Records { get; }

    public StreamRoot<LateRecord<T>> Late { get; }

    public StreamRoot<MalformedRecord> Malformed { get; }

    public override string Name => Source.Name;

    public override bool IsLive => Source.IsLive;

    public override bool CanResume => Source.CanResume;

    public override IPinnedSource? Pinned => Source as IPinnedSource;

    public override Split AddTo(JobExecution execution) => execution.AddSplit(this);
}
