using Cep.Engine.Operators;
using Cep.Engine.Streams;
using Cep.Engine.Time;
using Cep.Engine.Timers;
using Cep.Evaluation;
using Cep.Matching;
using Cep.Streaming.Jobs;
using Cep.Streaming.Keys;
using Cep.Streaming.Matches;
using Cep.Streaming.Quarantine;
using Cep.Streaming.Swaps;

namespace Cep.Streaming;

/// <summary>Looks for the patterns of a rule set in the events of the keys that one subtask owns.</summary>
/// <remarks>
/// Each rule group is a lane: its rules see the events by their own key. Events wait in one reorder buffer until the watermark passes, and are offered in order of
/// event time, those of one millisecond in order of arrival.
/// Deadlines come from timers, in order with the events: one at or before an event's time passes before the event is offered. So what is found does
/// not depend on how often the watermark moves, and a silent key's deadlines pass too.
/// </remarks>
internal sealed partial class CepOperator : Operator<StreamEvent, Match>
{
    /// <summary>What <see cref="KeyTable.Find"/> answers for a key of which nothing is remembered.</summary>
    private const int NoSlot = -1;
    private const int NotLookedUp = -2;

    private ReorderBuffer<StreamEvent> _pending = new();
    private readonly TimerQueue<Deadline> _deadlines = new();
    private readonly List<Completion> _completions = [];

    // The rules that run; the fields below follow them from swap to swap.
    private RunningRules _rules;
    private RuleLane[] _lanes = [];
    private RuleWork[] _work = [];

    /// <summary>All that was ever at work, as timers know them; null for what is no more.</summary>
    private RuleWork?[] _everAtWork = [];

    /// <summary>How many pairs of rule and key something is remembered of.</summary>
    private int _remembered;
    private long _watermarkMs = Watermark.None;
    private Output<Match> _matches = null!;
    private Output<Match> _timeouts = null!;
    private Output<OrderedError> _errors = null!;
    private Output<RulesChanged> _changes = null!;
    private readonly int _subtask;

    /// <param name="patterns">What to look for.</param>
    /// <param name="countsByRule">Where to count, by <see cref="CompiledRule.Index"/>; this operator's alone.</param>
    public CepOperator(PatternSet patterns, IEnumerable<RuleCounts> countsByRule)
        : this(new RunningRules(patterns, countsByRule.ToArray()), 0)
    {
    }

    /// <param name="rules">What to look for; shared by all subtasks.</param>
    /// <param name="subtask">Which of them this is.</param>
    public CepOperator(RunningRules rules, int subtask)
    {
        (_rules, _subtask) = (rules, subtask);
        Run(rules, rules.Lanes.Select(g => new RuleLane(g)).ToArray(), NewWork, []);
    }

    /// <summary>The side output of partial matches that ran out of time.</summary>
    public static OutputTag<Match> Timeouts { get; } = new("timeouts");

    /// <summary>The side output of rules that have failed.</summary>
    public static OutputTag<OrderedError> Errors { get; } = new("errors");

    /// <summary>The side output of swaps.</summary>
    public static OutputTag<RulesChanged> Changes { get; } = new("changes");

    /// <summary>The number of keys of which something is remembered, of all lanes.</summary>
    public int Keys => _lanes.Sum(l => l.Keys.Count);

    /// <summary>A timer: the runs of a rule and key may have a deadline.</summary>
    private readonly record struct Deadline(int Work, int Slot);

    /// <inheritdoc/>
    public override void Open(OperatorContext<Match> context)
    {
        _matches = context.Output;
        _timeouts = context.SideOutput(Timeouts);
        _errors = context.SideOutput(Errors);
        _changes = context.SideOutput(Changes);
    }

    /// <inheritdoc/>
    public override void Process(ReadOnlySpan<StreamRecord<StreamEvent>> records)
    {
        var lanes = _lanes.Length;
        for (var i = 0; i < records.Length; i++)
        {
            if (records[i].Lane < lanes)
                continue;
            // Seldom: an event without a key somewhere.
            _pending.Add(records[..i]);
            CountWithoutKey(records[i]);
            records = records[(i + 1)..];
            i = -1;
        }
        _pending.Add(records);
    }

    /// <inheritdoc/>
    public override void AdvanceWatermark(long watermarkMs)
    {
        TellOfSwaps();
        _watermarkMs = watermarkMs;
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
            if (work.Draining is not null)
                EndIfDrained(work);
        }
        LetGo();
        GiveBackRoom();
    }

    private void Offer(in StreamRecord<StreamEvent> record)
    {
        var e = record.Value;
        var lane = _lanes[record.Lane];
        var slot = NotLookedUp;
        foreach (var (work, first) in lane.ByStream[e.Stream])
        {
            if (first != AskedFirst.Nothing)
            {
                var isSound = true;
                if ((first & AskedFirst.Unless) != 0)
                    (isSound, slot) = Cancel(work, record, slot);
                if (!isSound || ((first & AskedFirst.Filter) != 0 && !Passes(work, record)))
                    continue;
            }
            work.Counts.Events++;
            if (!work.Evaluator.Begin(e.Value, record.TimestampMs, record.Sequence, e.Stream))
                continue;
            if (slot == NotLookedUp)
                slot = lane.Keys.Find(e);
            var before = work.RunsOf(slot);
            if (!work.Evaluator.MayMove(before))
                continue;
            var after = Step(work, slot, before, record);
            if (_completions.Count > 0)
                Emit(work, record.TimestampMs, record.Sequence);
            if (before is null && after is null)
                continue;
            if (slot < 0)
                slot = lane.AddKey(e, record.KeyGroup);
            if (!Remember(work, slot, before, after, record.TimestampMs == long.MaxValue ? long.MaxValue : record.TimestampMs + 1))
                slot = NoSlot;
        }
    }

    /// <summary>Lets every deadline at or before a time pass, each at its own time.</summary>
    private void PassDeadlines(long upToMs)
    {
        while (_deadlines.TryPop(upToMs, out var deadlineMs, out var deadline))
        {
            // Rules and runs that are gone, or runs that wait for another deadline by now, have left their timer behind.
            if (_everAtWork[deadline.Work] is not { } work || work.RunsOf(deadline.Slot) is not { } runs || runs.TimerMs != deadlineMs)
                continue;
            runs.TimerMs = long.MaxValue;
            var after = Advance(work, deadline.Slot, runs, deadlineMs);
            if (_completions.Count > 0)
                Emit(work, deadlineMs, sequence: null);
            Remember(work, deadline.Slot, runs, after, long.MinValue);
        }
    }

    /// <param name="earliestMs">
    /// When time can next pass for the key: after an event, past its millisecond, so that the key's other events of that time come first.
    /// </param>
    /// <returns>Whether anything is remembered of the key, by any rule of the lane.</returns>
    private bool Remember(RuleWork work, int slot, RunSet? before, RunSet? after, long earliestMs)
    {
        var isKept = true;
        if (!ReferenceEquals(before, after))
        {
            if (after is null)
                work.Changes?.Forget(slot);
            else
                work.Changes?.Touch(slot);
            work.Set(slot, after);
            var count = before is null ? 1 : -1;
            _remembered += count;
            isKept = work.Lane.Count(slot, count);
        }
        if (after is not null)
            SetTimer(work, slot, after, earliestMs);
        return isKept;
    }

    private void SetTimer(RuleWork work, int slot, RunSet runs, long earliestMs)
    {
        var nextMs = Math.Max(runs.NextDeadlineMs, earliestMs);
        if (nextMs >= runs.TimerMs)
            return;
        runs.TimerMs = nextMs;
        _deadlines.Add(nextMs, new Deadline(work.Index, slot));
    }

    private void Emit(RuleWork work, long timeMs, long? sequence)
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

    /// <returns>False where a measure or condition threw; what it makes of arithmetic that fails is counted, also where nobody takes the match.</returns>
    private bool TryEmit(RuleWork work, in Completion completion, long timeMs, long order, bool isEvent)
    {
        if ((completion.IsTimeout ? work.Rule.OfTimeouts : work.Rule.OfMatches) is not { } alert)
            return true;
        var output = alert.IsAlert ? _matches : _timeouts;
        if (!output.IsConnected && !alert.ComputesAnything)
            return true;
        try
        {
            output.Emit(work.Lane.Builder.Build(work.Rule, alert, completion, timeMs, order, work.Counts), timeMs, order, work.Rule.Rank);
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
