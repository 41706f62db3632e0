namespace Cep.Engine.Streams.Windows;

/// <summary>What a trigger makes of a record or timer.</summary>
[Flags]
public enum TriggerResult
{
    /// <summary>Nothing yet.</summary>
    Continue = 0,

    /// <summary>The window's result is emitted; the window stays.</summary>
    Fire = 1,

    /// <summary>What is in the window is removed.</summary>
    Purge = 2,

    /// <summary>The result is emitted, then what is in the window is removed.</summary>
    FireAndPurge = Fire | Purge,
}

/// <summary>The timers of one window of one key, for its trigger.</summary>
public abstract class WindowTimers
{
    /// <summary>The watermark.</summary>
    public abstract long WatermarkMs { get; }

    /// <summary>Calls <see cref="WindowTrigger.OnEventTime"/> when the watermark reaches a time.</summary>
    public abstract void RegisterEventTimer(long timeMs);

    /// <summary>Takes such a timer back.</summary>
    public abstract void DeleteEventTimer(long timeMs);
}

/// <summary>Says when a window's result is emitted. One instance serves all windows of a subtask, and remembers nothing itself.</summary>
public abstract class WindowTrigger
{
    /// <summary>Emits when the watermark has passed the window, and again at every record that comes later within the allowed lateness.</summary>
    public static WindowTrigger EventTime { get; } = new EventTimeTrigger();

    /// <summary>A record was added to a window.</summary>
    public abstract TriggerResult OnElement(TimeWindow window, long timestampMs, WindowTimers timers);

    /// <summary>A timer of the window is due; one that the trigger did not set may be among them.</summary>
    public abstract TriggerResult OnEventTime(TimeWindow window, long timeMs, WindowTimers timers);

    /// <summary>The window ends: takes back the timers that were set.</summary>
    public abstract void Clear(TimeWindow window, WindowTimers timers);

    private sealed class EventTimeTrigger : WindowTrigger
    {
        public override TriggerResult OnElement(TimeWindow window, long timestampMs, WindowTimers timers)
        {
            if (window.MaxTimestampMs <= timers.WatermarkMs) return TriggerResult.Fire;
            timers.RegisterEventTimer(window.MaxTimestampMs);
            return TriggerResult.Continue;
        }

        public override TriggerResult OnEventTime(TimeWindow window, long timeMs, WindowTimers timers) =>
            timeMs == window.MaxTimestampMs ? TriggerResult.Fire : TriggerResult.Continue;

        public override void Clear(TimeWindow window, WindowTimers timers) => timers.DeleteEventTimer(window.MaxTimestampMs);
    }
}
