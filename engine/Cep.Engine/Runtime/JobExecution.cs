using Cep.Engine.Checkpoints;
using Cep.Engine.Graph;
using Cep.Engine.Keys;
using Cep.Engine.Operators;
using Cep.Engine.Time;

namespace Cep.Engine.Runtime;

/// <summary>One run of a job: makes its channels and threads, waits for them, and stops them all when one fails.</summary>
internal sealed class JobExecution
{
    // Elements, not records: a few batches keep both sides of a channel busy, more would only cost memory.
    private const int SplitChannelBatches = 4;
    private const int SubtaskChannelElements = 16;
    private const int EpochChannelEpochs = 8;

    private readonly JobOptions _options;
    private readonly JobGraph _graph;
    private readonly JobProgress _progress;
    private readonly CheckpointCoordinator? _coordinator;
    private readonly ChangeRequests? _changes;
    private readonly RestoredJob? _restored;
    private readonly JobThreads _threads;
    private readonly CancellationTokenSource _stopSplits = new();
    private readonly Signal _signal;
    private readonly EpochConsumer _sinks;
    private readonly Dictionary<OperatorNode, EpochConsumer> _shuffles = [];
    private readonly Dictionary<StreamEnd, IExchange> _exchanges = [];
    private readonly List<Func<int>> _splitPools = [];
    private readonly List<Func<int>> _batchPools = [];
    private readonly SubtaskOutputs _mergeOutputs;
    private readonly Split[] _splits;
    private CancellationToken _cancel;
    private bool _sawEndOfInput;

    public JobExecution(
        JobOptions options, JobGraph graph, JobProgress progress, CheckpointCoordinator? coordinator = null, RestoredJob? restored = null, ChangeRequests? changes = null)
    {
        _options = options;
        _threads = new JobThreads(options.Scheduler);
        _signal = new Signal(options.Scheduler);
        _graph = graph;
        _progress = progress;
        _coordinator = coordinator;
        _changes = changes;
        _restored = restored;
        _sinks = new EpochConsumer(graph.Outputs);
        foreach (OperatorNode node in graph.Operators.Where(op => op.IsShuffled)) _shuffles.Add(node, new EpochConsumer([node.Input]));
        _mergeOutputs = NewOutputs(null);
        foreach (OperatorNode node in graph.Operators) node.AddTo(this);
        _splits = [.. graph.Sources.Select(source => source.AddTo(this))];
        progress.Sources = [.. _splits.Select(split => split.Progress)];
        AddMerge();
        AddSinks();
        if (coordinator is not null) AddCoordinator(coordinator);
        _threads.OnFailure(StopSplits);
    }

    /// <summary>The most batches that were in memory at once, of both kinds: read but not merged, and merged but not processed.</summary>
    public (int Split, int Subtask) PeakBatches => (_splitPools.Sum(created => created()), _batchPools.Sum(created => created()));

    private TimeProvider TimeProvider => _options.TimeProvider;

    /// <summary>Starts every thread and waits for them.</summary>
    public JobResult Run(CancellationToken cancel)
    {
        long started = TimeProvider.GetTimestamp();
        _cancel = cancel;
        _changes?.Begin(_signal);
        using (cancel.Register(_signal.Raise)) _threads.Run();
        if (_threads.Failure is { } failure) throw failure;
        SourceResult[] sources = [.. _progress.Sources.Select(from =>
            new SourceResult(from.Name, from.Records, from.Late, from.Malformed, from.BytesRead))];
        return new JobResult(!_sawEndOfInput, TimeProvider.GetElapsedTime(started), sources);
    }

    /// <summary>Adds the split of a source and its thread.</summary>
    public Split AddSplit<T>(SourceNode<T> node)
    {
        SplitStart? start = _restored?.Sources.ByName.GetValueOrDefault(node.Name);
        var pool = new Pool<SplitBatch<T>>(() => new SplitBatch<T>([.. node.Records.Edges.Select(edge => edge.CreateBatch())]));
        _splitPools.Add(() => pool.Created);
        Channel<SplitBatch<T>> channel = _threads.NewChannel<SplitBatch<T>>(SplitChannelBatches, _signal);
        var split = new Split<T>(node, start, channel, pool, new SourceProgress(node.Name));
        split.Connect(new RecordTargets(_exchanges, _mergeOutputs), _mergeOutputs);
        if (start is not { IsEnded: true }) _threads.Add($"source {node.Name}", () => Read(split), canBlockForEver: node.IsLive);
        return split;
    }

    /// <summary>Adds the subtasks of an operator and what spreads records over them.</summary>
    public void AddSubtasks<TIn, TOut>(OperatorNode<TIn, TOut> node)
    {
        var pool = new Pool<Batch<TIn>>(() => new Batch<TIn>());
        _batchPools.Add(() => pool.Created);
        var inputs = new Channel<Element<TIn>>[_options.Parallelism];
        for (int i = 0; i < inputs.Length; i++)
        {
            inputs[i] = _threads.NewChannel<Element<TIn>>(SubtaskChannelElements);
            SubtaskProgress progress = _progress.Subtask(node.Uid, i, TimeProvider);
            SubtaskOutputs outputs = NewOutputs(node);
            outputs.Progress = progress;
            var context = new OperatorContext<TOut>(node.Uid, i, inputs.Length, outputs);
            var subtask = new Subtask<TIn, TOut>(node.Create(), context, inputs[i], pool, outputs, progress, CheckpointsOf(node.Uid, i), _options.SliceBytes);
            _threads.Add($"operator '{node.Uid}', subtask {i}", subtask.Run);
        }

        var exchange = new Exchange<TIn>(node.Uid, node.Partitioner, inputs, pool, node.Input.TakesLate);
        if (_shuffles.TryGetValue(node, out EpochConsumer? consumer)) AddShuffle(node, consumer, exchange);
        else _exchanges.Add(node.Input, exchange);
    }

    private void AddShuffle<T>(OperatorNode node, EpochConsumer consumer, Exchange<T> exchange)
    {
        // Every producer has its channel by now: operators come after those that they read from.
        int writer = 1 + _graph.Operators.Where(op => op.IsShuffled).ToList().IndexOf(node);
        ShuffleCheckpoints? checkpoints = _coordinator is null ? null : new ShuffleCheckpoints(_coordinator, writer, node.Uid, _restored?.Sources.NextSequenceInto(node.Uid) ?? 0);
        var shuffle = new Shuffle<T>(consumer.Intake(), exchange, checkpoints);
        _threads.Add($"input of operator '{node.Uid}'", shuffle.Run);
    }

    private void Read(Split split)
    {
        try
        {
            split.Read(TimeProvider, _stopSplits.Token);
        }
        catch (Exception problem)
        {
            // What a source does once it has been told to stop is of no interest any more.
            if (!_stopSplits.IsCancellationRequested) _threads.Fail($"source '{split.Name}'", problem);
        }
    }

    private void AddMerge()
    {
        var merge = new SourceMerge(_splits, [.. _exchanges.Values], _mergeOutputs, _signal, _options, _progress, _coordinator, _changes, _restored?.Sources);
        _threads.Add("source merge", () =>
        {
            try
            {
                _sawEndOfInput = merge.Run(_cancel);
            }
            finally
            {
                StopSplits();
            }
        });
    }

    private SubtaskCheckpoints? CheckpointsOf(string uid, int subtask)
    {
        if (_coordinator is null) return null;
        StateReader? restored = _restored?.StateOf(uid, KeyGroupAssignment.RangeOf(subtask, _options.Parallelism));
        return new SubtaskCheckpoints(uid, subtask, _coordinator, restored, _restored?.Sources.WatermarkMs ?? Watermark.None);
    }

    private void AddSinks()
    {
        bool isLive = Array.Exists(_splits, split => split.IsLive);
        SinkCheckpoints? checkpoints = _coordinator is null ? null : new SinkCheckpoints(_coordinator, _restored?.SinkHandles ?? new Dictionary<string, byte[]>());
        var sinks = new SinkLoop(_graph.Outputs, _sinks.Intake(), isLive, checkpoints, _changes);
        _threads.Add("sinks", sinks.Run);
    }

    private void AddCoordinator(CheckpointCoordinator coordinator)
    {
        _threads.OnFailure(coordinator.Abort);
        _threads.Add("checkpoints", () => coordinator.Run(_signal));
    }

    /// <summary>The outputs of one thread: of a subtask of an operator, or with null of the merging thread.</summary>
    private SubtaskOutputs NewOutputs(OperatorNode? producer)
    {
        IEnumerable<EpochConsumer> fed = _graph.Operators.Where(op => op.IsShuffled && op.Input.Producers.Contains(producer)).Select(op => _shuffles[op]);
        return new SubtaskOutputs(
            key => producer?.Find(key),
            [.. fed.Prepend(_sinks).Select(consumer => consumer.NewPort(_threads.NewChannel<EpochEnd>(EpochChannelEpochs)))]);
    }

    private void StopSplits()
    {
        _stopSplits.Cancel();
        foreach (Split split in _splits) split.Abort();
        _signal.Raise();
    }
}

/// <summary>A thread that takes epochs from several producers, while its channels are being made.</summary>
/// <param name="ends">The ends that it writes or feeds.</param>
internal sealed class EpochConsumer(IReadOnlyList<StreamEnd> ends)
{
    private readonly List<Channel<EpochEnd>> _producers = [];
    private readonly Pool<EpochOutputs> _pool = new(() => new EpochOutputs([.. ends.Select(end => end.CreateRun())]));

    /// <summary>A port for one more producer.</summary>
    public OutputPort NewPort(Channel<EpochEnd> channel)
    {
        _producers.Add(channel);
        return new OutputPort(ends, channel, _pool);
    }

    /// <summary>What takes the epochs, once all producers have their ports.</summary>
    public EpochIntake Intake() => new(_producers, _pool);
}
