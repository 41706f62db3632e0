using Cep.Engine.Keys;
using Cep.Engine.Streams;
using Cep.Engine.Time;

namespace Cep.Engine.Runtime;

/// <summary>Spreads records over the subtasks of one operator by key. For the merging thread only.</summary>
internal sealed class Exchange<T>
{
    private readonly string _operatorName;
    private readonly Partitioner<T> _partitioner;
    private readonly Channel<Element<T>>[] _subtasks;
    private readonly Pool<Batch<T>> _pool;
    private readonly Batch<T>[] _pending;
    private readonly int[] _subtaskOfGroup = new int[KeyGroupAssignment.KeyGroups];
    private int _lanes;

    public Exchange(string operatorName, Partitioner<T> partitioner, Channel<Element<T>>[] subtasks, Pool<Batch<T>> pool)
    {
        _operatorName = operatorName;
        _partitioner = partitioner;
        _subtasks = subtasks;
        _pool = pool;
        _lanes = partitioner.Lanes;
        _pending = Array.ConvertAll(subtasks, _ => pool.Rent());
        for (int group = 0; group < _subtaskOfGroup.Length; group++)
            _subtaskOfGroup[group] = KeyGroupAssignment.SubtaskOf(group, subtasks.Length);
    }

    /// <summary>Routes the records of a batch.</summary>
    /// <param name="records">As read from the split.</param>
    /// <param name="baseSequence">The sequence of the batch's position 0.</param>
    /// <param name="watermarkMs">The merged watermark: a record not after it is left out, as late, unless <paramref name="lift"/>.</param>
    /// <param name="lift">Stamp such a record just after the watermark instead.</param>
    public void Route(ReadOnlySpan<SplitBatch<T>.Entry> records, long baseSequence, long watermarkMs, bool lift)
    {
        foreach (ref readonly SplitBatch<T>.Entry record in records)
        {
            long timestampMs = record.TimestampMs;
            if (Watermark.IsLate(timestampMs, watermarkMs))
            {
                if (!lift) continue;
                timestampMs = watermarkMs + 1;
            }

            for (int lane = 0; lane < _lanes; lane++)
            {
                if (!TryRoute(record.Value, lane, out ulong hash)) continue;
                int keyGroup = KeyGroupAssignment.KeyGroupOf(hash);
                int subtask = _subtaskOfGroup[keyGroup];
                Batch<T> batch = _pending[subtask];
                batch.Add(new StreamRecord<T>(record.Value, timestampMs, baseSequence + record.Position, keyGroup, lane));
                if (batch.IsFull) Send(subtask);
            }
        }
    }

    /// <summary>Changes how the records from here on are spread.</summary>
    public void Apply(object change)
    {
        _partitioner.Apply(change);
        _lanes = _partitioner.Lanes;
    }

    /// <summary>Sends what is pending, then the control element, to every subtask.</summary>
    public void Broadcast(Element<T> control)
    {
        for (int subtask = 0; subtask < _subtasks.Length; subtask++)
        {
            if (_pending[subtask].Count > 0) Send(subtask);
            _subtasks[subtask].Put(control);
        }
    }

    private void Send(int subtask)
    {
        Batch<T> full = _pending[subtask];
        _pending[subtask] = _pool.Rent();
        _subtasks[subtask].Put(Element<T>.Data(full));
    }

    private bool TryRoute(T value, int lane, out ulong hash)
    {
        try
        {
            return _partitioner.TryRoute(value, lane, out hash);
        }
        catch (Exception problem)
        {
            throw new JobException($"partitioner of operator '{_operatorName}'", problem);
        }
    }
}
