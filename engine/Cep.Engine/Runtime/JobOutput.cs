using Cep.Engine.Connectors;

namespace Cep.Engine.Runtime;

/// <summary>One output of a job and the sink it is written to. For the sink thread only, but for <see cref="CreateRun"/>.</summary>
/// <param name="key">Identifies the output: a tag, or one of the keys below.</param>
/// <param name="name">Names the output within the job, whatever sink it is written to.</param>
internal abstract class JobOutput(object key, string name)
{
    private const string UidPrefix = "sink/";

    public static readonly object MainKey = new();
    public static readonly object LateKey = new();
    public static readonly object MalformedKey = new();

    /// <summary>Identifies the output: a tag, or one of the keys above.</summary>
    public object Key { get; } = key;

    /// <summary>The uid under which the output's transactions lie in a checkpoint.</summary>
    public string Uid { get; } = UidPrefix + name;

    /// <summary>How messages name the sink.</summary>
    public abstract string SinkName { get; }

    public abstract bool IsInteractive { get; }

    /// <summary>Whether readers of the sink see a value once, whatever fails.</summary>
    public abstract bool IsTransactional { get; }

    /// <summary>Whether a uid is that of an output.</summary>
    public static bool IsUid(string uid) => uid.StartsWith(UidPrefix, StringComparison.Ordinal);

    public abstract OutputRun CreateRun();

    public abstract void Open();

    /// <summary>Writes one epoch's values of all producers in their total order.</summary>
    /// <param name="producers">The epoch of each producer, in the job's order; null where it emitted nothing at all.</param>
    /// <param name="output">This output's place among the job's outputs.</param>
    /// <returns>Whether anything was written.</returns>
    public abstract bool WriteEpoch(ReadOnlySpan<EpochOutputs?> producers, int output);

    public abstract void Flush();

    /// <summary>Begins where a checkpoint stands; with an empty handle, from nothing.</summary>
    public abstract void Restore(ReadOnlySpan<byte> handle);

    /// <returns>What the checkpoint keeps of the output; null for nothing.</returns>
    public abstract byte[]? PreCommit(long checkpointId);

    public abstract void Commit(long checkpointId);

    public abstract void Close();
}

/// <inheritdoc/>
internal sealed class JobOutput<T>(object key, string name, Sink<T> sink) : JobOutput(key, name)
{
    private readonly TransactionalSink<T>? _transactional = sink as TransactionalSink<T>;
    private readonly List<Cursor> _heap = [];

    public override string SinkName => $"sink '{sink.Name}'";

    public override bool IsInteractive => sink.IsInteractive;

    public override bool IsTransactional => _transactional is not null;

    public override OutputRun CreateRun() => new OutputRun<T>();

    public override void Open() => sink.Open();

    public override void Flush() => sink.Flush();

    public override void Restore(ReadOnlySpan<byte> handle) => _transactional?.Restore(handle);

    public override byte[]? PreCommit(long checkpointId)
    {
        if (_transactional is not null) return _transactional.PreCommit(checkpointId);
        sink.Flush();
        return null;
    }

    public override void Commit(long checkpointId) => _transactional?.Commit(checkpointId);

    public override void Close() => sink.Close();

    public override bool WriteEpoch(ReadOnlySpan<EpochOutputs?> producers, int output)
    {
        _heap.Clear();
        for (int i = 0; i < producers.Length; i++)
        {
            if (producers[i]?[output] is OutputRun<T> { Count: > 0 } run) _heap.Add(new Cursor(run, 0, i));
        }

        bool any = _heap.Count > 0;
        for (int i = _heap.Count / 2 - 1; i >= 0; i--) SiftDown(i);
        while (_heap.Count > 1) WriteFirst();
        if (_heap.Count == 1) WriteRest(_heap[0]);
        _heap.Clear();
        return any;
    }

    private void WriteFirst()
    {
        Cursor first = _heap[0];
        sink.Write(first.Item.Value);
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

    private void WriteRest(Cursor cursor)
    {
        foreach (ref readonly OutputRun<T>.Item item in cursor.Run.Items[cursor.At..]) sink.Write(item.Value);
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
