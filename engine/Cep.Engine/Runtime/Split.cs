using Cep.Engine.Connectors;
using Cep.Engine.Graph;
using Cep.Engine.Operators;
using Cep.Engine.Time;

namespace Cep.Engine.Runtime;

/// <summary>One source of a running job: its thread's work, and what the merging loop knows of it.</summary>
/// <param name="start">Where it is read on; null at its beginning.</param>
internal abstract class Split(SplitStart? start, SourceProgress progress)
{
    public abstract string Name { get; }

    public abstract WatermarkStrategy Watermarks { get; }

    public abstract bool IsLive { get; }

    /// <summary>Whether its end is the end of its event time.</summary>
    public abstract bool EndsTime { get; }

    /// <summary>Whether there is no batch to take at this moment.</summary>
    public abstract bool IsEmpty { get; }

    public SourceProgress Progress { get; } = progress;

    /// <summary>Where the split is read on; null at its beginning.</summary>
    public SplitStart? Start { get; } = start;

    /// <summary>Where the split stands after what the merging loop took; for that loop only.</summary>
    public SourcePosition Merged { get; set; } = start?.Position ?? default;

    /// <summary>When the merging loop last took data, as the clock's timestamp.</summary>
    public long LastTaken { get; set; }

    /// <summary>The split's thread, from its beginning to its end.</summary>
    public abstract void Read(TimeProvider timeProvider, CancellationToken stop);

    /// <summary>Takes the next batch, if there is one.</summary>
    public abstract bool TryTake(out SplitBatch batch);

    /// <summary>Hands the content of a batch on to wherever it goes. For the merging loop.</summary>
    /// <param name="batch">Taken from this split.</param>
    /// <param name="baseSequence">The sequence of its position 0.</param>
    /// <param name="watermarkMs">The merged watermark.</param>
    /// <returns>How many records were in time for the split, but not for the merged watermark.</returns>
    public abstract int HandOn(SplitBatch batch, long baseSequence, long watermarkMs);

    /// <summary>Gives a batch back to be filled again.</summary>
    public abstract void Return(SplitBatch batch);

    /// <summary>Frees the split's thread, which reads no more.</summary>
    public abstract void Abort();
}

/// <inheritdoc/>
internal sealed class Split<T>(SourceNode<T> node, SplitStart? start, Channel<SplitBatch<T>> channel, Pool<SplitBatch<T>> pool, SourceProgress progress)
    : Split(start, progress)
{
    private EdgeRoute<T>[] _routes = [];
    private Output<LateRecord<T>> _late = null!;
    private Output<MalformedRecord> _malformed = null!;

    public override string Name => node.Name;

    public override WatermarkStrategy Watermarks => node.Source.Watermarks;

    public override bool IsLive => node.IsLive;

    public override bool EndsTime => node.Source.EndsTime;

    public override bool IsEmpty => channel.IsEmpty;

    /// <summary>Connects the split with where its records go; before it is read.</summary>
    public void Connect(RecordTargets targets, SubtaskOutputs outputs)
    {
        _routes = [.. node.Records.Edges.Select((edge, place) => edge.CreateRoute(targets, place))];
        _late = outputs.To(node.Late);
        _malformed = outputs.To(node.Malformed);
    }

    public override void Read(TimeProvider timeProvider, CancellationToken stop)
    {
        var output = new SourceOutput<T>(node.Source, Start, channel, pool, Progress, timeProvider);
        node.Source.Read(output, stop);
        output.End();
    }

    public override bool TryTake(out SplitBatch batch)
    {
        bool any = channel.TryTake(out SplitBatch<T> taken);
        batch = taken;
        return any;
    }

    public override int HandOn(SplitBatch batch, long baseSequence, long watermarkMs)
    {
        var typed = (SplitBatch<T>)batch;
        bool lift = Watermarks.IsProcessingTime;
        foreach (LateRecord<T> record in typed.Late) EmitLate(record, baseSequence);
        foreach ((int position, MalformedRecord record) in typed.Malformed) _malformed.Emit(record, 0, baseSequence + position);
        int overtaken = typed.EarliestMs <= watermarkMs && !lift ? EmitOvertaken(typed, baseSequence, watermarkMs) : 0;
        foreach (EdgeRoute<T> route in _routes) route.Route(typed, baseSequence, watermarkMs, lift);
        return overtaken;
    }

    public override void Return(SplitBatch batch)
    {
        var typed = (SplitBatch<T>)batch;
        typed.Clear();
        pool.Return(typed);
    }

    public override void Abort() => channel.Abort();

    /// <summary>Records in time for their split, but not for the others, which went on while it was idle.</summary>
    private int EmitOvertaken(SplitBatch<T> batch, long baseSequence, long watermarkMs)
    {
        int count = 0;
        foreach (ref readonly SplitBatch<T>.Entry record in batch.Records)
        {
            if (!Watermark.IsLate(record.TimestampMs, watermarkMs)) continue;
            EmitLate(new LateRecord<T>(record.Value, record.TimestampMs, watermarkMs, record.Position, Name), baseSequence);
            count++;
        }

        return count;
    }

    private void EmitLate(LateRecord<T> late, long baseSequence)
    {
        long sequence = baseSequence + late.Sequence;
        _late.Emit(late with { Sequence = sequence }, 0, sequence);
    }
}
