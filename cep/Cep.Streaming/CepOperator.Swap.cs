using Cep.Engine.Operators;
using Cep.Engine.Streams;
using Cep.Engine.Time;
using Cep.Evaluation.Snapshots;
using Cep.Streaming.Jobs;
using Cep.Streaming.Quarantine;
using Cep.Streaming.Snapshots;
using Cep.Streaming.Swaps;

namespace Cep.Streaming;

/// <summary>Other rules in the place of those that run, at a barrier.</summary>
/// <remarks>
/// A rule that looks for the same keeps its <see cref="RuleWork"/>, and nothing of it is looked at. One that is carried, begins or is dropped gets a new one. What
/// a snapshot under way has yet to write of an old one stays as it is until it is over.
/// </remarks>
internal sealed partial class CepOperator
{
    /// <summary>How many keys of rules that are no more are let go at a watermark: about a millisecond's work.</summary>
    private const int LetGoSlots = 16 * 1024;

    /// <summary>Rules that are no more, whose keys are still in the tables of their lanes.</summary>
    private readonly Queue<RuleWork> _leaving = new();

    /// <summary>Names of states under which something may lie in snapshots that must not count any more.</summary>
    private readonly HashSet<string> _endedNames = new(StringComparer.Ordinal);

    /// <summary>Up to which slot the first of those that leave was let go.</summary>
    private int _letGo;

    /// <summary>What is to be told with the outputs of the next epoch.</summary>
    private SwapPlan? _toTell;
    private bool _hasSwapped;

    /// <inheritdoc/>
    public override void Apply(object change)
    {
        // One that was made for other rules is not for these; nor is one that was carried out before.
        if (change is not RuleSwap swap || swap.From != _rules)
            return;
        // Where no snapshot and no watermark came in between, the swap before is told now.
        TellOfSwaps();
        var (before, oldLanes) = (_work, _rules.Lanes);
        var old = before.Where(w => w.Draining is null).ToDictionary(w => w.Rule.Rule.Name);
        swap.Count(_watermarkMs, name => before.Where(w => IsCounted(w, name, swap.Plan)).Sum(w => w.Evaluator.PartialMatches));
        var lanes = swap.To.Lanes.Select((g, i) => swap.To.LanesBefore[i] is >= 0 and var before ? _lanes[before] : new RuleLane(g)).ToArray();
        var fates = swap.Plan.Rules.Where(r => r.After is not null).ToDictionary(r => r.After!);
        var names = before.Select(w => w.StateName).ToList();
        Run(swap.To, lanes, (rule, lane) => WorkAfter(old, fates[rule.Rule.Name], rule, lane), before);
        var gone = before.Except(_work).ToList();
        gone.ForEach(Leave);
        KeepCounts(gone, swap.Plan);
        EndNames(names);
        EndDrained();
        MoveWaiting(oldLanes);
        _toTell = swap.Plan;
        _hasSwapped = true;
    }

    /// <summary>Whether partial matches count among those of a rule of the old set: its own, and where they end with the swap those of its versions that are being drained.</summary>
    private static bool IsCounted(RuleWork work, string rule, SwapPlan plan) =>
        work.Draining is null ? work.Rule.Rule.Name == rule : work.Draining.Of == rule && plan.EndsDraining(rule);

    /// <summary>Runs other rules from here on.</summary>
    /// <param name="rules">The rules.</param>
    /// <param name="lanes">Their lanes.</param>
    /// <param name="workOf">What is at work for a rule that runs in a lane.</param>
    /// <param name="before">What was at work before.</param>
    private void Run(RunningRules rules, RuleLane[] lanes, Func<CompiledRule, RuleLane, RuleWork> workOf, IReadOnlyList<RuleWork> before)
    {
        (_rules, _lanes) = (rules, lanes);
        // First those that are drained, for their rules begin anew beside them.
        var draining = rules.Lanes.SelectMany((g, lane) => g.Rules.Select(rule => (Rule: rule, As: rules.DrainingAs(rule), Lane: lanes[lane])))
            .Where(r => r.As is not null).ToDictionary(r => r.Rule, r => WorkOf(r.As!, before, r.Lane));
        _work = rules.Lanes.SelectMany((g, lane) => g.Rules.Select(rule => draining.GetValueOrDefault(rule) ?? workOf(rule, lanes[lane]))).ToArray();
        foreach (var (lane, group) in lanes.Zip(rules.Lanes))
            lane.Read(group, Array.FindAll(_work, w => w.Lane == lane));
    }

    private RuleWork NewWork(CompiledRule rule, RuleLane lane)
    {
        var work = _rules.DrainingAs(rule) is { } draining
            ? new RuleWork(_everAtWork.Length, lane, rule, draining.Counts[_subtask], draining.Quarantine)
            : new RuleWork(_everAtWork.Length, lane, rule, _rules.CountsOf(_subtask)[rule.Index], _rules.Quarantines[rule.Index]);
        _everAtWork = [.. _everAtWork, work];
        return work;
    }

    private RuleWork WorkAfter(Dictionary<string, RuleWork> old, RuleChange change, CompiledRule rule, RuleLane lane)
    {
        var before = change.Before is null ? null : old[change.Before];
        if (before is not null && change.Fate == RuleFate.Kept)
        {
            before.GoOnFor(rule);
            return before;
        }
        var work = NewWork(rule, lane);
        // Snapshots go on from earlier ones, where the rule's name may stand for something else.
        if (old.Values.Any(w => w.Changes is not null))
            work.Track().ForgetAll();
        // What a rule that is drained has counted counts on with it.
        if (before is null || change.Fate == RuleFate.Drained)
            return work;
        work.Counts.GoOnFrom(before.Counts);
        if (change.Fate == RuleFate.Carried)
            Carry(before, work);
        work.Counts.Set(work.Evaluator);
        return work;
    }

    private void Carry(RuleWork from, RuleWork to)
    {
        var carrier = new RunSetCarrier(to.Rule.Pattern);
        for (var slot = 0; slot < from.Runs.Length; slot++)
        {
            if (from.Runs[slot] is not { } runs)
                continue;
            var carried = carrier.Carry(runs);
            to.Evaluator.Adopt(carried);
            to.Set(slot, carried);
            to.Changes?.Touch(slot);
            to.Lane.Count(slot, 1);
            _remembered++;
            SetTimer(to, slot, carried, EarliestMs);
        }
    }

    /// <summary>The first deadline that can still pass.</summary>
    private long EarliestMs => _watermarkMs == Watermark.End ? Watermark.End : _watermarkMs + 1;

    /// <summary>The rule is offered nothing more, and its timers are void; its keys are let go later.</summary>
    private void Leave(RuleWork work)
    {
        _everAtWork[work.Index] = null;
        _leaving.Enqueue(work);
    }

    /// <summary>Lets some keys of rules go that are no more, unless a snapshot has yet to write them.</summary>
    private void LetGo()
    {
        for (var left = LetGoSlots; left > 0 && _leaving.TryPeek(out var work) && work.Changes is not { Walk: not null }; left--)
        {
            if (_letGo >= work.Runs.Length)
            {
                _leaving.Dequeue();
                _letGo = 0;
                continue;
            }
            if (work.Runs[_letGo] is not null)
            {
                work.Lane.Count(_letGo, -1);
                _remembered--;
            }
            _letGo++;
        }
    }

    /// <summary>Names that no state has any more are kept, so that snapshots from here on say that nothing is remembered under them.</summary>
    private void EndNames(IEnumerable<string> before)
    {
        _endedNames.UnionWith(before);
        foreach (var work in _work)
            _endedNames.Remove(work.StateName);
    }

    /// <summary>Brings the events that wait to the lanes that take them now.</summary>
    private void MoveWaiting(IReadOnlyList<RuleGroup> before)
    {
        var lanes = new WaitingLanes([.. before.Select(WaitingLanes.KeysOf)], _rules.Lanes, [.. before[0].Keys.Select((_, stream) => stream)]);
        if (lanes.AreTheSame)
            return;
        var waiting = _pending.ToArray();
        Array.Sort(waiting, (a, b) => (a.TimestampMs, a.Sequence).CompareTo((b.TimestampMs, b.Sequence)));
        _pending = new ReorderBuffer<StreamEvent>();
        foreach (var record in waiting)
        {
            foreach (var lane in lanes.Of(record.Lane, record.Value.Stream))
                _pending.Add(new StreamRecord<StreamEvent>(record.Value, record.TimestampMs, record.Sequence, record.KeyGroup, lane));
        }
    }

    /// <summary>What the attempt begins with was written by other rules: that is a swap too.</summary>
    private void BeginWith(SwapPlan plan)
    {
        if (!plan.ChangesAnything)
            return;
        _toTell = plan;
        if (_subtask == 0)
            _rules.BegunWith = plan with { WatermarkMs = _watermarkMs };
    }

    /// <inheritdoc/>
    public override void EndInput() => TellOfSwaps();

    /// <summary>Tells of a swap, once for all subtasks, with the first outputs that are under it: those of its barrier are still the old rules'.</summary>
    private void TellOfSwaps()
    {
        if (_toTell is not { } plan)
            return;
        _toTell = null;
        if (_subtask != 0)
            return;
        if (_hasSwapped)
            _errors.Emit(OrderedError.OfSwap(_rules), _watermarkMs, long.MinValue);
        if (plan.ChangesAnything)
            _changes.Emit(RulesChanged.Of(plan, _watermarkMs), _watermarkMs, long.MinValue);
    }
}
