namespace Cep.Engine.Streams.Windows;

/// <summary>Says into which windows a record goes, by its event time.</summary>
public abstract class WindowAssigner
{
    /// <summary>Adds the windows of a record to a list.</summary>
    /// <param name="timestampMs">The record's time, Unix milliseconds.</param>
    /// <param name="windows">Is empty.</param>
    public abstract void Assign(long timestampMs, List<TimeWindow> windows);

    /// <summary>Windows of one size, side by side.</summary>
    /// <param name="size">At least a millisecond, whole milliseconds.</param>
    /// <param name="offset">Where windows begin, counted from the start of Unix time; below <paramref name="size"/> either way.</param>
    /// <exception cref="ArgumentOutOfRangeException">Out of these bounds.</exception>
    public static WindowAssigner Tumbling(TimeSpan size, TimeSpan offset = default) => Sliding(size, size, offset);

    /// <summary>Windows of one size, one beginning every <paramref name="slide"/>; a record is in size / slide of them, rounded up or down.</summary>
    /// <param name="size">At least a millisecond, whole milliseconds.</param>
    /// <param name="slide">At least a millisecond, whole milliseconds; between windows further apart than their size records belong to none.</param>
    /// <param name="offset">Where windows begin, counted from the start of Unix time; below <paramref name="slide"/> either way.</param>
    /// <exception cref="ArgumentOutOfRangeException">Out of these bounds.</exception>
    public static WindowAssigner Sliding(TimeSpan size, TimeSpan slide, TimeSpan offset = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, TimeSpan.FromMilliseconds(1));
        ArgumentOutOfRangeException.ThrowIfLessThan(slide, TimeSpan.FromMilliseconds(1));
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(offset.Duration(), slide, nameof(offset));
        return new SlidingWindows(size.Ticks / TimeSpan.TicksPerMillisecond, slide.Ticks / TimeSpan.TicksPerMillisecond, offset.Ticks / TimeSpan.TicksPerMillisecond);
    }

    private sealed class SlidingWindows(long sizeMs, long slideMs, long offsetMs) : WindowAssigner
    {
        public override void Assign(long timestampMs, List<TimeWindow> windows)
        {
            long past = (timestampMs - offsetMs) % slideMs;
            long lastStartMs = timestampMs - (past < 0 ? past + slideMs : past);
            for (long startMs = lastStartMs; startMs > timestampMs - sizeMs; startMs -= slideMs) windows.Add(new TimeWindow(startMs, startMs + sizeMs));
        }
    }
}
