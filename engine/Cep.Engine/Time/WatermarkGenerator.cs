namespace Cep.Engine.Time;

/// <summary>The watermark of one source split: the newest event time seen, less the delay, less one; it never goes back.</summary>
/// <remarks>
/// With a delay of 10 and records at 100, 95, 90, 89: after 100 the watermark is 89, so 95 and 90 are in time and 89 is late.
/// A late record changes nothing, since it is older than the newest. One thread only.
/// </remarks>
public struct WatermarkGenerator
{
    private readonly long _delayMs;

    /// <summary>Starts with no watermark.</summary>
    /// <param name="delayMs">Milliseconds, not negative.</param>
    /// <param name="currentMs">Where the watermark stands, for a split that is read on; default: there is none.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="delayMs"/> is negative.</exception>
    public WatermarkGenerator(long delayMs, long currentMs = Watermark.None)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(delayMs);
        _delayMs = delayMs;
        CurrentMs = currentMs;
    }

    /// <summary>The watermark after the records so far; <see cref="Watermark.None"/> before the first.</summary>
    public long CurrentMs { get; private set; }

    /// <summary>Moves the watermark on; one behind it changes nothing.</summary>
    public void Raise(long watermarkMs)
    {
        if (watermarkMs > CurrentMs) CurrentMs = watermarkMs;
    }

    /// <summary>Judges a record against the watermark before it, then takes it into account.</summary>
    /// <param name="timestampMs">Event time, Unix milliseconds.</param>
    /// <returns>Whether the record is late.</returns>
    public bool Observe(long timestampMs)
    {
        if (Watermark.IsLate(timestampMs, CurrentMs)) return true;
        // Near the beginning of time the subtraction would wrap; there the watermark stays at its least value.
        if (timestampMs < long.MinValue + _delayMs + 1) return false;
        long watermarkMs = timestampMs - _delayMs - 1;
        if (watermarkMs > CurrentMs) CurrentMs = watermarkMs;
        return false;
    }
}
