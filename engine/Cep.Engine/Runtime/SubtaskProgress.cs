using Cep.Engine.Time;

namespace Cep.Engine.Runtime;

/// <summary>What a subtask spends its time with.</summary>
internal enum SubtaskState
{
    /// <summary>Waiting for input; also before it begins and after it has ended.</summary>
    Idle,

    /// <summary>Working.</summary>
    Busy,

    /// <summary>Waiting because those that take its output are epochs behind.</summary>
    Backpressured,
}

/// <summary>How long a subtask was in each state, in the clock's timestamps.</summary>
internal readonly record struct SubtaskTimes(long Idle, long Busy, long Backpressured)
{
    public static SubtaskTimes operator -(SubtaskTimes a, SubtaskTimes b) => new(a.Idle - b.Idle, a.Busy - b.Busy, a.Backpressured - b.Backpressured);
}

/// <summary>What one subtask has done since the job was started, over all its restarts. Written by the subtask's thread, by the batch and not by the record; readable by any.</summary>
/// <param name="uid">The operator's uid.</param>
/// <param name="subtask">The subtask's number.</param>
/// <param name="barriers">Told when a barrier comes.</param>
/// <param name="timeProvider">The clock.</param>
internal sealed class SubtaskProgress(string uid, int subtask, BarrierTimes barriers, TimeProvider timeProvider)
{
    private readonly object _gate = new();
    private SubtaskState _state;
    private long _since = timeProvider.GetTimestamp();
    private SubtaskTimes _times;
    private long _recordsIn;
    private long _recordsOut;
    private long _timers;
    private long _watermarkMs = Watermark.None;

    public string Uid => uid;

    public int Subtask => subtask;

    /// <summary>Records given to the operator.</summary>
    public long RecordsIn => Volatile.Read(ref _recordsIn);

    /// <summary>Values handed on to other operators and to sinks.</summary>
    public long RecordsOut => Volatile.Read(ref _recordsOut);

    /// <summary>Timers that are set, as of the last end of an epoch.</summary>
    public long Timers => Volatile.Read(ref _timers);

    /// <summary>The watermark the operator was told last, Unix milliseconds, or a value of <see cref="Watermark"/>.</summary>
    public long WatermarkMs => Volatile.Read(ref _watermarkMs);

    /// <summary>How long it was in each state until now.</summary>
    public SubtaskTimes Times
    {
        get
        {
            lock (_gate) return TimesUntil(timeProvider.GetTimestamp());
        }
    }

    public void Took(int records) => Volatile.Write(ref _recordsIn, _recordsIn + records);

    public void HandedOn(int records) => Volatile.Write(ref _recordsOut, _recordsOut + records);

    public void EndedEpoch(long watermarkMs, long timers)
    {
        Volatile.Write(ref _watermarkMs, watermarkMs);
        Volatile.Write(ref _timers, timers);
    }

    public void ReachedBarrier(long checkpointId) => barriers.Reached(checkpointId, timeProvider.GetTimestamp());

    /// <summary>Goes to a state. The lock is that of a reader of <see cref="Times"/>: once for each wait, it is free.</summary>
    public void Enter(SubtaskState state)
    {
        lock (_gate)
        {
            long now = timeProvider.GetTimestamp();
            _times = TimesUntil(now);
            (_state, _since) = (state, now);
        }
    }

    private SubtaskTimes TimesUntil(long now)
    {
        long elapsed = now - _since;
        return _state switch
        {
            SubtaskState.Idle => _times with { Idle = _times.Idle + elapsed },
            SubtaskState.Busy => _times with { Busy = _times.Busy + elapsed },
            _ => _times with { Backpressured = _times.Backpressured + elapsed },
        };
    }
}
