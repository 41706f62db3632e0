using Cep.Engine.Runtime;

namespace Cep.Engine.Connectors.EventLogs;

/// <summary>What many callers have for the disk, and its one writer takes: all that is there at once, so that one flush serves them all.</summary>
/// <remarks>Entries are copied when they get their place, in the order in which callers came. Who finds no room may wait, and then everyone after does.</remarks>
internal sealed class AppendQueue(int capacityBytes, long nextOffset, IScheduler scheduler)
{
    private readonly object _gate = new();
    private readonly Queue<AppendRequest> _waiting = [];
    private readonly Stack<AppendRequest> _free = [];
    private AppendGroup _filling = new();
    private AppendGroup _spare = new();
    private long _nextOffset = nextOffset;
    private long _writingBytes;
    private Exception? _refusal;
    private bool _isClosing;
    private bool _isWoken;

    /// <summary>The bytes that wait for the disk or are being written, without those that wait for room.</summary>
    public long Bytes
    {
        get
        {
            lock (_gate) return _filling.BodyBytes + _writingBytes;
        }
    }

    /// <summary>Why nothing is taken any more; null while it is.</summary>
    public Exception? Refusal
    {
        get
        {
            lock (_gate) return _refusal;
        }
    }

    /// <summary>Takes a batch that is no longer than the capacity.</summary>
    /// <param name="batch">Its entries.</param>
    /// <param name="waits">Whether it waits for room.</param>
    /// <returns>Who is answered when it is on the disk; null where there is no room and it does not wait.</returns>
    /// <exception cref="EventLogException">The log has failed.</exception>
    /// <exception cref="ObjectDisposedException">The log has been closed.</exception>
    public AppendRequest? Add(in AppendBatch batch, bool waits)
    {
        scheduler.Turn();
        lock (_gate)
        {
            if (_refusal is { } why) throw why is ObjectDisposedException ? why : new EventLogException(why.Message, why);
            bool fits = _waiting.Count == 0 && Fits(batch.Bytes);
            if (!fits && !waits) return null;
            AppendRequest request = _free.TryPop(out AppendRequest? used) ? used : new AppendRequest(this);
            request.Begin(batch);
            if (fits) Admit(request);
            else _waiting.Enqueue(request);
            return request;
        }
    }

    /// <summary>For the writer: waits for entries, or to be woken.</summary>
    /// <returns>All entries that are there, perhaps none; null when the queue is closed and empty.</returns>
    public AppendGroup? Take()
    {
        lock (_gate)
        {
            while (_filling.Count == 0 && !_isClosing && !_isWoken) scheduler.Wait(_gate);
            if (_filling.Count == 0 && _isClosing) return null;
            _isWoken = false;
            AppendGroup taken = _filling;
            _filling = _spare;
            _writingBytes = taken.BodyBytes;
            while (_waiting.TryPeek(out AppendRequest? next) && Fits(next.Bytes)) Admit(_waiting.Dequeue());
            return taken;
        }
    }

    /// <summary>For the writer: a group has been dealt with, and is filled again.</summary>
    public void Done(AppendGroup group)
    {
        group.Clear();
        lock (_gate) (_spare, _writingBytes) = (group, 0);
    }

    /// <summary>Has the writer look around although nothing is to be written.</summary>
    public void Wake()
    {
        scheduler.Turn();
        lock (_gate)
        {
            _isWoken = true;
            scheduler.PulseAll(_gate);
        }
    }

    /// <summary>Takes no more; what was taken is still written.</summary>
    public void Close(Exception refusal)
    {
        scheduler.Turn();
        lock (_gate)
        {
            _refusal ??= refusal;
            _isClosing = true;
            scheduler.PulseAll(_gate);
        }
    }

    /// <summary>The disk has failed: takes no more, and nothing of what was taken will be written.</summary>
    public void Fail(Exception failure)
    {
        AppendRequest[] left;
        lock (_gate)
        {
            _refusal ??= failure;
            left = [.. _filling.Requests, .. _waiting];
            _filling.Clear();
            _waiting.Clear();
            _writingBytes = 0;
        }

        foreach (AppendRequest request in left) request.Fail(failure);
    }

    internal void Return(AppendRequest request)
    {
        lock (_gate) _free.Push(request);
    }

    private bool Fits(long bytes) => _filling.BodyBytes + bytes <= capacityBytes;

    private void Admit(AppendRequest request)
    {
        request.FirstOffset = _nextOffset;
        _nextOffset += request.Count;
        _filling.Add(request);
        request.LetGo();
        if (_filling.Requests.Count == 1) scheduler.PulseAll(_gate);
    }
}
