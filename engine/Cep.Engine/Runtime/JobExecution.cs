using Cep.Engine.Checkpoints;
using Cep.Engine.Connectors;
using Cep.Engine.Keys;
using Cep.Engine.Operators;
using Cep.Engine.Time;

namespace Cep.Engine.Runtime;

/// <summary>One run of a job: makes its channels and threads, waits for them, and stops them all when one fails.</summary>
internal sealed class JobExecution<TIn, TOut>
{
    // Elements, not records: a few batches keep both sides of a channel busy, more would only cost memory.
    private const int SplitChannelBatches = 4;
    private const int SubtaskChannelElements = 16;
    private const int SinkChannelEpochs = 8;

    private readonly JobOptions _options;
    private readonly IReadOnlyList<JobOutput> _outputs;
    private readonly JobProgress _progress;
    private readonly CheckpointCoordinator? _coordinator;
    private readonly RestoredJob? _restored;
    private readonly CancellationTokenSource _stopSplits = new();
    private readonly Signal _signal = new();
    private readonly Pool<SplitBatch<TIn>> _splitPool = new(() => new SplitBatch<TIn>());
    private readonly Pool<Batch<TIn>> _batchPool = new(() => new Batch<TIn>());
    private readonly Pool<EpochOutputs> _epochPool;
    private readonly Split<TIn>[] _splits;
    private readonly List<Channel<EpochEnd>> _producers = [];
    private readonly List<Exchange<TIn>> _exchanges = [];
    private readonly List<Action> _aborts = [];
    private readonly List<(Thread Thread, bool CanBlockForEver)> _threads = [];
    private CancellationToken _cancel;
    private bool _sawEndOfInput;
    private JobException? _failure;

    public JobExecution(
        JobOptions options,
        IEnumerable<Source<TIn>> sources,
        IEnumerable<OperatorVertex<TIn, TOut>> operators,
        IReadOnlyList<JobOutput> outputs,
        JobProgress progress,
        CheckpointCoordinator? coordinator = null,
        RestoredJob? restored = null)
    {
        _options = options;
        _outputs = outputs;
        _progress = progress;
        _coordinator = coordinator;
        _restored = restored;
        _epochPool = new Pool<EpochOutputs>(() => new EpochOutputs([.. outputs.Select(output => output.CreateRun())]));
        _splits = [.. sources.Select(NewSplit)];
        progress.Sources = [.. _splits.Select(split => split.Progress)];
        SubtaskOutputs mergeOutputs = NewOutputs();
        foreach (OperatorVertex<TIn, TOut> vertex in operators) AddSubtasks(vertex);
        AddMerge(mergeOutputs);
        AddSinks();
        if (coordinator is not null) AddCoordinator(coordinator);
    }

    /// <summary>The most batches that were in memory at once, of both kinds: read but not merged, and merged but not processed.</summary>
    public (int Split, int Subtask) PeakBatches => (_splitPool.Created, _batchPool.Created);

    private TimeProvider TimeProvider => _options.TimeProvider;

    /// <summary>Starts every thread and waits for them.</summary>
    public JobResult Run(CancellationToken cancel)
    {
        long started = TimeProvider.GetTimestamp();
        _cancel = cancel;
        using (cancel.Register(_signal.Raise))
        {
            foreach ((Thread thread, _) in _threads) thread.Start();
            foreach ((Thread thread, bool canBlockForEver) in _threads)
            {
                if (!canBlockForEver) thread.Join();
            }
        }

        if (_failure is not null) throw _failure;
        SourceResult[] sources = [.. _progress.Sources.Select(from =>
            new SourceResult(from.Name, from.Records, from.Late, from.Malformed, from.BytesRead))];
        return new JobResult(!_sawEndOfInput, TimeProvider.GetElapsedTime(started), sources);
    }

    private Split<TIn> NewSplit(Source<TIn> source)
    {
        SplitStart? start = _restored?.Sources.ByName.GetValueOrDefault(source.Name);
        var split = new Split<TIn>(source, start, NewChannel<SplitBatch<TIn>>(SplitChannelBatches, _signal), new SourceProgress(source.Name));
        if (start is not { IsEnded: true }) AddThread($"source {source.Name}", () => ReadSplit(split), canBlockForEver: source.IsLive);
        return split;
    }

    private void ReadSplit(Split<TIn> split)
    {
        try
        {
            split.Read(_splitPool, TimeProvider, _stopSplits.Token);
        }
        catch (Exception problem)
        {
            // What a source does once it has been told to stop is of no interest any more.
            if (!_stopSplits.IsCancellationRequested) Fail($"source '{split.Source.Name}'", problem);
        }
    }

    private void AddMerge(SubtaskOutputs outputs)
    {
        var merge = new SourceMerge<TIn>(_splits, [.. _exchanges], outputs, _splitPool, _signal, TimeProvider, _progress, _coordinator, _restored?.Sources);
        AddThread("source merge", () =>
        {
            Guard("source merge", () => _sawEndOfInput = merge.Run(_cancel));
            StopSplits();
        });
    }

    private void AddSubtasks(OperatorVertex<TIn, TOut> vertex)
    {
        var inputs = new Channel<Element<TIn>>[_options.Parallelism];
        for (int i = 0; i < inputs.Length; i++)
        {
            inputs[i] = NewChannel<Element<TIn>>(SubtaskChannelElements);
            SubtaskOutputs outputs = NewOutputs();
            var context = new OperatorContext<TOut>(vertex.Uid, i, inputs.Length, outputs);
            var subtask = new Subtask<TIn, TOut>(vertex.Create(), context, inputs[i], _batchPool, outputs, CheckpointsOf(vertex.Uid, i));
            string where = $"operator '{vertex.Uid}', subtask {i}";
            AddThread(where, () => Guard(where, subtask.Run));
        }

        _exchanges.Add(new Exchange<TIn>(vertex.Uid, vertex.Partitioner, inputs, _batchPool));
    }

    private SubtaskCheckpoints? CheckpointsOf(string uid, int subtask)
    {
        if (_coordinator is null) return null;
        StateReader? restored = _restored?.StateOf(uid, KeyGroupAssignment.RangeOf(subtask, _options.Parallelism));
        return new SubtaskCheckpoints(uid, subtask, _coordinator, restored, _restored?.Sources.WatermarkMs ?? Watermark.None);
    }

    private void AddSinks()
    {
        bool isLive = Array.Exists(_splits, split => split.Source.IsLive);
        SinkCheckpoints? checkpoints = _coordinator is null ? null : new SinkCheckpoints(_coordinator, _restored?.SinkHandles ?? new Dictionary<string, byte[]>());
        var sinks = new SinkLoop(_outputs, _producers, _epochPool, isLive, checkpoints);
        AddThread("sink", () => Guard("sinks", sinks.Run));
    }

    private void AddCoordinator(CheckpointCoordinator coordinator)
    {
        _aborts.Add(coordinator.Abort);
        AddThread("checkpoints", () => Guard("checkpoints", () => coordinator.Run(_signal)));
    }

    private SubtaskOutputs NewOutputs()
    {
        Channel<EpochEnd> toSink = NewChannel<EpochEnd>(SinkChannelEpochs);
        _producers.Add(toSink);
        return new SubtaskOutputs(_outputs, toSink, _epochPool);
    }

    private Channel<T> NewChannel<T>(int capacity, Signal? onPut = null)
    {
        var channel = new Channel<T>(capacity, onPut);
        _aborts.Add(channel.Abort);
        return channel;
    }

    private void AddThread(string name, Action run, bool canBlockForEver = false)
    {
        var thread = new Thread(() => run()) { Name = name, IsBackground = true };
        _threads.Add((thread, canBlockForEver));
    }

    private void Guard(string where, Action run)
    {
        try
        {
            run();
        }
        catch (OperationCanceledException) when (Volatile.Read(ref _failure) is not null)
        {
            // Another part failed, and the channels let go of this one.
        }
        catch (Exception problem)
        {
            Fail(where, problem);
        }
    }

    private void Fail(string where, Exception problem)
    {
        JobException failure = problem as JobException ?? new JobException(where, problem);
        if (Interlocked.CompareExchange(ref _failure, failure, null) is not null) return;
        foreach (Action abort in _aborts) abort();
        StopSplits();
    }

    private void StopSplits()
    {
        _stopSplits.Cancel();
        foreach (Split<TIn> split in _splits) split.Channel.Abort();
        _signal.Raise();
    }
}
