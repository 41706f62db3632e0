using System.Numerics;
using System.Runtime.CompilerServices;
using Cep.Engine.Streams;

namespace Cep.Engine.Operators;

/// <summary>Records waiting for the watermark, given back by event time, those of one millisecond by sequence.</summary>
/// <typeparam name="T">The type of the values.</typeparam>
/// <remarks>
/// A record not older than the last of the main run is appended to it, so a stream in order passes through a ring in stretches, at the cost of a copy. Only
/// a record out of order goes to a heap; taking merges the two. Room for more than some thousands is given back as the buffer drains. One thread only.
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

    // What was taken last is let go when the buffer is used again.
    private int _taken;
    private readonly StreamRecord<T>[] _takenFromHeap = new StreamRecord<T>[1];

    /// <summary>The number of records waiting.</summary>
    public int Count => _runCount - _taken + _heapCount;

    /// <summary>Adds a record, in any order.</summary>
    public void Add(in StreamRecord<T> record) => Add(new ReadOnlySpan<StreamRecord<T>>(in record));

    /// <summary>Adds records, in any order.</summary>
    public void Add(ReadOnlySpan<StreamRecord<T>> records)
    {
        LetGo();
        while (!records.IsEmpty)
        {
            int inOrder = CountInOrder(records);
            Append(records[..inOrder]);
            records = records[inOrder..];
            if (records.IsEmpty) break;
            Push(records[0]);
            records = records[1..];
        }
    }

    /// <summary>The event time of the next record, if any waits.</summary>
    public bool TryPeek(out long timestampMs)
    {
        LetGo();
        timestampMs = long.MaxValue;
        if (_runCount > 0) timestampMs = _run[_runHead].TimestampMs;
        if (_heapCount > 0) timestampMs = Math.Min(timestampMs, _heap[0].TimestampMs);
        return Count > 0;
    }

    /// <summary>A copy of the records waiting, in no particular order.</summary>
    public StreamRecord<T>[] ToArray()
    {
        LetGo();
        var records = new StreamRecord<T>[Count];
        int toEnd = Math.Min(_runCount, _run.Length - _runHead);
        _run.AsSpan(_runHead, toEnd).CopyTo(records);
        _run.AsSpan(0, _runCount - toEnd).CopyTo(records.AsSpan(toEnd));
        _heap.AsSpan(0, _heapCount).CopyTo(records.AsSpan(_runCount));
        return records;
    }

    /// <summary>Takes the next records that lie together in memory and whose event time is <paramref name="upToMs"/> or before: call it until it is false.</summary>
    /// <param name="upToMs">The watermark, Unix milliseconds.</param>
    /// <param name="records">At least one, in order; valid until the next call to this buffer.</param>
    /// <returns>False when no record is that old.</returns>
    public bool TryTake(long upToMs, out ReadOnlySpan<StreamRecord<T>> records)
    {
        LetGo();
        if (_heapCount > 0 && (_runCount == 0 || IsBefore(_heap[0], _run[_runHead])))
        {
            bool isDue = _heap[0].TimestampMs <= upToMs;
            if (isDue) _takenFromHeap[0] = PopHeap();
            records = isDue ? _takenFromHeap : default;
            return isDue;
        }

        _taken = CountDue(upToMs);
        records = _run.AsSpan(_runHead, _taken);
        return _taken > 0;
    }

    /// <summary>How many records of the run come next, before its end in memory and before any of the heap; one record in several lanes may lie in both.</summary>
    private int CountDue(long upToMs)
    {
        ReadOnlySpan<StreamRecord<T>> run = _run.AsSpan(_runHead, Math.Min(_runCount, _run.Length - _runHead));
        int count = 0;
        while (count < run.Length && run[count].TimestampMs <= upToMs && (_heapCount == 0 || !IsBefore(_heap[0], run[count]))) count++;
        return count;
    }

    private void LetGo()
    {
        _takenFromHeap[0] = default;
        if (_taken == 0) return;
        if (RuntimeHelpers.IsReferenceOrContainsReferences<T>()) Array.Clear(_run, _runHead, _taken);
        _runHead = (_runHead + _taken) & (_run.Length - 1);
        _runCount -= _taken;
        _taken = 0;
        if (_run.Length > KeptCapacity && _runCount < _run.Length / 8) ResizeRun(Math.Max(KeptCapacity, (int)BitOperations.RoundUpToPowerOf2((uint)_runCount * 2)));
    }

    /// <summary>How many of the records continue the run.</summary>
    private int CountInOrder(ReadOnlySpan<StreamRecord<T>> records)
    {
        if (_runCount > 0 && IsBefore(records[0], _run[(_runHead + _runCount - 1) & (_run.Length - 1)])) return 0;
        int count = 1;
        while (count < records.Length && !IsBefore(records[count], records[count - 1])) count++;
        return count;
    }

    private void Append(ReadOnlySpan<StreamRecord<T>> records)
    {
        if (_runCount + records.Length > _run.Length) ResizeRun((int)BitOperations.RoundUpToPowerOf2((uint)(_runCount + records.Length)));
        int tail = (_runHead + _runCount) & (_run.Length - 1);
        int toEnd = Math.Min(records.Length, _run.Length - tail);
        records[..toEnd].CopyTo(_run.AsSpan(tail));
        records[toEnd..].CopyTo(_run);
        _runCount += records.Length;
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
