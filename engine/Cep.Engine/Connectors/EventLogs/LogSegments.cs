using Cep.Engine.Runtime;

namespace Cep.Engine.Connectors.EventLogs;

/// <summary>The files of an event log and how far they are on the disk: what its writer tells, and its readers wait for.</summary>
/// <remarks>Readers see nothing that a power cut could take back.</remarks>
internal sealed class LogSegments(string logName, IScheduler scheduler, IReadOnlyList<LogSegment> segments, long nextOffset)
{
    private readonly object _gate = new();
    private volatile LogSegment[] _all = [.. segments];
    private long _nextOffset = nextOffset;
    private Exception? _closed;

    /// <summary>Oldest first; at least one, the last of them the one that is written.</summary>
    public IReadOnlyList<LogSegment> All => _all;

    public LogSegment Active => _all[^1];

    public long FirstOffset => _all[0].BaseOffset;

    /// <summary>The offset after the newest entry that is on the disk.</summary>
    public long NextOffset => Volatile.Read(ref _nextOffset);

    public void Add(LogSegment segment) => _all = [.. _all, segment];

    public void RemoveFirst() => _all = _all[1..];

    /// <summary>A group is on the disk.</summary>
    /// <param name="entries">How many it has.</param>
    /// <param name="bytes">How long it is.</param>
    /// <param name="timeMs">When it was written.</param>
    public void Commit(int entries, int bytes, long timeMs)
    {
        Active.Grow(bytes, timeMs);
        scheduler.Turn();
        lock (_gate)
        {
            Volatile.Write(ref _nextOffset, _nextOffset + entries);
            scheduler.PulseAll(_gate);
        }
    }

    /// <summary>Nothing more will come; who waits is told why.</summary>
    public void Close(Exception why)
    {
        lock (_gate)
        {
            _closed ??= why;
            scheduler.PulseAll(_gate);
        }
    }

    /// <summary>Waits until there is an entry at an offset.</summary>
    /// <exception cref="OperationCanceledException">The reader is to stop.</exception>
    /// <exception cref="EventLogException">The log has been closed, or has failed.</exception>
    public void WaitFor(long offset, CancellationToken stop)
    {
        using CancellationTokenRegistration wake = stop.Register(() =>
        {
            lock (_gate) scheduler.PulseAll(_gate);
        });
        lock (_gate)
        {
            while (_nextOffset <= offset)
            {
                stop.ThrowIfCancellationRequested();
                if (_closed is { } why) throw new EventLogException(why.Message, why);
                scheduler.Wait(_gate);
            }
        }
    }

    /// <summary>The segment that has an entry, or will have it.</summary>
    /// <exception cref="EventLogPositionException">It was deleted, or is not there to be read next.</exception>
    public LogSegment Find(long offset)
    {
        LogSegment[] all = _all;
        long next = NextOffset;
        if (offset < all[0].BaseOffset || offset > next) throw EventLogPositionException.Of(logName, offset, all[0].BaseOffset, next);
        int i = all.Length - 1;
        while (all[i].BaseOffset > offset) i--;
        return all[i];
    }

    /// <summary>The segment after one; null when that is the one being written.</summary>
    public LogSegment? After(LogSegment segment) => Array.Find(_all, other => other.BaseOffset > segment.BaseOffset);
}
