namespace Cep.Streaming.Quarantine;

/// <summary>Tells the subtasks of a job that a rule has failed in one of them, and when in event time.</summary>
/// <remarks>
/// A subtask goes on with the rule up to the first watermark past the failure, and drops it there. How much of the rule it has done by then differs from run to
/// run, but nothing of that is seen: <see cref="QuarantineOrder"/> lets no output pass that comes after the failure. Safe for all threads.
/// </remarks>
internal sealed class RuleQuarantine
{
    private long _sinceMs = long.MaxValue;

    /// <summary>The rule has failed at this event time; the earliest counts.</summary>
    public void Begin(long timeMs)
    {
        for (var sinceMs = Volatile.Read(ref _sinceMs); timeMs < sinceMs;)
        {
            var seen = Interlocked.CompareExchange(ref _sinceMs, timeMs, sinceMs);
            if (seen == sinceMs)
                return;
            sinceMs = seen;
        }
    }

    /// <summary>When the rule failed, Unix milliseconds; <see cref="long.MaxValue"/> where it has not.</summary>
    public long SinceMs => Volatile.Read(ref _sinceMs);

    /// <summary>Whether nothing that the rule does after a watermark can matter any more.</summary>
    public bool HasBegunBy(long watermarkMs) => Volatile.Read(ref _sinceMs) <= watermarkMs;
}
