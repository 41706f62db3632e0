using Cep.Engine.Connectors;
using Cep.Engine.Graph;

namespace Cep.Engine.Runtime;

/// <summary>One output of a job and the sink it is written to. For the sink thread only, but for <see cref="StreamEnd.CreateRun"/> and <see cref="CreateRoot"/>.</summary>
/// <param name="key">Identifies the output: a tag, or one of the keys below.</param>
/// <param name="name">Names the output within the job, whatever sink it is written to.</param>
internal abstract class JobOutput(object key, string name) : StreamEnd
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

    /// <summary>An output of a producer that is written here as it is.</summary>
    public abstract StreamRoot CreateRoot();

    /// <summary>Has an operator's output of the same key written here.</summary>
    public abstract void ConnectTo(OperatorNode op);

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
internal sealed class JobOutput<T> : JobOutput
{
    private readonly Sink<T> _sink;
    private readonly TransactionalSink<T>? _transactional;
    private readonly RunMerge<T> _merge;

    /// <param name="key">See <see cref="JobOutput.Key"/>.</param>
    /// <param name="name">Names the output within the job.</param>
    /// <param name="sink">Where it is written.</param>
    /// <param name="gate">Stands before the sink; null where all is written as it is.</param>
    public JobOutput(object key, string name, Sink<T> sink, OutputGate<T>? gate = null)
        : base(key, name)
    {
        _sink = sink;
        _transactional = sink as TransactionalSink<T>;
        _merge = new RunMerge<T>(gate is null ? (in OutputRun<T>.Item item) => sink.Write(item.Value) : (in OutputRun<T>.Item item) =>
        {
            T value = item.Value;
            if (gate(ref value)) sink.Write(value);
        });
    }

    public override string SinkName => $"sink '{_sink.Name}'";

    public override bool IsInteractive => _sink.IsInteractive;

    public override bool IsTransactional => _transactional is not null;

    public override OutputRun CreateRun() => new OutputRun<T>();

    public override StreamRoot CreateRoot()
    {
        var root = new StreamRoot<T>(null, () => SinkName);
        root.Connect<T>(this);
        return root;
    }

    public override void ConnectTo(OperatorNode op)
    {
        if (Key != LateKey && Key != MalformedKey) op.Output<T>(Key, () => Uid).Connect<T>(this);
    }

    public override void Open() => _sink.Open();

    public override void Flush() => _sink.Flush();

    public override void Restore(ReadOnlySpan<byte> handle) => _transactional?.Restore(handle);

    public override byte[]? PreCommit(long checkpointId)
    {
        if (_transactional is not null) return _transactional.PreCommit(checkpointId);
        _sink.Flush();
        return null;
    }

    public override void Commit(long checkpointId) => _transactional?.Commit(checkpointId);

    public override void Close() => _sink.Close();

    public override bool WriteEpoch(ReadOnlySpan<EpochOutputs?> producers, int output) => _merge.Take(producers, output);
}
