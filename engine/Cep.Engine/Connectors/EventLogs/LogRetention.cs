namespace Cep.Engine.Connectors.EventLogs;

/// <summary>Deletes the oldest files of an event log when they are old enough or there are enough newer ones. For the writer's thread.</summary>
internal sealed class LogRetention(LogFolder folder, LogSegments segments, EventLogPins pins, EventLogOptions options)
{
    /// <summary>Deletes what may go. A file that cannot be deleted stays, with all after it, until the next time.</summary>
    public void Enforce(long nowMs)
    {
        int count = Deletable(segments.All, nowMs, options.RetainFor, options.RetainBytes, pins.Oldest);
        if (count == 0) return;
        try
        {
            for (; count > 0; count--)
            {
                folder.Delete(segments.All[0].FileName);
                segments.RemoveFirst();
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Nothing that was promised is broken by what is kept too long; the metrics show it.
        }
    }

    /// <summary>How many of the oldest segments may go.</summary>
    /// <param name="segments">Oldest first; the last is never among them.</param>
    /// <param name="nowMs">The time, Unix milliseconds.</param>
    /// <param name="retainFor">How long entries are kept; null for ever.</param>
    /// <param name="retainBytes">How many bytes are kept, at least; null for all.</param>
    /// <param name="neededFrom">The least offset that is still needed.</param>
    public static int Deletable(IReadOnlyList<LogSegment> segments, long nowMs, TimeSpan? retainFor, long? retainBytes, long neededFrom)
    {
        if (retainFor is null && retainBytes is null) return 0;
        int count = 0;
        long bytes = segments.Sum(segment => segment.Bytes);
        for (; count + 1 < segments.Count; count++)
        {
            LogSegment next = segments[count + 1];

            // Its entries are no newer than the first of the next segment.
            bool isOld = nowMs - next.FirstTimeMs >= retainFor?.TotalMilliseconds;
            bytes -= segments[count].Bytes;
            if (next.BaseOffset > neededFrom || !(isOld || bytes >= retainBytes)) break;
        }

        return count;
    }
}
