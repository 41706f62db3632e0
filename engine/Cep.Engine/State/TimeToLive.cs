namespace Cep.Engine.State;

/// <summary>The clock by which entries of a state grow old.</summary>
public enum TtlClock
{
    /// <summary>The watermark. A write counts from the time of the record or timer that made it.</summary>
    EventTime,

    /// <summary>The processing time, as it came with the last epoch.</summary>
    ProcessingTime,
}

/// <summary>What makes an entry young again.</summary>
public enum TtlRefresh
{
    /// <summary>Creating and writing it.</summary>
    OnWrite,

    /// <summary>Also reading it.</summary>
    OnReadAndWrite,
}

/// <summary>How long entries of a state live when nothing touches them.</summary>
/// <remarks>
/// An entry touched at <c>t</c> is gone for every reader once the clock stands at <c>t</c> + duration. Of a list the whole list of a key is an entry, of a
/// map each of its entries. Gone entries are removed when they are met, when a snapshot is written, and a few at every watermark. Time to live is no part
/// of a snapshot's meaning: it may be given to a state, changed or taken away between two runs; entries without a known time count from the restore.
/// </remarks>
public sealed record TimeToLive
{
    /// <summary>A time to live.</summary>
    /// <param name="duration">Whole milliseconds, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">Shorter than a millisecond.</exception>
    public TimeToLive(TimeSpan duration)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(duration, TimeSpan.FromMilliseconds(1));
        DurationMs = duration.Ticks / TimeSpan.TicksPerMillisecond;
    }

    /// <summary>How long an entry lives, in milliseconds.</summary>
    public long DurationMs { get; }

    /// <summary>The clock. Default: event time.</summary>
    public TtlClock Clock { get; init; } = TtlClock.EventTime;

    /// <summary>What refreshes an entry. Default: writing it.</summary>
    public TtlRefresh Refresh { get; init; } = TtlRefresh.OnWrite;
}
