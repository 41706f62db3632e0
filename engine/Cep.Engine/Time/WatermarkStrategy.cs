namespace Cep.Engine.Time;

/// <summary>How one source split tells event time: how much disorder to wait for, or that records happen when they are read.</summary>
public sealed class WatermarkStrategy
{
    private WatermarkStrategy(long delayMs, bool isProcessingTime, long? idleAfterMs)
    {
        DelayMs = delayMs;
        IsProcessingTime = isProcessingTime;
        IdleAfterMs = idleAfterMs;
    }

    /// <summary>Records come in time order: a record older than the newest before it is late.</summary>
    public static WatermarkStrategy Monotonous { get; } = new(0, false, null);

    /// <summary>Records are stamped with the clock's time when they are read, and are never late; the watermark follows the clock.</summary>
    public static WatermarkStrategy ProcessingTime { get; } = new(0, true, null);

    /// <summary>How far behind the newest record's event time a record may be, in milliseconds.</summary>
    public long DelayMs { get; }

    /// <summary>Whether records are stamped with the time they are read.</summary>
    public bool IsProcessingTime { get; }

    /// <summary>After how much silence, in milliseconds of wall time, a live split stops holding back the others; null: never.</summary>
    /// <remarks>Has no effect on a split that cannot be silent, such as a file, or that follows the clock.</remarks>
    public long? IdleAfterMs { get; }

    /// <summary>Records may be out of order by up to <paramref name="delayMs"/>.</summary>
    /// <param name="delayMs">Milliseconds; a record exactly this far behind the newest before it is not late.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="delayMs"/> is negative.</exception>
    public static WatermarkStrategy BoundedOutOfOrderness(long delayMs)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(delayMs);
        return new WatermarkStrategy(delayMs, false, null);
    }

    /// <summary>The same strategy with a bound on silence.</summary>
    /// <param name="idleAfterMs">Milliseconds of wall time; positive, less than 25 days.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="idleAfterMs"/> is outside that range.</exception>
    public WatermarkStrategy WithIdleAfter(long idleAfterMs)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(idleAfterMs);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(idleAfterMs, int.MaxValue);
        return new WatermarkStrategy(DelayMs, IsProcessingTime, idleAfterMs);
    }
}
