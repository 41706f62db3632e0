using Cep.Engine.Checkpoints;
using Cep.Engine.Connectors;
using Cep.Engine.Graph;
using Cep.Engine.Runtime;

namespace Cep.Engine.Streams;

/// <summary>Where a job is put together from streams, and run.</summary>
/// <remarks>
/// <code>
/// var environment = new StreamEnvironment(new JobOptions { Parallelism = 4 });
/// environment.From(source).Filter(e => e.IsPaid).KeyBy(e => e.Card).Process(() => new Sums()).Uid("sums").To(sink);
/// environment.Run();
/// </code>
/// Stateless functions run on the thread that their values come from; each operator on its subtasks' threads; all sinks on one thread. The same input gives the same
/// output at any parallelism, as <see cref="Operators.Output{T}"/> says. Build it on one thread, then run it once.
/// </remarks>
public sealed class StreamEnvironment
{
    private readonly JobRunner _runner;
    private readonly JobGraph _graph = new();
    private readonly List<PendingSink> _sinks = [];
    private readonly HashSet<string> _uids = [];

    /// <summary>A job without sources.</summary>
    /// <param name="options">How it runs; null for the defaults.</param>
    public StreamEnvironment(JobOptions? options = null) => _runner = new JobRunner(Options = options ?? new JobOptions());

    /// <summary>How the job runs.</summary>
    public JobOptions Options { get; }

    /// <summary>How far the job is; readable by any thread at any time.</summary>
    public JobProgress Progress => _runner.Progress;

    /// <summary>What may go wrong with the job as it is now, whole sentences: operators whose state a changed program would not find, as they were given no uid.</summary>
    public IReadOnlyList<string> Warnings =>
    [
        .. _graph.Operators.Where(op => !op.IsUidGiven).Select(op =>
            $"The operator '{op.Uid}' has its uid from its place in the program. Give it one with Uid(\"…\"), or a changed program may not find its state in a checkpoint."),
    ];

    /// <summary>The stream of a source's records.</summary>
    /// <param name="source">Read by this job alone.</param>
    public SourceStream<T> From<T>(Source<T> source)
    {
        ArgumentNullException.ThrowIfNull(source);
        var node = new SourceNode<T>(source);
        _graph.Sources.Add(node);
        return new SourceStream<T>(this, node);
    }

    /// <summary>Runs the job to the end of its input, and blocks the calling thread for so long.</summary>
    /// <inheritdoc cref="Job{TIn,TOut}.Run"/>
    public JobResult Run(CancellationToken cancel = default) => _runner.Run(Build, cancel);

    /// <inheritdoc cref="Job{TIn,TOut}.RunAsync"/>
    public Task<JobResult> RunAsync(CancellationToken cancel = default) =>
        Task.Factory.StartNew(() => Run(cancel), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <inheritdoc cref="Job{TIn,TOut}.SavepointAsync"/>
    public Task<Manifest> SavepointAsync(CheckpointStore store)
    {
        ArgumentNullException.ThrowIfNull(store);
        return _runner.Savepoint(store);
    }

    /// <inheritdoc cref="Job{TIn,TOut}.ChangeAsync"/>
    public Task<Manifest?> ChangeAsync(object change, IReadOnlyDictionary<string, string> properties)
    {
        ArgumentNullException.ThrowIfNull(change);
        ArgumentNullException.ThrowIfNull(properties);
        return _runner.Change(change, properties);
    }

    internal void Add(OperatorNode op) => _graph.Operators.Add(op);

    /// <summary>A uid for an operator that was given none.</summary>
    internal string DeriveUid(string kind)
    {
        int number = 1;
        while (!_uids.Add($"{kind}-{number}")) number++;
        return $"{kind}-{number}";
    }

    internal void Rename(OperatorNode op, string uid)
    {
        ArgumentException.ThrowIfNullOrEmpty(uid);
        if (uid == SourcesState.Uid || JobOutput.IsUid(uid) || !_uids.Add(uid)) throw new ArgumentException($"The uid '{uid}' is taken.", nameof(uid));
        _uids.Remove(op.Uid);
        op.Uid = uid;
        op.IsUidGiven = true;
    }

    internal void AddSink<T>(DataStream<T> stream, Sink<T> sink, string? uid) =>
        _sinks.Add(new PendingSink(uid, stream.Paths[0].Root, name => Attach(stream, new JobOutput<T>(sink, name, sink))));

    private static JobOutput Attach<T>(DataStream<T> stream, JobOutput output)
    {
        foreach (StreamPath<T> path in stream.Paths) path.ConnectTo(output);
        return output;
    }

    private JobGraph Build()
    {
        var taken = new HashSet<string>();
        foreach (string uid in _sinks.Select(sink => sink.Uid).OfType<string>())
        {
            if (!taken.Add(uid)) throw new InvalidOperationException($"Several sinks have the uid '{uid}'.");
        }

        foreach (PendingSink sink in _sinks) _graph.Outputs.Add(sink.Attach(sink.Uid ?? NameFor(sink.Root, taken)));
        return _graph;
    }

    /// <summary>The name of a sink that was given no uid: that of what it is attached to.</summary>
    private static string NameFor(StreamRoot root, HashSet<string> taken)
    {
        string name = root.Name;
        for (int number = 2; !taken.Add(name); number++) name = $"{root.Name}-{number}";
        return name;
    }

    private sealed record PendingSink(string? Uid, StreamRoot Root, Func<string, JobOutput> Attach);
}
