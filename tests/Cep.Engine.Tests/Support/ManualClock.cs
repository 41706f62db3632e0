namespace Cep.Engine.Tests.Support;

/// <summary>A clock that moves only when a test moves it; its timers fire on the thread that does.</summary>
internal sealed class ManualClock : TimeProvider
{
    private readonly object _gate = new();
    private readonly List<ManualTimer> _timers = [];
    private long _nowMs;

    public ManualClock(long startMs = 1_000_000) => _nowMs = startMs;

    public override long TimestampFrequency => 1000;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(Volatile.Read(ref _nowMs));

    public override long GetTimestamp() => Volatile.Read(ref _nowMs);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves the clock on without firing timers.</summary>
    public void Advance(long ms)
    {
        lock (_gate) _nowMs += ms;
    }

    /// <summary>Moves the clock to the moment of the next timer, if one is set, and fires it.</summary>
    public void AdvanceToNextTimer()
    {
        ManualTimer? next;
        lock (_gate)
        {
            next = _timers.Where(timer => timer.IsArmed).MinBy(timer => timer.DueMs);
            if (next is null) return;
            _nowMs = Math.Max(_nowMs, next.DueMs);
            next.Disarm();
        }

        next.Fire();
    }

    private sealed class ManualTimer(ManualClock clock, Action fire) : ITimer
    {
        public bool IsArmed { get; private set; }

        public long DueMs { get; private set; }

        public void Disarm() => IsArmed = false;

        public void Fire() => fire();

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._gate)
            {
                if (!clock._timers.Contains(this)) clock._timers.Add(this);
                IsArmed = dueTime != Timeout.InfiniteTimeSpan;
                if (IsArmed) DueMs = clock._nowMs + (long)dueTime.TotalMilliseconds;
            }

            return true;
        }

        public void Dispose()
        {
            lock (clock._gate) clock._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
