using Cep.Engine.Checkpoints;
using Cep.Engine.Connectors;
using Cep.Engine.Graph;
using Cep.Engine.Keys;
using Cep.Engine.Operators;
using Cep.Engine.Streams;

namespace Cep.Engine.Runtime;

/// <summary>Sources, the keyed operators that see their records, and the sinks that take what the operators emit.</summary>
/// <typeparam name="TIn">The type of the records.</typeparam>
/// <typeparam name="TOut">The type of the operators' main output.</typeparam>
/// <remarks>
/// <code>
/// source ─ split thread ─┐               ┌─ operator 'a', subtask 0 ─┐
/// source ─ split thread ─┼─ source merge ┼─ operator 'a', subtask 1 ─┼─ sink thread ─ sinks
/// source ─ split thread ─┘               └─ operator 'b', subtask 0 ─┘
/// </code>
/// Every box is one thread, every line a bounded channel of batches. Each operator sees every record its partitioner takes. Build it with the
/// methods below on one thread, then run it once.
/// </remarks>
public sealed class Job<TIn, TOut>
{
    private readonly JobRunner _runner;
    private readonly List<Source<TIn>> _sources = [];
    private readonly List<OperatorNode<TIn, TOut>> _operators = [];
    private readonly List<JobOutput> _outputs = [];

    /// <summary>A job without sources, operators or sinks.</summary>
    /// <param name="options">How it runs; null for the defaults.</param>
    public Job(JobOptions? options = null) => _runner = new JobRunner(options ?? new JobOptions());

    /// <summary>How far the job is; readable by any thread at any time.</summary>
    public JobProgress Progress => _runner.Progress;

    /// <summary>Adds an input.</summary>
    public Job<TIn, TOut> AddSource(Source<TIn> source)
    {
        ArgumentNullException.ThrowIfNull(source);
        _sources.Add(source);
        return this;
    }

    /// <summary>Adds a keyed operator.</summary>
    /// <param name="uid">Names it in messages, and its state in checkpoints; unique in the job.</param>
    /// <param name="partitioner">Which records it takes, and by which key; used by this job and operator alone.</param>
    /// <param name="create">Makes the operator of one subtask; called once for each, in order, on the thread that runs the job, and again for all when
    /// the job is restarted. What it throws, <see cref="Run"/> throws.</param>
    /// <exception cref="ArgumentException">The uid is taken, or is <c>sources</c> or begins with <c>sink/</c>.</exception>
    public Job<TIn, TOut> AddOperator(string uid, Partitioner<TIn> partitioner, Func<Operator<TIn, TOut>> create)
    {
        ArgumentException.ThrowIfNullOrEmpty(uid);
        if (uid == SourcesState.Uid || JobOutput.IsUid(uid) || _operators.Exists(op => op.Uid == uid))
            throw new ArgumentException($"The uid '{uid}' is taken.", nameof(uid));
        ArgumentNullException.ThrowIfNull(partitioner);
        ArgumentNullException.ThrowIfNull(create);
        _operators.Add(new OperatorNode<TIn, TOut>(uid, partitioner, create));
        return this;
    }

    /// <summary>Writes the operators' main output to a sink. Without this call it is dropped.</summary>
    /// <param name="sink">Where to.</param>
    /// <param name="gate">Stands before the sink; null to write all as it is.</param>
    /// <exception cref="InvalidOperationException">It is already written to one.</exception>
    public Job<TIn, TOut> WriteTo(Sink<TOut> sink, OutputGate<TOut>? gate = null) => Write(JobOutput.MainKey, "main", "The main output", sink, gate);

    /// <summary>Writes a side output of the operators to a sink. Without this call it is dropped.</summary>
    /// <param name="tag">The output.</param>
    /// <param name="sink">Where to.</param>
    /// <param name="gate">Stands before the sink; null to write all as it is.</param>
    /// <exception cref="InvalidOperationException">It is already written to one.</exception>
    public Job<TIn, TOut> WriteTo<T>(OutputTag<T> tag, Sink<T> sink, OutputGate<T>? gate = null)
    {
        ArgumentNullException.ThrowIfNull(tag);
        return Write(tag, tag.Name, $"Side output '{tag}'", sink, gate);
    }

    /// <summary>Writes late records to a sink, in input order. Without this call they are counted only.</summary>
    /// <exception cref="InvalidOperationException">They are already written to one.</exception>
    public Job<TIn, TOut> WriteLateTo(Sink<LateRecord<TIn>> sink) => Write(JobOutput.LateKey, "late", "The output of late records", sink);

    /// <summary>Writes malformed records to a sink, in input order. Without this call they are counted only.</summary>
    /// <exception cref="InvalidOperationException">They are already written to one.</exception>
    public Job<TIn, TOut> WriteMalformedTo(Sink<MalformedRecord> sink) => Write(JobOutput.MalformedKey, "malformed", "The output of malformed records", sink);

    /// <summary>Runs the job to the end of its input, and blocks the calling thread for so long.</summary>
    /// <param name="cancel">
    /// Stops the job cleanly: no more input is taken, what was taken is processed, what is due by the last watermark is written, and the result
    /// says so.
    /// </param>
    /// <exception cref="JobException">A source, an operator or a sink failed. Every thread has ended, but for one blocked reading a live
    /// source.</exception>
    /// <exception cref="InvalidOperationException">The job has no source, or has run before.</exception>
    public JobResult Run(CancellationToken cancel = default) => _runner.Run(Build, cancel);

    /// <summary>Takes a savepoint: everything the job remembers, in a folder that stands for itself. The stream does not stop for it.</summary>
    /// <param name="store">Where it goes; empty.</param>
    /// <returns>What it consists of, once it is complete.</returns>
    /// <exception cref="InvalidOperationException">The job takes no checkpoints, or is not running.</exception>
    public Task<Manifest> SavepointAsync(CheckpointStore store)
    {
        ArgumentNullException.ThrowIfNull(store);
        return _runner.Savepoint(store);
    }

    /// <summary>Changes what partitioners and operators do, for all of them at the same place of the input: at the barrier of a checkpoint, or where the job takes none
    /// at a watermark.</summary>
    /// <param name="change">Given to <see cref="Partitioner{T}.Apply"/> and <see cref="Operator{TIn,TOut}.Apply"/>.</param>
    /// <param name="properties">What checkpoints from this one on are to hold in <see cref="Manifest.Properties"/>; not used where none are taken.</param>
    /// <returns>
    /// The checkpoint of the barrier, once it is complete: from then on the change survives a failure. A failure before that undoes it. Null, once every operator has
    /// changed, where the job takes no checkpoints.
    /// </returns>
    /// <exception cref="InvalidOperationException">The job is not running, or it ended before the change was carried out.</exception>
    public Task<Manifest?> ChangeAsync(object change, IReadOnlyDictionary<string, string> properties)
    {
        ArgumentNullException.ThrowIfNull(change);
        ArgumentNullException.ThrowIfNull(properties);
        return _runner.Change(change, properties);
    }

    /// <summary><see cref="Run"/> on a thread of its own.</summary>
    /// <inheritdoc cref="Run"/>
    public Task<JobResult> RunAsync(CancellationToken cancel = default) =>
        Task.Factory.StartNew(() => Run(cancel), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private JobGraph Build()
    {
        var graph = new JobGraph();
        graph.Outputs.AddRange(_outputs);
        graph.Operators.AddRange(_operators);
        foreach (Source<TIn> source in _sources)
        {
            var node = new SourceNode<TIn>(source);
            graph.Sources.Add(node);
            foreach (OperatorNode<TIn, TOut> op in _operators) node.Records.Connect<TIn>(op.Input);
            if (Find(JobOutput.LateKey) is { } late) node.Late.Connect<LateRecord<TIn>>(late);
            if (Find(JobOutput.MalformedKey) is { } malformed) node.Malformed.Connect<MalformedRecord>(malformed);
        }

        foreach (JobOutput output in _outputs)
        {
            foreach (OperatorNode<TIn, TOut> op in _operators) output.ConnectTo(op);
        }

        return graph;
    }

    private JobOutput? Find(object key) => _outputs.Find(output => output.Key == key);

    private Job<TIn, TOut> Write<T>(object key, string name, string what, Sink<T> sink, OutputGate<T>? gate = null)
    {
        ArgumentNullException.ThrowIfNull(sink);
        if (_outputs.Exists(output => output.Key == key)) throw new InvalidOperationException($"{what} is already written to a sink.");
        _outputs.Add(new JobOutput<T>(key, name, sink, gate));
        return this;
    }
}
