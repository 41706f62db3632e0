using Cep.Engine.Keys;
using Cep.Engine.Streams;

namespace Cep.Engine.Runtime;

/// <summary>The way into the subtasks of one operator. For one thread only.</summary>
internal interface IExchange
{
    /// <summary>Changes how the records from here on are spread.</summary>
    void Apply(object change);

    /// <summary>Sends what is pending, then the end of an epoch, to every subtask.</summary>
    void EndEpoch(Control control);

    /// <summary>Sends what is pending, and that nothing follows, to every subtask.</summary>
    void EndInput();
}

/// <summary>Spreads records over the subtasks of one operator by key.</summary>
internal sealed class Exchange<T> : RecordTarget<T>, IExchange
{
    private readonly string _operatorName;
    private readonly Partitioner<T> _partitioner;
    private readonly Channel<Element<T>>[] _subtasks;
    private readonly Pool<Batch<T>> _pool;
    private readonly Batch<T>[] _pending;
    private readonly int[] _subtaskOfGroup = new int[KeyGroupAssignment.KeyGroups];
    private int _lanes;

    public Exchange(string operatorName, Partitioner<T> partitioner, Channel<Element<T>>[] subtasks, Pool<Batch<T>> pool, bool takesLate)
        : base(takesLate)
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

    public override void Take(T value, long timestampMs, long sequence)
    {
        for (int lane = 0; lane < _lanes; lane++)
        {
            if (!TryRoute(value, lane, out ulong hash)) continue;
            int keyGroup = KeyGroupAssignment.KeyGroupOf(hash);
            int subtask = _subtaskOfGroup[keyGroup];
            Batch<T> batch = _pending[subtask];
            batch.Add(new StreamRecord<T>(value, timestampMs, sequence, keyGroup, lane));
            if (batch.IsFull) Send(subtask);
        }
    }

    public void Apply(object change)
    {
        _partitioner.Apply(change);
        _lanes = _partitioner.Lanes;
    }

    public void EndEpoch(Control control) => Broadcast(Element<T>.EpochEnd(control));

    public void EndInput() => Broadcast(Element<T>.EndOfInput);

    private void Broadcast(Element<T> control)
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
