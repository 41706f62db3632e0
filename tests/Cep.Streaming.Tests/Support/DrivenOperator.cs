using System.Globalization;
using Cep.Engine.Checkpoints;
using Cep.Engine.Connectors;
using Cep.Engine.Keys;
using Cep.Engine.Operators;
using Cep.Engine.Runtime;
using Cep.Engine.Streams;
using Cep.Events;
using Cep.Streaming.Jobs;
using Cep.Streaming.Matches;
using Cep.Streaming.Swaps;

namespace Cep.Streaming.Tests.Support;

/// <summary>Drives a <see cref="CepOperator"/> on the test's thread, as a subtask does, over the stream of <see cref="Compiled.Letters"/>.</summary>
internal sealed class DrivenOperator
{
    private readonly EventType _type;
    private readonly CepOperator _operator;
    private readonly RulePartitioner _partitioner;
    private RunningRules _rules;
    private readonly SubtaskOutputs _outputs;
    private readonly Channel<EpochEnd> _toSink = new(1);
    private long _sequence;

    public DrivenOperator(params string[] rules)
        : this(Compiled.Patterns(Compiled.Letters + string.Concat(rules)))
    {
    }

    /// <param name="patterns">The rules.</param>
    /// <param name="policy">What becomes of partial matches in what is restored, where other rules wrote it.</param>
    /// <param name="draining">What is being drained; null for nothing.</param>
    public DrivenOperator(PatternSet patterns, SwapPolicy? policy = null, DrainingVersions? draining = null)
    {
        _type = patterns.RuleSet.Streams[0].EventType;
        _rules = new RunningRules(patterns, 1) { PolicyAtRestore = policy ?? SwapPolicy.Carry };
        if (draining is not null)
            _rules = _rules.With(draining, areOfThese: true);
        _operator = new CepOperator(_rules, 0);
        _partitioner = new RulePartitioner(_rules, swap => _rules = swap.To);
        JobOutput[] outputs =
        [
            new JobOutput<Match>(JobOutput.MainKey, "main", new MemorySink<Match>()),
            new JobOutput<Match>(CepOperator.Timeouts, "timeouts", new MemorySink<Match>()),
            new JobOutput<RulesChanged>(CepOperator.Changes, "changes", new MemorySink<RulesChanged>()),
        ];
        _outputs = new SubtaskOutputs(outputs, _toSink, new Pool<EpochOutputs>(() => new EpochOutputs([.. outputs.Select(o => o.CreateRun())])));
        _operator.Open(new OperatorContext<Match>("test", subtask: 0, parallelism: 1, _outputs));
    }

    /// <summary>Begins a snapshot, as a barrier does.</summary>
    public OperatorSnapshot BeginSnapshot(SnapshotKind kind) => _operator.BeginSnapshot(kind);

    /// <summary>Takes over what another remembered, before the first event; the next event has the sequence number given.</summary>
    public void Restore(IReadOnlyList<Segment> chain, long sequence)
    {
        _operator.Restore(StateReader.Of(new KeyGroupRange(0, KeyGroupAssignment.KeyGroups - 1), chain));
        _sequence = sequence;
    }

    /// <summary>How many events were handed over.</summary>
    public long Sequence => _sequence;

    public PatternSet Patterns => _rules.Patterns;

    /// <summary>What is being drained.</summary>
    public DrainingVersions Draining => _rules.Kept;

    /// <summary>By rule.</summary>
    public IReadOnlyList<RuleCounts> Counts => _rules.CountsOf(0);

    /// <summary>What was told of swaps since this was last asked.</summary>
    public List<RulesChanged> Changes { get; } = [];

    /// <summary>Puts other rules in the place of those that run, as a barrier does after its snapshot was begun.</summary>
    public SwapPlan Swap(PatternSet next, SwapPolicy? policy = null)
    {
        var plan = SwapPlan.Of(_rules.Patterns, next, policy ?? SwapPolicy.Carry, keepsState: true, _ => null);
        var swap = new RuleSwap(_rules, plan, next);
        _partitioner.Apply(swap);
        _operator.Apply(swap);
        return swap.Done();
    }

    /// <inheritdoc cref="Swap(PatternSet, SwapPolicy?)"/>
    public SwapPlan Swap(params string[] rules) => Swap(Compiled.Patterns(Compiled.Letters + string.Concat(rules)));

    /// <summary>The keys of which something is remembered.</summary>
    public int Keys => _operator.Keys;

    /// <summary>The room kept for keys, and the timers that are set.</summary>
    public (int Slots, int Timers) Room => (_operator.Slots, _operator.Timers);

    /// <summary>Hands over an event; it waits for the watermark.</summary>
    public void Send(char letter, long timeMs, string key = "x", long? n = null)
    {
        var value = Activator.CreateInstance(_type.ClrType)!;
        Set(value, "k", key);
        Set(value, "letter", letter.ToString());
        Set(value, "n", n);
        Set(value, "ts", timeMs);
        var e = new StreamEvent(0, value);
        for (var lane = 0; lane < _partitioner.Lanes; lane++)
        {
            if (_partitioner.TryRoute(e, lane, out var hash))
                _operator.Process([new StreamRecord<StreamEvent>(e, timeMs, _sequence, KeyGroupAssignment.KeyGroupOf(hash), lane)]);
        }
        _sequence++;
    }

    /// <summary>Moves the watermark and gives what was emitted up to it: matches, then timeouts.</summary>
    public IReadOnlyList<Match> Advance(long watermarkMs)
    {
        _operator.AdvanceWatermark(watermarkMs);
        _outputs.EndEpoch(default);
        var epoch = _toSink.Take().Outputs;
        if (epoch is null)
            return [];
        Changes.AddRange(Values<RulesChanged>(epoch[2]));
        return [.. Values<Match>(epoch[0]), .. Values<Match>(epoch[1])];
    }

    /// <summary>The same, each told as <c>a@100 b@200</c>; timeouts and what became known later than its last event say when.</summary>
    public string AdvanceTo(long watermarkMs) => string.Join("; ", Advance(watermarkMs).Select(Tell));

    /// <summary>Hands over events, <c>A@100</c> or with a key <c>A@100 of y</c>, and moves the watermark past them one by one.</summary>
    public string Run(string events)
    {
        var told = new List<string>();
        foreach (var e in events.Split(", "))
        {
            var parts = e.Split(" of ");
            var timeMs = long.Parse(parts[0][2..], CultureInfo.InvariantCulture);
            Send(parts[0][0], timeMs, parts.Length == 2 ? parts[1] : "x");
            if (AdvanceTo(timeMs) is { Length: > 0 } emitted)
                told.Add(emitted);
        }
        return string.Join("; ", told);
    }

    public string Tell(Match match)
    {
        var events = string.Join(' ', match.Steps.SelectMany(s => s.Events.Select(e => $"{s.Step}@{_type.TimeOf(e.Value)}")));
        var what = match.Kind == MatchKind.Timeout ? " timed out" : "";
        return match.Kind == MatchKind.Match && match.DetectedMs == match.EndMs && match.EndMs == _type.TimeOf(match.Steps[^1].Events[^1].Value)
            ? events : $"{events}{what} at {match.DetectedMs}";
    }

    private void Set(object value, string field, object? to) => _type.ClrType.GetField(field)!.SetValue(value, to);

    private static IEnumerable<T> Values<T>(OutputRun run)
    {
        var values = new List<T>();
        foreach (ref readonly var item in ((OutputRun<T>)run).Items)
            values.Add(item.Value);
        return values;
    }
}

internal static class EventTimes
{
    /// <summary>The field <c>ts</c> of an event.</summary>
    public static long TimeOf(this EventType type, object value) => (long)type.ClrType.GetField("ts")!.GetValue(value)!;
}
