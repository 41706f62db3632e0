using Cep.Engine.Connectors;
using Cep.Engine.Runtime;
using Cep.Engine.Time;
using Cep.Rules;
using Cep.Streaming.Matches;
using Cep.Streaming.Quarantine;

namespace Cep.Streaming.Jobs;

/// <summary>What a rule job did.</summary>
/// <param name="Input">What was read.</param>
/// <param name="Rules">The rules that ran, in order, with what they counted.</param>
/// <param name="Quarantined">The rules that failed and were stopped, each with why, in the order in which that happened; empty for none.</param>
public sealed record RuleJobResult(JobResult Input, IReadOnlyList<(Rule Rule, RuleCounts Counts)> Rules, IReadOnlyList<RuleError> Quarantined);

/// <summary>Runs a rule set over inputs: reads events, looks for the patterns of the live rules, writes what they tell.</summary>
/// <remarks>Made and run on one thread, once; <see cref="Progress"/> and <see cref="CountsSoFar"/> can be read by any.</remarks>
public sealed class RuleJob
{
    private readonly PatternSet _patterns;
    private readonly Job<StreamEvent, Match> _job;
    private readonly QuarantineOrder _quarantine = new();

    /// <summary>What each thread counts, by rule: of each group, its partitioner and then its subtasks.</summary>
    private readonly List<RuleCounts[]> _counts = [];

    /// <summary>Builds the job; nothing is opened yet.</summary>
    /// <exception cref="ArgumentException">An input has no stream, or one that is not in the set, or the set has no live rule.</exception>
    public RuleJob(PatternSet patterns, RuleJobOptions options)
    {
        if (patterns.Compiled.Count == 0)
            throw new ArgumentException("The rule set has no live rule.", nameof(patterns));
        _patterns = patterns;
        _job = new Job<StreamEvent, Match>(new JobOptions { Parallelism = options.Parallelism, TimeProvider = options.TimeProvider });
        foreach (var input in options.Inputs)
            _job.AddSource(SourceOf(input, patterns.RuleSet.Streams));
        var quarantines = patterns.Compiled.Select(_ => new RuleQuarantine()).ToArray();
        foreach (var group in patterns.Groups)
        {
            var name = string.Join(", ", group.Rules.Select(r => r.Rule.Name));
            var partitioner = new RulePartitioner(group, NewCounts());
            // Made here and not with the operators, so that other threads can add them up from the beginning.
            var ofSubtasks = new Queue<RuleCounts[]>(Enumerable.Range(0, options.Parallelism).Select(_ => NewCounts()));
            _job.AddOperator(name, partitioner, () => new CepOperator(group, ofSubtasks.Dequeue(), quarantines));
        }
        // First, so that a failure is known before what comes after it is written.
        _job.WriteTo(CepOperator.Errors, _quarantine.ErrorsTo(options.Errors));
        if (options.Matches is { } matches)
            _job.WriteTo(_quarantine.CutTo(matches));
        if (options.Timeouts is { } timeouts)
            _job.WriteTo(CepOperator.Timeouts, _quarantine.CutTo(timeouts));
        if (options.Late is { } late)
            _job.WriteLateTo(late);
        if (options.Malformed is { } malformed)
            _job.WriteMalformedTo(malformed);
    }

    /// <summary>How far the job is.</summary>
    public JobProgress Progress => _job.Progress;

    /// <summary>What the rules have counted so far; complete once the job has ended.</summary>
    public IReadOnlyList<(Rule Rule, RuleCounts Counts)> CountsSoFar() => _patterns.Compiled.Select(rule =>
    {
        var sum = new RuleCounts();
        foreach (var counts in _counts)
            sum.Add(counts[rule.Index]);
        var (matches, timeouts) = _quarantine.Dropped(rule.Rule);
        sum.Matches -= matches;
        sum.Timeouts -= timeouts;
        return (rule.Rule, sum);
    }).ToList();

    /// <summary>Runs to the end of the input, and blocks the calling thread for so long.</summary>
    /// <param name="cancel">Stops cleanly: what was read is processed and written.</param>
    /// <exception cref="JobException">An input or output failed, or the job did; the message says which.</exception>
    public RuleJobResult Run(CancellationToken cancel = default)
    {
        var result = _job.Run(cancel);
        return new RuleJobResult(result, CountsSoFar(), _quarantine.Errors);
    }

    private RuleCounts[] NewCounts()
    {
        var counts = _patterns.Compiled.Select(_ => new RuleCounts()).ToArray();
        _counts.Add(counts);
        return counts;
    }

    /// <summary>The source that reads an input as rule jobs do.</summary>
    /// <param name="streams">All streams of the set; events name theirs by its position here.</param>
    internal static StreamSource<StreamEvent> SourceOf(EventInput input, IReadOnlyList<StreamDefinition> streams) => new(
        input.Bytes,
        input.Format == EventFormat.Csv ? new CsvFraming() : new LineFraming(),
        EventDecoder.For(input, streams),
        WatermarksOf(input));

    /// <summary>Several streams in one input share its watermark, so they wait for the longest delay among them.</summary>
    private static WatermarkStrategy WatermarksOf(EventInput input)
    {
        var times = input.Streams.Select(s => s.Time).ToList();
        if (times.TrueForAll(t => t is null))
            return WatermarkStrategy.ProcessingTime;
        if (times.Contains(null))
            throw new ArgumentException($"The input {input.Bytes.Name} mixes streams in event time and in processing time.", nameof(input));
        var strategy = WatermarkStrategy.BoundedOutOfOrderness(times.Max(t => t!.DelayMs));
        return times.Max(t => t!.IdleAfterMs) is { } idleAfterMs ? strategy.WithIdleAfter(idleAfterMs) : strategy;
    }
}
