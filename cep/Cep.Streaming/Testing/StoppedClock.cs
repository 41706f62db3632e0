using Cep.Rules.Testing;

namespace Cep.Streaming.Testing;

/// <summary>A clock that stands at the beginning of the test and wakes nobody: in a test, time is event time.</summary>
internal sealed class StoppedClock : TimeProvider
{
    private StoppedClock()
    {
    }

    public static StoppedClock Instance { get; } = new();

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => 0;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(RuleTest.OriginMs);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => new Silent();

    private sealed class Silent : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
