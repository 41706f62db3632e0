namespace Cep.Engine.Timers;

/// <summary>The clock that a timer waits for.</summary>
public enum TimerDomain
{
    /// <summary>Due when the watermark reaches the time.</summary>
    EventTime,

    /// <summary>Due at the first epoch's end at which the processing time has reached the time.</summary>
    ProcessingTime,
}
