namespace Cep.Engine.Time;

/// <summary>Says after a record how far event time has come in its split.</summary>
/// <typeparam name="T">The type of the records.</typeparam>
/// <param name="value">A record that is in time.</param>
/// <param name="timestampMs">Its event time, Unix milliseconds.</param>
/// <returns>The watermark from here on, Unix milliseconds: no record at or before it comes any more. Null, or one behind the last: it stays where it is.</returns>
public delegate long? WatermarkEstimate<T>(in T value, long timestampMs);

/// <summary>How one source split tells event time: how much disorder to wait for, which records tell it, or that records happen when they are read.</summary>
public sealed class WatermarkStrategy
{
    private readonly Delegate? _createEstimate;

    private WatermarkStrategy(long delayMs, bool isProcessingTime, long? idleAfterMs, Delegate? createEstimate = null)
    {
        _createEstimate = createEstimate;
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

    /// <summary>The watermark is what certain records say, as where a producer marks that a stretch is complete.</summary>
    /// <param name="estimate">Asked after each record in time, on the split's thread; without memory of its own.</param>
    public static WatermarkStrategy Punctuated<T>(WatermarkEstimate<T> estimate)
    {
        ArgumentNullException.ThrowIfNull(estimate);
        return Custom(() => estimate);
    }

    /// <summary>The watermark is what a function of its own makes of the records.</summary>
    /// <param name="create">Makes the function of one split, at each start of the job. What it remembers is not in checkpoints, only the watermark is:
    /// after a restart it begins anew from there.</param>
    public static WatermarkStrategy Custom<T>(Func<WatermarkEstimate<T>> create)
    {
        ArgumentNullException.ThrowIfNull(create);
        return new WatermarkStrategy(0, false, null, create);
    }

    /// <summary>The function of a split whose watermark is not bound to the newest record; null where it is.</summary>
    /// <exception cref="InvalidOperationException">The strategy is for records of another type.</exception>
    internal WatermarkEstimate<T>? CreateEstimate<T>() => _createEstimate switch
    {
        null => null,
        Func<WatermarkEstimate<T>> create => create(),
        _ => throw new InvalidOperationException($"The watermark strategy is not for records of type {typeof(T).Name}."),
    };

    /// <summary>The same strategy with a bound on silence.</summary>
    /// <param name="idleAfterMs">Milliseconds of wall time; positive, less than 25 days.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="idleAfterMs"/> is outside that range.</exception>
    public WatermarkStrategy WithIdleAfter(long idleAfterMs)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(idleAfterMs);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(idleAfterMs, int.MaxValue);
        return new WatermarkStrategy(DelayMs, IsProcessingTime, idleAfterMs, _createEstimate);
    }
}
