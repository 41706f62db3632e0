namespace Cep.Streaming.Throttling;

/// <summary>How many alerts of a rule were not told. Counted by the sink thread; any thread may read.</summary>
internal sealed class ThrottleCounts
{
    private long _suppressed;
    private long _limited;

    public ThrottleCounts(long suppressed = 0, long limited = 0) => (_suppressed, _limited) = (suppressed, limited);

    public long Suppressed => Volatile.Read(ref _suppressed);

    public long Limited => Volatile.Read(ref _limited);

    public void Suppress() => Volatile.Write(ref _suppressed, _suppressed + 1);

    public void Limit() => Volatile.Write(ref _limited, _limited + 1);
}
