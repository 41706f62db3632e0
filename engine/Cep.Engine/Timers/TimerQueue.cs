using System.Runtime.CompilerServices;

namespace Cep.Engine.Timers;

/// <summary>Deadlines in event time, earliest first; those of one millisecond in the order they were added.</summary>
/// <typeparam name="T">What to do at the deadline; a struct keeps a timer free of allocation.</typeparam>
/// <remarks>
/// A binary heap: adding deadlines that only grow costs constant time, popping costs the logarithm of the count. A timer is not taken back: let its
/// payload say whether it still matters when it comes up. One thread only.
/// </remarks>
public sealed class TimerQueue<T>
{
    private const int InitialCapacity = 16;

    // Timers come and go by the epoch, some thousands at a time: room for those is kept.
    private const int KeptCapacity = 4096;

    private Timer[] _heap = new Timer[InitialCapacity];
    private long _added;

    /// <summary>The number of timers waiting.</summary>
    public int Count { get; private set; }

    /// <summary>Adds a timer.</summary>
    /// <param name="deadlineMs">Event time, Unix milliseconds; due when the watermark reaches it.</param>
    /// <param name="payload">Handed back at the deadline.</param>
    public void Add(long deadlineMs, in T payload)
    {
        if (Count == _heap.Length) Array.Resize(ref _heap, Count * 2);
        int hole = Count++;
        var timer = new Timer(deadlineMs, _added++, payload);
        while (hole > 0)
        {
            int parent = (hole - 1) / 2;
            if (!timer.IsBefore(_heap[parent])) break;
            _heap[hole] = _heap[parent];
            hole = parent;
        }

        _heap[hole] = timer;
    }

    /// <summary>The earliest deadline, if any timer waits.</summary>
    public bool TryPeek(out long deadlineMs)
    {
        deadlineMs = Count > 0 ? _heap[0].DeadlineMs : 0;
        return Count > 0;
    }

    /// <summary>Whether a timer's deadline is <paramref name="upToMs"/> or before.</summary>
    public bool IsDue(long upToMs) => Count > 0 && _heap[0].DeadlineMs <= upToMs;

    /// <summary>Takes the earliest timer whose deadline is <paramref name="upToMs"/> or before.</summary>
    /// <returns>False when no timer is due.</returns>
    public bool TryPop(long upToMs, out long deadlineMs, out T payload)
    {
        if (!IsDue(upToMs))
        {
            deadlineMs = 0;
            payload = default!;
            return false;
        }

        deadlineMs = _heap[0].DeadlineMs;
        payload = _heap[0].Payload;
        RemoveFirst();
        return true;
    }

    /// <summary>Drops the timers that no longer matter, in time that grows with the count; those that stay keep their order.</summary>
    /// <param name="matters">Whether a timer still matters, by its deadline and payload.</param>
    public void Sweep(Func<long, T, bool> matters)
    {
        var kept = 0;
        for (int i = 0; i < Count; i++)
        {
            if (matters(_heap[i].DeadlineMs, _heap[i].Payload)) _heap[kept++] = _heap[i];
        }

        Array.Clear(_heap, kept, Count - kept);
        Count = kept;
        for (int i = (kept >> 1) - 1; i >= 0; i--) SiftDown(i, _heap[i]);
        int capacity = Math.Max(KeptCapacity, 2 * kept);
        if (_heap.Length > 2 * capacity) Array.Resize(ref _heap, capacity);
    }

    private void RemoveFirst()
    {
        Timer last = _heap[--Count];
        if (RuntimeHelpers.IsReferenceOrContainsReferences<T>()) _heap[Count] = default;
        if (Count > 0) SiftDown(0, last);
        if (_heap.Length > KeptCapacity && Count < _heap.Length / 8) Array.Resize(ref _heap, _heap.Length / 2);
    }

    private void SiftDown(int hole, Timer timer)
    {
        while (true)
        {
            int child = 2 * hole + 1;
            if (child >= Count) break;
            if (child + 1 < Count && _heap[child + 1].IsBefore(_heap[child])) child++;
            if (!_heap[child].IsBefore(timer)) break;
            _heap[hole] = _heap[child];
            hole = child;
        }

        _heap[hole] = timer;
    }

    private readonly struct Timer(long deadlineMs, long added, T payload)
    {
        public readonly long DeadlineMs = deadlineMs;
        public readonly T Payload = payload;
        private readonly long _added = added;

        public bool IsBefore(in Timer other) => DeadlineMs < other.DeadlineMs || (DeadlineMs == other.DeadlineMs && _added < other._added);
    }
}
