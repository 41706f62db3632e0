using Cep.Engine.Checkpoints;
using Cep.Engine.Operators;
using Cep.Engine.Streams;
using Cep.Evaluation;
using Cep.Evaluation.Snapshots;
using Cep.Events;
using Cep.Streaming.Snapshots;
using Cep.Streaming.Swaps;

namespace Cep.Streaming;

/// <summary>What is remembered, written at a barrier and read back.</summary>
internal sealed partial class CepOperator
{
    private RulesSnapshot? _snapshot;

    private bool IsWriting => _snapshot is { IsOver: false };

    /// <inheritdoc/>
    public override OperatorSnapshot BeginSnapshot(SnapshotKind kind)
    {
        // What is told here is in this checkpoint, as the change is.
        TellOfSwaps();
        var pending = new PendingSnapshot(_pending.ToArray(), new PendingFormat(_rules.Patterns.RuleSet.Streams, _rules.Lanes));
        return _snapshot = new RulesSnapshot(_work, kind, new SmallState(_rules, _watermarkMs, _work), pending, [.. _endedNames]);
    }

    /// <inheritdoc/>
    public override void Restore(StateReader state)
    {
        var plan = PlanOf(state);
        var readers = state.States.Select(s => ReaderOf(plan, s)).ToArray();
        Action<string, long, RuleCounts> onRule = (name, failedSinceMs, counts) => RestoreRule(plan.OfOld(name), failedSinceMs, counts);
        Action<long, long, RuleCounts> onDraining = (number, failedSinceMs, counts) => RestoreDraining(plan, number, failedSinceMs, counts);
        var pending = new List<StreamRecord<StreamEvent>>();
        PendingReader? pendingReader = null;
        while (state.Next(out var entry))
        {
            if (SmallState.TryRead(entry, ref _watermarkMs, onRule, onDraining))
                continue;
            if (entry.State.Name == PendingFormat.Name)
                (pendingReader ??= new PendingReader(entry.State, _rules.Patterns.RuleSet.Streams, _rules.Lanes)).Read(entry, pending);
            else if (readers[entry.StateIndex] is var (work, reader))
                RestoreKey(work, entry, reader.Value);
        }
        foreach (var record in pending)
            _pending.Add(record);
        foreach (var work in _work)
            GoOn(work);
        GoOnDraining(plan);
        BeginWith(plan);
    }

    /// <summary>What happens to each rule that wrote a snapshot. One that does not say which rules those are must be of these.</summary>
    private SwapPlan PlanOf(StateReader state)
    {
        var now = _rules.Patterns.Signatures;
        return SwapPlan.Of(RuleSetSchema.Read(state.States) ?? now, now, _rules.PolicyAtRestore, _ => null);
    }

    /// <summary>Who goes on with the entries of a state, and what reads them when there is one; null where nobody does.</summary>
    private (RuleWork Work, Lazy<RunSetFormat.Reader> Reader)? ReaderOf(SwapPlan plan, StateSchema state)
    {
        if (Array.Find(_work, w => w.Draining is not null && w.StateName == state.Name) is { Draining: { } draining } drained)
            return OfNow(draining, plan) is null ? null : Reading(drained, carries: false);
        if (plan.OfOld(RuleStateFormat.RuleOf(state)) is not { Fate: RuleFate.Kept or RuleFate.Carried or RuleFate.Drained } change)
            return null;
        return Reading(WorkOf(change), change.Fate == RuleFate.Carried);

        (RuleWork, Lazy<RunSetFormat.Reader>) Reading(RuleWork work, bool carries) => (work, new Lazy<RunSetFormat.Reader>(() => RuleStateFormat.Read(work.Rule, state, carries)));
    }

    /// <summary>Who goes on with what a rule remembered; of one that is drained from here on, the youngest version of its name.</summary>
    private RuleWork WorkOf(RuleChange change) => change.Fate == RuleFate.Drained
        ? WorkOf(_rules.DrainingFrom(change.Was!)?.Number ?? throw NotKnown(change))!
        : RunningWorkOf(change.After!);

    private RuleWork RunningWorkOf(string name) => Array.Find(_work, w => w.Draining is null && w.Rule.Rule.Name == name)!;

    private RuleWork? WorkOf(long draining) => Array.Find(_work, w => w.Draining?.Number == draining);

    private void RestoreRule(RuleChange? change, long failedSinceMs, RuleCounts counts)
    {
        if (change?.After is null)
            return;
        var work = WorkOf(change);
        if (change.Fate is RuleFate.Kept or RuleFate.Drained)
            work.Quarantine.Begin(failedSinceMs);
        // Every subtask sees what all of them have counted; one goes on with it.
        if (_subtask == 0)
            work.Counts.GoOnFrom(counts);
    }

    private void RestoreKey(RuleWork work, in SegmentEntry entry, RunSetFormat.Reader reader)
    {
        var slot = work.Lane.FindOrAddKey(new EventBinaryInput(entry.Key.ToArray()), entry.KeyGroup);
        var after = entry.IsDelete ? null : reader.Read(new EventBinaryInput(entry.Value.ToArray()));
        var before = work.RunsOf(slot);
        if (before is not null)
            work.Evaluator.Release(before);
        if (after is not null)
            work.Evaluator.Adopt(after);
        work.Set(slot, after);
        var more = Convert.ToInt32(after is not null) - Convert.ToInt32(before is not null);
        _remembered += more;
        work.Lane.Count(slot, more);
    }

    private void RestoreDraining(SwapPlan plan, long number, long failedSinceMs, RuleCounts counts)
    {
        if (WorkOf(number) is not { Draining: { } draining } work || OfNow(draining, plan) is null)
            return;
        work.Quarantine.Begin(failedSinceMs);
        if (_subtask == 0)
            work.Counts.GoOnFrom(counts);
    }

    /// <summary>Everything is read: what waits for a deadline waits on, and a rule that had failed is stopped.</summary>
    private void GoOn(RuleWork work)
    {
        for (var slot = 0; slot < work.Runs.Length; slot++)
        {
            if (work.Runs[slot] is { } runs)
                SetTimer(work, slot, runs, EarliestMs);
        }
        if (work.Quarantine.HasBegunBy(_watermarkMs))
            Stop(work);
        work.Counts.Set(work.Evaluator);
    }
}
