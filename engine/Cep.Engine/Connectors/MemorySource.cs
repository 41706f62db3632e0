using Cep.Engine.Time;

namespace Cep.Engine.Connectors;

/// <summary>A split of values that are already in memory, or made as they are asked for.</summary>
/// <typeparam name="T">The type of the values.</typeparam>
/// <param name="name">For messages and counts.</param>
/// <param name="values">The values in arrival order; enumerated on the split's thread, again from the first when the job is restarted.</param>
/// <param name="timestampMs">The event time of a value, Unix milliseconds.</param>
/// <param name="watermarks">How the split tells event time.</param>
public sealed class MemorySource<T>(string name, IEnumerable<T> values, Func<T, long> timestampMs, WatermarkStrategy watermarks)
    : Source<T>(name, watermarks)
{
    private long _emitted;

    /// <inheritdoc/>
    public override bool CanResume => true;

    /// <summary>How many values were emitted.</summary>
    public override SourcePosition Position => new(_emitted, 0);

    /// <inheritdoc/>
    public override void Read(SourceOutput<T> output, CancellationToken stop)
    {
        long skipped = output.ResumeFrom?.Offset ?? 0;
        _emitted = 0;
        foreach (T value in values)
        {
            if (_emitted++ < skipped) continue;
            output.Emit(value, timestampMs(value));
        }
    }
}
