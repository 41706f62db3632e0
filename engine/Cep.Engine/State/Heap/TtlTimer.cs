using System.Diagnostics;

namespace Cep.Engine.State.Heap;

/// <summary>Judges whether an entry has lived too long.</summary>
internal sealed class TtlTimer(TimeToLive timeToLive)
{
    /// <summary>An entry that was touched at no known time: before the clock first told one, or under another clock.</summary>
    public const long Unknown = long.MinValue;

    private const string EventTimePrefix = "ttl-event|";
    private const string ProcessingTimePrefix = "ttl-processing|";

    public bool RefreshesOnRead { get; } = timeToLive.Refresh == TtlRefresh.OnReadAndWrite;

    /// <summary>Stands before the schema of a value that has its time before it.</summary>
    public string SchemaPrefix { get; } = timeToLive.Clock == TtlClock.EventTime ? EventTimePrefix : ProcessingTimePrefix;

    /// <summary>Takes the prefix from a schema.</summary>
    /// <param name="schema">Of a value; without the prefix afterwards.</param>
    /// <returns>The prefix; empty when values are without time.</returns>
    public static string TakePrefix(ref string schema)
    {
        string start = schema;
        string prefix = new[] { EventTimePrefix, ProcessingTimePrefix }.FirstOrDefault(p => start.StartsWith(p, StringComparison.Ordinal)) ?? "";
        schema = schema[prefix.Length..];
        return prefix;
    }

    public bool IsOver<TKey>(long touchedMs, HeapKeyedStateBackend<TKey> clock)
        where TKey : notnull => IsOver(touchedMs, clock.WatermarkMs, clock.ProcessingTimeMs);

    /// <summary>Whether an entry is too old at some time: now, or when a snapshot was begun.</summary>
    public bool IsOver(long touchedMs, long watermarkMs, long processingTimeMs)
    {
        long nowMs = NowMs(watermarkMs, processingTimeMs);
        return touchedMs != Unknown && nowMs != Unknown && touchedMs <= nowMs && unchecked((ulong)(nowMs - touchedMs) >= (ulong)timeToLive.DurationMs);
    }

    /// <summary>The time of an entry that is touched now.</summary>
    public long Touched<TKey>(long touchedMs, HeapKeyedStateBackend<TKey> clock)
        where TKey : notnull
    {
        long nowMs = NowMs(clock.WatermarkMs, clock.ProcessingTimeMs);
        if (timeToLive.Clock == TtlClock.EventTime) nowMs = Math.Max(nowMs, clock.TimestampMs);
        return Math.Max(touchedMs, nowMs);
    }

    private long NowMs(long watermarkMs, long processingTimeMs) => timeToLive.Clock switch
    {
        TtlClock.EventTime => watermarkMs,
        TtlClock.ProcessingTime => processingTimeMs,
        _ => throw new UnreachableException(),
    };
}
