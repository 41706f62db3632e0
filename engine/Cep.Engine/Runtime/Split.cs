using Cep.Engine.Connectors;

namespace Cep.Engine.Runtime;

/// <summary>One source of a running job: its thread's work, and what the merging loop knows of it.</summary>
/// <param name="start">Where it is read on; null at its beginning.</param>
internal sealed class Split<T>(Source<T> source, SplitStart? start, Channel<SplitBatch<T>> channel, SourceProgress progress)
{
    public Source<T> Source { get; } = source;

    public Channel<SplitBatch<T>> Channel { get; } = channel;

    public SourceProgress Progress { get; } = progress;

    /// <summary>Where the split is read on; null at its beginning.</summary>
    public SplitStart? Start { get; } = start;

    /// <summary>Where the split stands after what the merging loop took; for that loop only.</summary>
    public SourcePosition Merged { get; set; } = start?.Position ?? default;

    /// <summary>When the merging loop last took data, as the clock's timestamp.</summary>
    public long LastTaken { get; set; }

    /// <summary>The split's thread, from its beginning to its end.</summary>
    public void Read(Pool<SplitBatch<T>> pool, TimeProvider timeProvider, CancellationToken stop)
    {
        var output = new SourceOutput<T>(Source, Start, Channel, pool, Progress, timeProvider);
        Source.Read(output, stop);
        output.End();
    }
}
