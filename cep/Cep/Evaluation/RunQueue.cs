namespace Cep.Evaluation;

/// <summary>Runs as a binary heap by their first event.</summary>
/// <remarks>
/// The order among runs with one first event is that of the heap's array, and it shows: it decides which of two matches that end with the same
/// event a skip strategy emits and which it drops. So the sift operations are the textbook ones (Cormen et al., "Introduction to Algorithms",
/// heaps), with ties left in place, as in Flink CEP's queue; no other heap will do.
/// </remarks>
internal sealed class RunQueue
{
    private const int Least = 4;

    private Run[] _items = [];
    private int _count;

    public int Count => _count;

    /// <summary>The runs in the heap's order: the first is the earliest.</summary>
    public ReadOnlySpan<Run> Items => _items.AsSpan(0, _count);

    public ref readonly Run Peek() => ref _items[0];

    public void Add(in Run run)
    {
        if (_count == _items.Length)
            Array.Resize(ref _items, Math.Max(Least, _count * 2));
        SiftUp(_count++, run);
    }

    /// <summary>Puts a run that began at the same place into that of the first.</summary>
    public void ReplaceFirst(in Run run) => _items[0] = run;

    public Run Poll()
    {
        var first = _items[0];
        var last = _items[--_count];
        _items[_count] = default;
        if (_count > 0)
            SiftDown(0, last);
        return first;
    }

    /// <summary>Drops the runs that began before the given event, and with <paramref name="inclusive"/> those that began with it.</summary>
    /// <param name="dropped">Takes what was dropped; null when nobody asks.</param>
    public void DropStartedUpTo(long timeMs, long sequence, bool inclusive, List<Run>? dropped)
    {
        var kept = 0;
        for (var i = 0; i < _count; i++)
        {
            var run = _items[i];
            var order = run.StartMs != timeMs ? run.StartMs.CompareTo(timeMs) : run.StartSequence.CompareTo(sequence);
            if (run.HasBegun && (inclusive ? order <= 0 : order < 0))
                dropped?.Add(run);
            else
                _items[kept++] = run;
        }
        if (kept < _count)
            Shorten(kept);
    }

    /// <summary>Drops the runs that began last; the run that waits for a first event stays.</summary>
    /// <param name="count">How many; at most as many as have begun.</param>
    public void DropNewest(int count)
    {
        var newest = new int[_count];
        var begun = 0;
        for (var i = 0; i < _count; i++)
        {
            if (_items[i].HasBegun)
                newest[begun++] = i;
        }
        // Of runs with one first event the later in the array counts as the newer.
        newest.AsSpan(0, begun).Sort((a, b) => Run.CompareStart(_items[b], _items[a]) is var order and not 0 ? order : b.CompareTo(a));
        var dropped = newest.AsSpan(0, count);
        dropped.Sort();
        var kept = 0;
        for (var (i, next) = (0, 0); i < _count; i++)
        {
            if (next < count && dropped[next] == i)
                next++;
            else
                _items[kept++] = _items[i];
        }
        Shorten(kept);
    }

    public void Clear()
    {
        Array.Clear(_items, 0, _count);
        _count = 0;
    }

    /// <summary>Moves the runs from a position of the array on to the end of a list; those before it stay a heap.</summary>
    public void CutFrom(int first, List<Run> cut)
    {
        cut.AddRange(Items[first..]);
        Array.Clear(_items, first, _count - first);
        _count = first;
    }

    /// <summary>Gives back room: keys are many and most hold few runs, so the array follows its content both ways.</summary>
    public void Trim()
    {
        if (_items.Length > 4 * Math.Max(Least, _count))
            Array.Resize(ref _items, Math.Max(Least, _count));
    }

    /// <summary>Cuts the array off, and makes what is left a heap again.</summary>
    private void Shorten(int count)
    {
        Array.Clear(_items, count, _count - count);
        _count = count;
        for (var i = (_count >>> 1) - 1; i >= 0; i--)
            SiftDown(i, _items[i]);
    }

    private void SiftUp(int at, in Run run)
    {
        while (at > 0)
        {
            var parent = (at - 1) >>> 1;
            if (Run.CompareStart(run, _items[parent]) >= 0)
                break;
            _items[at] = _items[parent];
            at = parent;
        }
        _items[at] = run;
    }

    private void SiftDown(int at, Run run)
    {
        var half = _count >>> 1;
        while (at < half)
        {
            var child = 2 * at + 1;
            if (child + 1 < _count && Run.CompareStart(_items[child], _items[child + 1]) > 0)
                child++;
            if (Run.CompareStart(run, _items[child]) <= 0)
                break;
            _items[at] = _items[child];
            at = child;
        }
        _items[at] = run;
    }
}
