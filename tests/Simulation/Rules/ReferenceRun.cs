using Cep.Engine.Keys;
using Cep.Engine.Operators;
using Cep.Engine.Runtime;
using Cep.Engine.Streams;
using Cep.Rules;
using Cep.Streaming;
using Cep.Streaming.Jobs;
using Cep.Streaming.Matches;
using Cep.Streaming.Quarantine;
using Cep.Streaming.Swaps;

namespace Cep.Simulation.Rules;

/// <summary>What the rules of versions that take each other's place tell of events, each rule by itself: over the events after the watermark at which it begins, up to that at which it ends.</summary>
internal sealed class ReferenceRun
{
    private readonly IReadOnlyList<StreamRecord<StreamEvent>> _events;
    private readonly IReadOnlyList<RuleVersion> _versions;
    private readonly HashSet<string> _covered;
    private List<ReferenceRule> _rules = [];

    /// <summary>Versions that begin no more, each with the name of the rule that runs in its place.</summary>
    private List<(ReferenceRule Version, string Of)> _draining = [];
    private int _next;

    /// <param name="events">In order of time and arrival.</param>
    /// <param name="versions">The versions of the rule set.</param>
    public ReferenceRun(IReadOnlyList<StreamRecord<StreamEvent>> events, IReadOnlyList<RuleVersion> versions)
    {
        (_events, _versions) = (events, versions);
        _covered = [.. versions.Select(version => version.Rules.Select(rule => rule.Reads)).Aggregate((one, other) => one.Intersect(other))];
    }

    public List<Match> Matches { get; } = [];

    public List<Match> Timeouts { get; } = [];

    public List<RuleError> Errors { get; } = [];

    /// <summary>The names of rules of which it is not known what they were given: they began where events may have waited that had come to no rule by their key.</summary>
    public HashSet<string> Unsure { get; } = [];

    /// <summary>Runs to the end of the events.</summary>
    /// <param name="first">The version that runs first.</param>
    /// <param name="swaps">The watermark of each swap, the version after it, and what it means for each rule.</param>
    public void Run(RuleVersion first, IEnumerable<(long WatermarkMs, RuleVersion After, IReadOnlyList<RuleChange> Rules)> swaps)
    {
        _rules = [.. first.Rules.Select(rule => New(first, rule.Name))];
        foreach ((long watermarkMs, RuleVersion after, IReadOnlyList<RuleChange> rules) in swaps)
        {
            AdvanceTo(watermarkMs);
            Dictionary<string, string> names = rules.Where(change => change is { Before: not null, After: not null }).ToDictionary(change => change.Before!, change => change.After!);
            _draining = [.. _draining.Where(d => names.ContainsKey(d.Of)).Select(d => (d.Version, names[d.Of]))];
            Dictionary<string, ReferenceRule> before = _rules.ToDictionary(rule => rule.Name);
            _rules = [.. rules.Where(change => change.After is not null).Select(change => RuleAfter(before, change, after, watermarkMs))];
        }

        AdvanceTo(long.MaxValue);
    }

    /// <summary>The events of inputs in the order of their times, those of one millisecond in that of their arrival, as a job numbers them.</summary>
    public static IReadOnlyList<StreamRecord<StreamEvent>> Read(IEnumerable<EventInput> inputs, IReadOnlyList<StreamDefinition> streams)
    {
        var records = new List<StreamRecord<StreamEvent>>();
        var job = new Job<StreamEvent, int>();
        foreach (EventInput input in inputs) job.AddSource(RuleJob.SourceOf(input, streams));
        job.AddOperator("events", new All(), () => new Recorder(records)).Run();
        return [.. records.OrderBy(record => record.TimestampMs).ThenBy(record => record.Sequence)];
    }

    private void AdvanceTo(long watermarkMs)
    {
        List<ReferenceRule> all = [.. _rules, .. _draining.Select(d => d.Version)];
        for (; _next < _events.Count && _events[_next].TimestampMs <= watermarkMs; _next++) all.ForEach(rule => rule.Offer(_events[_next]));
        all.ForEach(rule => rule.PassDeadlines(watermarkMs));
    }

    private ReferenceRule RuleAfter(Dictionary<string, ReferenceRule> before, RuleChange change, RuleVersion version, long watermarkMs)
    {
        if (change.Fate == RuleFate.Kept)
        {
            ReferenceRule kept = before[change.Before!];
            if (Unsure.Contains(kept.Name)) Unsure.Add(change.After!);
            kept.GoOnAs(version.Patterns, change.After!);
            return kept;
        }

        if (change.Fate == RuleFate.Drained)
        {
            before[change.Before!].BeginNone();
            _draining.Add((before[change.Before!], change.After!));
            if (Unsure.Contains(change.Before!)) Unsure.Add(change.After!);
        }

        ReferenceRule rule = New(version, change.After!);
        if (change.Fate == RuleFate.Carried)
        {
            rule.CarryFrom(before[change.Before!], watermarkMs);
            if (Unsure.Contains(before[change.Before!].Name)) Unsure.Add(rule.Name);
        }
        else if (!_covered.Contains(version.Rules.First(r => r.Name == change.After).Reads))
        {
            Unsure.Add(rule.Name);
        }

        return rule;
    }

    private ReferenceRule New(RuleVersion version, string name) => new(version.Patterns, name)
    {
        OnMatch = match => (match is { Kind: MatchKind.Timeout, Rule.TimeoutMeasures: null } ? Timeouts : Matches).Add(match),
        OnError = Errors.Add,
    };

    private sealed class All : Partitioner<StreamEvent>
    {
        public override bool TryRoute(StreamEvent value, int lane, out ulong hash)
        {
            hash = 0;
            return true;
        }
    }

    private sealed class Recorder(List<StreamRecord<StreamEvent>> records) : Operator<StreamEvent, int>
    {
        public override void Process(ReadOnlySpan<StreamRecord<StreamEvent>> batch) => records.AddRange(batch.ToArray());

        public override void AdvanceWatermark(long watermarkMs)
        {
        }
    }
}
