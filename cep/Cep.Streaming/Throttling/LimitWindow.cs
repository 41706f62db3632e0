using Cep.Rules;

namespace Cep.Streaming.Throttling;

/// <summary>When the last alerts of a rule were told, and how many were not since. For one thread; times never go back.</summary>
internal sealed class LimitWindow(AlertLimit limit)
{
    private readonly Queue<long> _told = new();

    /// <summary>How many alerts were not told since the last that was.</summary>
    public long Limited { get; private set; }

    /// <summary>When those alerts were told that still count, Unix milliseconds; at most <see cref="AlertLimit.Count"/>.</summary>
    public IReadOnlyCollection<long> Told => _told;

    /// <summary>Whether no more alert may be told; then this one is counted.</summary>
    public bool TryLimit(long timeMs)
    {
        while (_told.TryPeek(out var firstMs) && (firstMs > long.MaxValue - limit.PerMs ? long.MaxValue : firstMs + limit.PerMs) <= timeMs)
            _told.Dequeue();
        if (_told.Count < limit.Count)
            return false;
        Limited++;
        return true;
    }

    /// <summary>Notes an alert that is told.</summary>
    /// <returns>How many were not told since the last that was.</returns>
    public long Tell(long timeMs)
    {
        _told.Enqueue(timeMs);
        var limited = Limited;
        Limited = 0;
        return limited;
    }

    /// <summary>Goes on from what another remembered.</summary>
    public void GoOnFrom(long limited, IEnumerable<long> told)
    {
        Limited = limited;
        foreach (var timeMs in told)
            _told.Enqueue(timeMs);
    }
}
