using Cep.Streaming.Jobs;
using Cep.Streaming.Swaps;

namespace Cep.Streaming;

/// <summary>
/// Versions of rules that others have taken the place of. A rule that is drained keeps its <see cref="RuleWork"/> and its lane, and begins nothing more. Where nothing is remembered any more
/// it is offered nothing; when that is so on all subtasks, it is left out at the next swap.
/// </summary>
internal sealed partial class CepOperator
{
    /// <summary>What is at work for a version that is being drained: what was at work for it before, or for the rule while it ran.</summary>
    private RuleWork WorkOf(DrainingRule draining, IReadOnlyList<RuleWork> before, RuleLane lane)
    {
        var work = before.FirstOrDefault(w => w.Draining?.Number == draining.Number)
            ?? before.FirstOrDefault(w => w.Draining is null && ReferenceEquals(w.Rule.Rule, draining.Compiled.Rule))
            ?? NewWork(draining.Compiled, lane);
        work.GoOnFor(draining.Compiled, draining);
        return work;
    }

    /// <summary>Versions that are drained no more: what they have counted stays with the rules that run.</summary>
    private void KeepCounts(IEnumerable<RuleWork> gone, SwapPlan plan)
    {
        foreach (var work in gone.Where(w => w.Draining is not null))
        {
            if (plan.OfOld(work.Draining!.Of)?.After is not { } after)
                continue;
            var running = RunningWorkOf(after);
            running.Counts.GoOnFrom(work.Counts);
            running.Counts.Set(running.Evaluator);
        }
    }

    private void EndIfDrained(RuleWork work)
    {
        if (work.Remembered > 0 || work.Draining!.HasEndedOn(_subtask))
            return;
        work.Draining.EndOn(_subtask);
        work.IsStopped = true;
        work.Lane.Offer();
    }

    private void EndDrained()
    {
        foreach (var work in _work.Where(w => w.Draining is not null))
            EndIfDrained(work);
    }

    /// <summary>Everything is read: versions that are being drained belong to the rules that run now.</summary>
    private void GoOnDraining(SwapPlan plan)
    {
        foreach (var draining in _rules.Draining)
            draining.Of = OfNow(draining, plan) ?? draining.Of;
        EndDrained();
    }

    /// <summary>The rule that runs in the place of a version that is being drained; null where it is not to go on.</summary>
    private string? OfNow(DrainingRule draining, SwapPlan plan) =>
        _rules.DrainingIsOfThese ? draining.Of
        : plan.OfOld(draining.Of) is { } change ? plan.EndsDraining(draining.Of) ? null : change.After
        : _rules.Patterns.Find(draining.Of)?.Rule.Name;

    private static SwapRefusedException NotKnown(RuleChange change) =>
        new($"The rule `{change.After}` is not what it was when the checkpoint was taken, and what it was is not known, so it cannot be drained.");
}
