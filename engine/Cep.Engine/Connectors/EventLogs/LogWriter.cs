using Cep.Engine.Checkpoints;
using Microsoft.Win32.SafeHandles;

namespace Cep.Engine.Connectors.EventLogs;

/// <summary>The thread that writes an event log: takes all that is queued, writes it, forces it to the disk, and then answers the callers.</summary>
/// <remarks>
/// After an error of a write or a flush nobody knows what is on the disk, and a second flush that succeeds says nothing of the first. So any error ends the thread, and opening the log again finds out.
/// </remarks>
internal sealed class LogWriter(LogFolder folder, LogSegments segments, AppendQueue queue, LogRetention retention, EventLogOptions options, EventLogMetrics metrics)
{
    private readonly TimeProvider _timeProvider = options.TimeProvider;
    private SafeFileHandle _file = null!;
    private long _lastTimeMs;

    /// <summary>The thread's work, until the queue is closed and empty.</summary>
    /// <param name="name">The log's name.</param>
    /// <param name="recovered">What it goes on from.</param>
    public void Run(string name, LogRecovery recovered)
    {
        _file = recovered.Active;
        _lastTimeMs = recovered.LastTimeMs ?? 0;
        AppendGroup? group = null;
        try
        {
            while ((group = queue.Take()) is not null)
            {
                if (group.Count > 0) Write(group);
                queue.Done(group);
                group = null;
                retention.Enforce(_timeProvider.GetUtcNow().ToUnixTimeMilliseconds());
            }
        }
        catch (Exception problem)
        {
            Fail(name, problem, group);
        }
        finally
        {
            _file.Dispose();
        }
    }

    private void Write(AppendGroup group)
    {
        _lastTimeMs = Math.Max(_lastTimeMs, _timeProvider.GetUtcNow().ToUnixTimeMilliseconds());
        if (MustRoll(group)) Roll();
        LogSegment active = segments.Active;
        ReadOnlySpan<byte> bytes = group.Seal(active.Salt, segments.NextOffset, _lastTimeMs);
        folder.Write(_file, bytes, active.Bytes);
        long started = _timeProvider.GetTimestamp();
        folder.Flush(_file);
        metrics.Written(group.Count, bytes.Length, _timeProvider.GetElapsedTime(started));
        segments.Commit(group.Count, bytes.Length, _lastTimeMs);
        foreach (AppendRequest request in group.Requests) request.Succeed();
    }

    private bool MustRoll(AppendGroup group)
    {
        LogSegment active = segments.Active;
        if (active.IsEmpty) return false;
        bool isFull = active.Bytes + EventLogFormat.GroupHeaderBytes + group.BodyBytes > options.SegmentBytes;
        return isFull || (options.SegmentAge is { } age && _lastTimeMs - active.FirstTimeMs >= age.TotalMilliseconds);
    }

    private void Roll()
    {
        SafeFileHandle next = LogRecovery.Create(folder, segments.NextOffset, options.NewSalt(), out LogSegment segment);
        _file.Dispose();
        _file = next;
        segments.Add(segment);
    }

    private void Fail(string name, Exception problem, AppendGroup? group)
    {
        var failure = new EventLogException($"The event log '{name}' takes no more entries until it is opened again. {StoreFailure.Sentence($"The folder {folder.Path} cannot be written", problem)}", problem);
        queue.Fail(failure);
        segments.Close(failure);
        foreach (AppendRequest request in group?.Requests ?? []) request.Fail(failure);
    }
}
