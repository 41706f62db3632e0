using Cep.Engine.Checkpoints;
using Cep.Engine.Connectors;
using Cep.Engine.Connectors.EventLogs;
using Cep.Engine.Runtime;
using Cep.Engine.Time;
using Cep.Evaluation.Snapshots;
using Cep.Rules;
using Cep.Streaming.Matches;
using Cep.Streaming.Quarantine;
using Cep.Streaming.Swaps;
using Cep.Streaming.Throttling;

namespace Cep.Streaming.Jobs;

/// <summary>What a rule job did.</summary>
/// <param name="Input">What was read.</param>
/// <param name="Rules">The rules that ran, in order, with what they counted.</param>
/// <param name="Quarantined">The rules that failed and were stopped, each with why, in the order in which that happened; empty for none.</param>
public sealed record RuleJobResult(JobResult Input, IReadOnlyList<(Rule Rule, RuleCounts Counts)> Rules, IReadOnlyList<RuleError> Quarantined);

/// <summary>Runs a rule set over inputs: reads events, looks for the patterns of the live rules, writes what they tell.</summary>
/// <remarks>Made and run on one thread, once; everything else can be asked by any.</remarks>
public sealed partial class RuleJob
{
    /// <summary>The uid of the operator that runs all rules.</summary>
    internal const string OperatorUid = "rules";

    private readonly int _parallelism;
    private readonly Job<StreamEvent, Match> _job;
    private readonly RulePartitioner _partitioner;
    private readonly QuarantineOrder _quarantine;
    private readonly AlertThrottle _throttle;
    private readonly Func<RuleMetrics> _newMetrics;
    private readonly RuleSetHistory? _history;
    private volatile RunningRules _running;

    /// <summary>What the attempt at hand began with.</summary>
    private volatile RunningRules _begun;
    private int _operators;

    /// <summary>Builds the job; nothing is opened yet.</summary>
    /// <exception cref="ArgumentException">
    /// An input has no stream, or one that is not in the set; the set has no live rule; or the job takes checkpoints and a rule's pattern has a condition in code.
    /// </exception>
    public RuleJob(PatternSet patterns, RuleJobOptions options)
    {
        if (patterns.Compiled.Count == 0)
            throw new ArgumentException("The rule set has no live rule.", nameof(patterns));
        if (options.Checkpoints is not null)
            CheckKeepable(patterns);
        _parallelism = options.Parallelism;
        _history = options.Checkpoints is null ? null : new RuleSetHistory(patterns, options.PolicyAtRestore, options.RuleSerializer, options.Checkpoints);
        _begun = _running = new RunningRules(patterns, _parallelism);
        _quarantine = new QuarantineOrder(() => _begun);
        _throttle = new AlertThrottle(() => _begun);
        _partitioner = new RulePartitioner(_begun, swap => _running = swap.To);
        _job = new Job<StreamEvent, Match>(new JobOptions
        {
            Name = options.Name,
            Parallelism = _parallelism,
            TimeProvider = options.TimeProvider,
            Checkpoints = _history?.Options,
            MeterFactory = options.MeterFactory,
        });
        _newMetrics = () => new RuleMetrics(options.Name, options.MeterFactory, CountsSoFar, () => _quarantine.Errors);
        foreach (var input in options.Inputs)
            _job.AddSource(SourceOf(input, patterns.RuleSet.Streams));
        foreach (var source in options.Sources)
            _job.AddSource(source);
        _job.AddOperator(OperatorUid, _partitioner, NewOperator);
        // First, so that a failure is known before what comes after it is written.
        _job.WriteTo(CepOperator.Errors, new ErrorSink(_quarantine, _throttle, options.Errors));
        if (options.Matches is { } matches)
            _job.WriteTo(matches, (ref Match match) => _quarantine.Passes(match) && _throttle.Tells(ref match));
        if (options.Timeouts is { } timeouts)
            _job.WriteTo(CepOperator.Timeouts, timeouts, (ref Match match) => _quarantine.Passes(match));
        if (options.Late is { } late)
            _job.WriteLateTo(late);
        if (options.Changes is { } changes)
            _job.WriteTo(CepOperator.Changes, changes);
        if (options.Malformed is { } malformed)
            _job.WriteMalformedTo(malformed);
    }

    /// <summary>How far the job is.</summary>
    public JobProgress Progress => _job.Progress;

    /// <summary>
    /// What the rules that run have counted so far; complete once the job has ended. After a restart it goes on from the checkpoint, after a swap from what the rule
    /// before had counted. What versions count that are being drained is added to that of the rule in whose place they were.
    /// </summary>
    public IReadOnlyList<(Rule Rule, RuleCounts Counts)> CountsSoFar()
    {
        var running = _running;
        return running.Patterns.Compiled.Select(rule =>
        {
            var sum = Written(running.CountsOf(rule), rule);
            foreach (var draining in running.DrainingOf(rule.Rule.Name))
                sum.Add(Written(draining.SumOfCounts(), draining.Compiled));
            (sum.Suppressed, sum.Limited) = _throttle.HeldBack(rule.Rule.Name);
            return (rule.Rule, sum);
        }).ToList();
    }

    /// <summary>What was counted, without what came after a failure.</summary>
    private RuleCounts Written(RuleCounts counts, CompiledRule rule)
    {
        var (matches, timeouts) = _quarantine.Dropped(rule);
        counts.Matches -= matches;
        counts.Timeouts -= timeouts;
        return counts;
    }

    /// <summary>Takes a savepoint: everything the job remembers, in a folder that stands for itself. The stream does not stop for it.</summary>
    /// <param name="store">Where it goes; empty.</param>
    /// <returns>What it consists of, once it is complete.</returns>
    /// <exception cref="InvalidOperationException">The job takes no checkpoints, or is not running.</exception>
    public Task<Manifest> SavepointAsync(CheckpointStore store) => _job.SavepointAsync(store);

    /// <summary>Runs to the end of the input, and blocks the calling thread for so long.</summary>
    /// <param name="cancel">Stops cleanly: what was read is processed and written.</param>
    /// <exception cref="JobException">An input or output failed, or the job did; the message says which.</exception>
    /// <exception cref="SwapRefusedException">
    /// The rules are not those of the checkpoint or savepoint that the job goes on from, <see cref="RuleJobOptions.PolicyAtRestore"/> drains, and what those were does not stand there; or what is being drained there cannot go on.
    /// </exception>
    public RuleJobResult Run(CancellationToken cancel = default)
    {
        using var metrics = _newMetrics();
        var result = _job.Run(cancel);
        return new RuleJobResult(result, CountsSoFar(), _quarantine.Errors);
    }

    /// <summary>The operators of an attempt are made one after the other; the first of them begins it.</summary>
    private CepOperator NewOperator()
    {
        var subtask = _operators++ % _parallelism;
        if (subtask == 0 && _history is not null)
        {
            _begun = _running = _history.Begin(_parallelism);
            _partitioner.Begin(_begun);
        }
        return new CepOperator(_begun, subtask);
    }

    private static void CheckKeepable(PatternSet patterns)
    {
        foreach (var rule in patterns.Rules)
        {
            if (!PatternFingerprint.Exists(rule.Pattern))
                throw new ArgumentException(SwapPlan.CodeIsRefused(rule), nameof(patterns));
        }
    }

    /// <summary>The source that reads an input as rule jobs do.</summary>
    /// <param name="streams">All streams of the set; events name theirs by its position here.</param>
    /// <param name="endsNow">Whether an event log is read up to what it has at this moment, and not followed.</param>
    internal static Source<StreamEvent> SourceOf(EventInput input, IReadOnlyList<StreamDefinition> streams, bool endsNow = false)
    {
        var (decoder, watermarks) = (EventDecoder.For(input, streams), WatermarksOf(input));
        if (input.Log is { } log)
            return new EventLogSource<StreamEvent>(log, decoder, watermarks, endsNow ? log.NextOffset : null);
        return new StreamSource<StreamEvent>(input.Bytes!, input.Format == EventFormat.Csv ? new CsvFraming() : new LineFraming(), decoder, watermarks);
    }

    /// <summary>Several streams in one input share its watermark, so they wait for the longest delay among them.</summary>
    private static WatermarkStrategy WatermarksOf(EventInput input)
    {
        var times = input.Streams.Select(s => s.Time).ToList();
        if (times.TrueForAll(t => t is null))
            return WatermarkStrategy.ProcessingTime;
        if (times.Contains(null))
            throw new ArgumentException($"The input {input.Name} mixes streams in event time and in processing time.", nameof(input));
        var strategy = WatermarkStrategy.BoundedOutOfOrderness(times.Max(t => t!.DelayMs));
        return times.Max(t => t!.IdleAfterMs) is { } idleAfterMs ? strategy.WithIdleAfter(idleAfterMs) : strategy;
    }
}
