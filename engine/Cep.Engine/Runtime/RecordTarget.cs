using Cep.Engine.Graph;
using Cep.Engine.Operators;
using Cep.Engine.Time;

namespace Cep.Engine.Runtime;

/// <summary>Takes the records of splits for one end. For the merging thread only.</summary>
/// <param name="takesLate">Whether it takes records that are late.</param>
internal abstract class RecordTarget<T>(bool takesLate)
{
    /// <summary>Takes records of a batch.</summary>
    /// <param name="records">In the order of positions.</param>
    /// <param name="baseSequence">The sequence of the batch's position 0.</param>
    /// <param name="watermarkMs">The merged watermark: a record not after it is left out, as late, unless the end takes those or <paramref name="lift"/>.</param>
    /// <param name="lift">Stamp such a record just after the watermark instead.</param>
    public void Route(ReadOnlySpan<SplitBatch<T>.Entry> records, long baseSequence, long watermarkMs, bool lift)
    {
        foreach (ref readonly SplitBatch<T>.Entry record in records)
        {
            long timestampMs = record.TimestampMs;
            if (Watermark.IsLate(timestampMs, watermarkMs))
            {
                if (lift) timestampMs = watermarkMs + 1;
                else if (!takesLate) continue;
            }

            Take(record.Value, timestampMs, baseSequence + record.Position);
        }
    }

    public abstract void Take(T value, long timestampMs, long sequence);
}

/// <summary>Takes records for an end that gets them by epochs: a sink, or an operator that also reads from operators.</summary>
internal sealed class RunTarget<T>(Output<T> output, bool takesLate) : RecordTarget<T>(takesLate)
{
    public override void Take(T value, long timestampMs, long sequence) => output.Emit(value, timestampMs, sequence);
}

/// <summary>What takes records of splits, by end.</summary>
/// <param name="exchanges">Those of the operators that read from sources alone.</param>
/// <param name="outputs">The merging thread's outputs, for all other ends.</param>
internal sealed class RecordTargets(IReadOnlyDictionary<StreamEnd, IExchange> exchanges, SubtaskOutputs outputs)
{
    private readonly Dictionary<StreamEnd, object> _byEpoch = [];

    public RecordTarget<T> Of<T>(StreamEnd end)
    {
        if (exchanges.TryGetValue(end, out IExchange? exchange)) return (Exchange<T>)exchange;
        if (!_byEpoch.TryGetValue(end, out object? target)) _byEpoch[end] = target = new RunTarget<T>(outputs.To<T>(end), end.TakesLate);
        return (RecordTarget<T>)target;
    }
}

/// <summary>Hands the records of batches of a source on to one end.</summary>
/// <typeparam name="T">The type of the source's records.</typeparam>
internal abstract class EdgeRoute<T>
{
    public abstract void Route(SplitBatch<T> batch, long baseSequence, long watermarkMs, bool lift);
}

/// <inheritdoc/>
/// <param name="target">The end.</param>
/// <param name="place">The edge's place among those of the source.</param>
internal sealed class EdgeRoute<T, TEnd>(RecordTarget<TEnd> target, int place) : EdgeRoute<T>
{
    public override void Route(SplitBatch<T> batch, long baseSequence, long watermarkMs, bool lift)
    {
        if (batch.Chained[place] is { } chained) target.Route(((ChainedBatch<T, TEnd>)chained).Values, baseSequence, watermarkMs, lift);
        else target.Route(((SplitBatch<TEnd>)(object)batch).Records, baseSequence, watermarkMs, lift);
    }
}
