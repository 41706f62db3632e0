namespace Cep.Engine.Streams.Windows;

/// <summary>A stretch of event time, its start included and its end not.</summary>
/// <param name="StartMs">The first millisecond, Unix time.</param>
/// <param name="EndMs">The millisecond after the last.</param>
public readonly record struct TimeWindow(long StartMs, long EndMs)
{
    /// <summary>The last millisecond; the window is complete when the watermark reaches it, and its results have this time.</summary>
    public long MaxTimestampMs => EndMs - 1;

    /// <inheritdoc/>
    public override string ToString() => $"[{StartMs}, {EndMs})";
}
