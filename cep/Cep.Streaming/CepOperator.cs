using Cep.Engine.Operators;
using Cep.Engine.Streams;
using Cep.Engine.Timers;
using Cep.Evaluation;
using Cep.Matching;
using Cep.Streaming.Keys;
using Cep.Streaming.Matches;
using Cep.Streaming.Quarantine;

namespace Cep.Streaming;

/// <summary>Looks for the patterns of a rule group in the events of the keys that one subtask owns.</summary>
/// <remarks>
/// Events wait in a reorder buffer until the watermark passes, and are offered in order of event time, those of one millisecond in order of arrival.
/// Deadlines come from timers, in order with the events: one at or before an event's time passes before the event is offered. So what is found does
/// not depend on how often the watermark moves, and a silent key's deadlines pass too.
/// </remarks>
internal sealed partial class CepOperator : Operator<StreamEvent, Match>
{
    /// <summary>What <see cref="KeyTable.Find"/> answers for a key of which nothing is remembered.</summary>
    private const int NoSlot = -1;
    private const int NotLookedUp = -2;

    private readonly RuleGroup _group;
    private readonly Work[] _work;
    private readonly Reading[][] _byStream;
    private readonly KeyTable _keys;
    private readonly MatchBuilder _builder;
    private readonly ReorderBuffer<StreamEvent> _pending = new();
    private readonly TimerQueue<Deadline> _deadlines = new();
    private readonly List<Completion> _completions = [];

    /// <summary>How many rules remember something of the key in a slot.</summary>
    private int[] _rulesOfSlot = new int[16];

    /// <summary>How many pairs of rule and key something is remembered of.</summary>
    private int _remembered;
    private Output<Match> _matches = null!;
    private Output<Match> _timeouts = null!;
    private Output<OrderedError> _errors = null!;

    /// <param name="group">What to look for.</param>
    /// <param name="countsByRule">Where to count, by <see cref="CompiledRule.Index"/>; this operator's alone.</param>
    /// <param name="quarantines">Where subtasks tell each other that a rule has failed, by <see cref="CompiledRule.Index"/>; null where this is the only one.</param>
    public CepOperator(RuleGroup group, IReadOnlyList<RuleCounts> countsByRule, IReadOnlyList<RuleQuarantine>? quarantines = null)
    {
        _group = group;
        _work = group.Rules.Select((rule, i) => new Work(i, rule, countsByRule[rule.Index], quarantines?[rule.Index] ?? new RuleQuarantine())).ToArray();
        _byStream = group.Keys
            .Select((_, stream) => group.RulesOf(stream).Select(r => new Reading(Array.Find(_work, w => w.Rule == r)!, r.HasFilter(stream))).ToArray())
            .ToArray();
        _keys = KeyTable.For(group.Keys);
        _builder = new MatchBuilder(group);
    }

    /// <summary>The side output of partial matches that ran out of time.</summary>
    public static OutputTag<Match> Timeouts { get; } = new("timeouts");

    /// <summary>The side output of rules that have failed.</summary>
    public static OutputTag<OrderedError> Errors { get; } = new("errors");

    /// <summary>The number of keys of which something is remembered.</summary>
    public int Keys => _keys.Count;

    /// <summary>One rule at work on this subtask: its evaluator, and what it remembers of each key, by slot.</summary>
    private sealed class Work(int index, CompiledRule rule, RuleCounts counts, RuleQuarantine quarantine)
    {
        public readonly int Index = index;
        public readonly CompiledRule Rule = rule;
        public readonly RuleCounts Counts = counts;
        public readonly RuleQuarantine Quarantine = quarantine;
        public readonly RunEvaluator Evaluator = new(rule.Pattern, rule.Rule.Partials);
        public RunSet?[] Runs = new RunSet?[16];

        /// <summary>The place of its first failure on this subtask.</summary>
        public (long TimeMs, long Order) FailedAt = (long.MaxValue, long.MaxValue);

        /// <summary>Whether it is no longer offered anything.</summary>
        public bool IsStopped;

        public RunSet? RunsOf(int slot) => slot >= 0 && slot < Runs.Length ? Runs[slot] : null;
    }

    /// <summary>A rule that reads a stream, and whether it has a pre-filter there.</summary>
    private readonly record struct Reading(Work Work, bool HasFilter);

    /// <summary>A timer: the runs of a rule and key may have a deadline.</summary>
    private readonly record struct Deadline(int Work, int Slot);

    /// <inheritdoc/>
    public override void Open(OperatorContext<Match> context)
    {
        _matches = context.Output;
        _timeouts = context.SideOutput(Timeouts);
        _errors = context.SideOutput(Errors);
    }

    /// <inheritdoc/>
    public override void Process(ReadOnlySpan<StreamRecord<StreamEvent>> records) => _pending.Add(records);

    /// <inheritdoc/>
    public override void AdvanceWatermark(long watermarkMs)
    {
        while (_pending.TryTake(watermarkMs, out var records))
        {
            foreach (ref readonly var record in records)
            {
                if (_deadlines.IsDue(record.TimestampMs))
                    PassDeadlines(record.TimestampMs);
                Offer(record);
            }
        }
        PassDeadlines(watermarkMs);
        foreach (var work in _work)
        {
            if (!work.IsStopped && work.Quarantine.HasBegunBy(watermarkMs))
                Stop(work);
            work.Counts.Set(work.Evaluator);
        }
        GiveBackRoom();
    }

    private void Offer(in StreamRecord<StreamEvent> record)
    {
        var e = record.Value;
        var slot = NotLookedUp;
        foreach (var (work, hasFilter) in _byStream[e.Stream])
        {
            if (hasFilter && !Passes(work, record))
                continue;
            work.Counts.Events++;
            if (!work.Evaluator.Begin(e.Value, record.TimestampMs, record.Sequence, e.Stream))
                continue;
            if (slot == NotLookedUp)
                slot = _keys.Find(e);
            var before = work.RunsOf(slot);
            var after = Step(work, before, record);
            if (_completions.Count > 0)
                Emit(work, record.TimestampMs, record.Sequence);
            if (before is null && after is null)
                continue;
            if (slot < 0)
                slot = AddKey(e);
            Remember(work, slot, before, after, record.TimestampMs == long.MaxValue ? long.MaxValue : record.TimestampMs + 1);
            if (_rulesOfSlot[slot] == 0)
                slot = ForgetKey(slot);
        }
    }

    /// <summary>Lets every deadline at or before a time pass, each at its own time.</summary>
    private void PassDeadlines(long upToMs)
    {
        while (_deadlines.TryPop(upToMs, out var deadlineMs, out var deadline))
        {
            var work = _work[deadline.Work];
            // Runs that are gone, or that wait for another deadline by now, have left their timer behind.
            if (work.RunsOf(deadline.Slot) is not { } runs || runs.TimerMs != deadlineMs)
                continue;
            runs.TimerMs = long.MaxValue;
            var after = Advance(work, runs, deadlineMs);
            if (_completions.Count > 0)
                Emit(work, deadlineMs, sequence: null);
            Remember(work, deadline.Slot, runs, after, long.MinValue);
            if (_rulesOfSlot[deadline.Slot] == 0)
                ForgetKey(deadline.Slot);
        }
    }

    /// <param name="earliestMs">
    /// When time can next pass for the key: after an event, past its millisecond, so that the key's other events of that time come first.
    /// </param>
    private void Remember(Work work, int slot, RunSet? before, RunSet? after, long earliestMs)
    {
        if (!ReferenceEquals(before, after))
        {
            if (slot >= work.Runs.Length)
                Array.Resize(ref work.Runs, Math.Max(slot + 1, work.Runs.Length * 2));
            work.Runs[slot] = after;
            _rulesOfSlot[slot] += before is null ? 1 : -1;
            _remembered += before is null ? 1 : -1;
        }
        if (after is not null && Math.Max(after.NextDeadlineMs, earliestMs) is var nextMs && nextMs < after.TimerMs)
        {
            after.TimerMs = nextMs;
            _deadlines.Add(nextMs, new Deadline(work.Index, slot));
        }
    }

    private int AddKey(in StreamEvent e)
    {
        var slot = _keys.Add(e);
        if (slot >= _rulesOfSlot.Length)
            Array.Resize(ref _rulesOfSlot, _rulesOfSlot.Length * 2);
        return slot;
    }

    private int ForgetKey(int slot)
    {
        _keys.Remove(slot);
        return NoSlot;
    }

    private void Emit(Work work, long timeMs, long? sequence)
    {
        foreach (var completion in _completions)
        {
            var order = sequence ?? OrderOfDeadline(completion.Last);
            if (!TryEmit(work, completion, timeMs, order, sequence is not null))
                break;
            if (completion.IsTimeout)
                work.Counts.Timeouts++;
            else
                work.Counts.Matches++;
        }
        _completions.Clear();
    }

    /// <returns>False where a measure threw; what it makes of arithmetic that fails is counted, also where nobody takes the match.</returns>
    private bool TryEmit(Work work, in Completion completion, long timeMs, long order, bool isEvent)
    {
        var output = completion.IsTimeout ? _timeouts : _matches;
        if (!output.IsConnected && (completion.IsTimeout || !work.Rule.HasMeasures))
            return true;
        try
        {
            output.Emit(_builder.Build(work.Rule, completion, timeMs, order, work.Counts), timeMs, order);
            return true;
        }
        catch (PatternEvaluationException e)
        {
            Fail(work, e, isEvent ? new StreamEvent(completion.Last.Stream, completion.Last.Value) : null, completion.Last, timeMs, order);
            return false;
        }
    }

    /// <summary>A deadline passes before the events of its time; among deadlines of one time, the match that began first comes first.</summary>
    private static long OrderOfDeadline(EventNode last)
    {
        var first = last;
        while (first.Previous is { } previous)
            first = previous;
        return long.MinValue + first.Sequence;
    }
}
