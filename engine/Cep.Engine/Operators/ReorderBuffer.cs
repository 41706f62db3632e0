using System.Runtime.CompilerServices;
using Cep.Engine.Streams;

namespace Cep.Engine.Operators;

/// <summary>Records waiting for the watermark, given back by event time, those of one millisecond by sequence.</summary>
/// <typeparam name="T">The type of the values.</typeparam>
/// <remarks>
/// A record not older than the last of the main run is appended to it, so a stream in order passes through a ring at the cost of a copy in and
/// out. Only a record out of order goes to a heap; taking merges the two. Room for more than some thousands is given back as the buffer drains.
/// One thread only.
/// </remarks>
public sealed class ReorderBuffer<T>
{
    private const int InitialCapacity = 64;

    // Records come and go by the epoch, some thousands at a time: room for those is kept, or every epoch would grow and shrink the arrays again.
    private const int KeptCapacity = 4096;

    private StreamRecord<T>[] _run = new StreamRecord<T>[InitialCapacity];
    private int _runHead;
    private int _runCount;
    private StreamRecord<T>[] _heap = new StreamRecord<T>[InitialCapacity];
    private int _heapCount;

    /// <summary>The number of records waiting.</summary>
    public int Count => _runCount + _heapCount;

    /// <summary>Adds a record, in any order.</summary>
    public void Add(in StreamRecord<T> record)
    {
        if (_runCount == 0 || !IsBefore(record, _run[(_runHead + _runCount - 1) & (_run.Length - 1)]))
        {
            if (_runCount == _run.Length) ResizeRun(_run.Length * 2);
            _run[(_runHead + _runCount) & (_run.Length - 1)] = record;
            _runCount++;
        }
        else
        {
            Push(record);
        }
    }

    /// <summary>The event time of the next record, if any waits.</summary>
    public bool TryPeek(out long timestampMs)
    {
        timestampMs = long.MaxValue;
        if (_runCount > 0) timestampMs = _run[_runHead].TimestampMs;
        if (_heapCount > 0) timestampMs = Math.Min(timestampMs, _heap[0].TimestampMs);
        return Count > 0;
    }

    /// <summary>Takes the next record if its event time is <paramref name="upToMs"/> or before.</summary>
    /// <returns>False when no record is that old.</returns>
    public bool TryPop(long upToMs, out StreamRecord<T> record)
    {
        bool fromHeap = _heapCount > 0 && (_runCount == 0 || IsBefore(_heap[0], _run[_runHead]));
        if (Count == 0 || (fromHeap ? _heap[0] : _run[_runHead]).TimestampMs > upToMs)
        {
            record = default;
            return false;
        }

        record = fromHeap ? PopHeap() : PopRun();
        return true;
    }

    private StreamRecord<T> PopRun()
    {
        ref StreamRecord<T> slot = ref _run[_runHead];
        StreamRecord<T> record = slot;
        if (RuntimeHelpers.IsReferenceOrContainsReferences<T>()) slot = default;
        _runHead = (_runHead + 1) & (_run.Length - 1);
        _runCount--;
        if (_run.Length > KeptCapacity && _runCount < _run.Length / 8) ResizeRun(_run.Length / 2);
        return record;
    }

    private void ResizeRun(int capacity)
    {
        var run = new StreamRecord<T>[capacity];
        int toEnd = Math.Min(_runCount, _run.Length - _runHead);
        Array.Copy(_run, _runHead, run, 0, toEnd);
        Array.Copy(_run, 0, run, toEnd, _runCount - toEnd);
        _run = run;
        _runHead = 0;
    }

    private void Push(in StreamRecord<T> record)
    {
        if (_heapCount == _heap.Length) Array.Resize(ref _heap, _heapCount * 2);
        int hole = _heapCount++;
        while (hole > 0)
        {
            int parent = (hole - 1) / 2;
            if (!IsBefore(record, _heap[parent])) break;
            _heap[hole] = _heap[parent];
            hole = parent;
        }

        _heap[hole] = record;
    }

    private StreamRecord<T> PopHeap()
    {
        StreamRecord<T> first = _heap[0];
        StreamRecord<T> last = _heap[--_heapCount];
        _heap[_heapCount] = default;
        int hole = 0;
        while (true)
        {
            int child = 2 * hole + 1;
            if (child >= _heapCount) break;
            if (child + 1 < _heapCount && IsBefore(_heap[child + 1], _heap[child])) child++;
            if (!IsBefore(_heap[child], last)) break;
            _heap[hole] = _heap[child];
            hole = child;
        }

        if (_heapCount > 0) _heap[hole] = last;
        if (_heap.Length > KeptCapacity && _heapCount < _heap.Length / 8) Array.Resize(ref _heap, _heap.Length / 2);
        return first;
    }

    private static bool IsBefore(in StreamRecord<T> left, in StreamRecord<T> right) =>
        left.TimestampMs < right.TimestampMs || (left.TimestampMs == right.TimestampMs && left.Sequence < right.Sequence);
}
