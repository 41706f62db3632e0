using Cep.Engine.State;
using Cep.Engine.Timers;

namespace Cep.Engine.Streams;

/// <summary>What a keyed function sees of the record or timer that it is called for, and the timers of its key. Valid in that call only.</summary>
/// <typeparam name="TKey">The type of the keys.</typeparam>
public sealed class KeyedContext<TKey>
    where TKey : notnull
{
    private readonly KeyedStateBackend<TKey> _clock;
    private readonly KeyedTimers<TKey> _eventTimers;
    private readonly KeyedTimers<TKey> _processingTimers;
    private int _keyGroup;

    internal KeyedContext(KeyedStateBackend<TKey> clock, KeyedTimers<TKey> eventTimers, KeyedTimers<TKey> processingTimers)
    {
        _clock = clock;
        _eventTimers = eventTimers;
        _processingTimers = processingTimers;
    }

    /// <summary>The key, which the states stand for.</summary>
    public TKey Key { get; private set; } = default!;

    /// <summary>The time of the record or event-time timer, Unix milliseconds; in a processing-time timer the watermark.</summary>
    public long TimestampMs { get; private set; }

    /// <summary>The watermark: no record of this time or before comes any more. <see cref="long.MinValue"/> before the first.</summary>
    public long WatermarkMs => _clock.WatermarkMs;

    /// <summary>The processing time as it was at the end of the last epoch, Unix milliseconds; <see cref="long.MinValue"/> before the first.</summary>
    public long ProcessingTimeMs => _clock.ProcessingTimeMs;

    /// <summary>Calls the function when the watermark reaches a time; a time that has passed, at the next watermark. Setting it again changes nothing.</summary>
    public void RegisterEventTimer(long timeMs) => _eventTimers.Register(Key, _keyGroup, timeMs);

    /// <summary>Takes an event-time timer of the key back, if it is set.</summary>
    public void DeleteEventTimer(long timeMs) => _eventTimers.Delete(Key, _keyGroup, timeMs);

    /// <summary>Calls the function at the first end of an epoch at which the processing time has reached a time. Setting it again changes nothing.</summary>
    public void RegisterProcessingTimer(long timeMs) => _processingTimers.Register(Key, _keyGroup, timeMs);

    /// <summary>Takes a processing-time timer of the key back, if it is set.</summary>
    public void DeleteProcessingTimer(long timeMs) => _processingTimers.Delete(Key, _keyGroup, timeMs);

    internal void Set(TKey key, int keyGroup, long timestampMs)
    {
        Key = key;
        _keyGroup = keyGroup;
        TimestampMs = timestampMs;
    }
}
