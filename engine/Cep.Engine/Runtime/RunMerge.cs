namespace Cep.Engine.Runtime;

/// <summary>Brings what several producers emitted in an epoch into one order: time, order, rank, producer, emission. For one thread.</summary>
/// <param name="take">Is given the values one by one.</param>
internal sealed class RunMerge<T>(RunMerge<T>.Taker take)
{
    private readonly List<Cursor> _heap = [];

    internal delegate void Taker(in OutputRun<T>.Item item);

    /// <summary>Takes one epoch.</summary>
    /// <param name="producers">The epoch of each producer, sorted, in the job's order; null where it emitted nothing at all.</param>
    /// <param name="run">The place of the run among those of each producer.</param>
    /// <returns>Whether there was anything.</returns>
    public bool Take(ReadOnlySpan<EpochOutputs?> producers, int run)
    {
        _heap.Clear();
        for (int i = 0; i < producers.Length; i++)
        {
            if (producers[i]?[run] is OutputRun<T> { Count: > 0 } values) _heap.Add(new Cursor(values, 0, i));
        }

        bool any = _heap.Count > 0;
        for (int i = _heap.Count / 2 - 1; i >= 0; i--) SiftDown(i);
        while (_heap.Count > 1) TakeFirst();
        if (_heap.Count == 1) TakeRest(_heap[0]);
        _heap.Clear();
        return any;
    }

    private void TakeFirst()
    {
        Cursor first = _heap[0];
        take(first.Item);
        if (first.At + 1 < first.Run.Count)
        {
            _heap[0] = first with { At = first.At + 1 };
        }
        else
        {
            _heap[0] = _heap[^1];
            _heap.RemoveAt(_heap.Count - 1);
        }

        SiftDown(0);
    }

    private void TakeRest(Cursor cursor)
    {
        foreach (ref readonly OutputRun<T>.Item item in cursor.Run.Items[cursor.At..]) take(item);
    }

    private void SiftDown(int hole)
    {
        while (true)
        {
            int child = 2 * hole + 1;
            if (child >= _heap.Count) return;
            if (child + 1 < _heap.Count && _heap[child + 1].IsBefore(_heap[child])) child++;
            if (!_heap[child].IsBefore(_heap[hole])) return;
            (_heap[hole], _heap[child]) = (_heap[child], _heap[hole]);
            hole = child;
        }
    }

    /// <summary>The next value of one producer's run.</summary>
    private readonly record struct Cursor(OutputRun<T> Run, int At, int Producer)
    {
        public ref readonly OutputRun<T>.Item Item => ref Run.Items[At];

        public bool IsBefore(in Cursor other)
        {
            int order = Item.ComparePlace(other.Item);
            return order != 0 ? order < 0 : Producer < other.Producer;
        }
    }
}
