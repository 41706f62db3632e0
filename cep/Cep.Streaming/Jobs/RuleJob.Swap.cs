using Cep.Engine.Checkpoints;
using Cep.Streaming.Swaps;

namespace Cep.Streaming.Jobs;

/// <summary>Putting other rules in the place of those that run, without stopping the stream.</summary>
public sealed partial class RuleJob
{
    private readonly SemaphoreSlim _oneSwap = new(1);

    /// <summary>The rules that run.</summary>
    public PatternSet Patterns => _running.Patterns;

    /// <summary>
    /// The swap that the job began with, because the checkpoint or savepoint that it goes on from was written by other rules; null for none, and before the job
    /// has read what it goes on from.
    /// </summary>
    public SwapPlan? BegunWith => _begun.BegunWith;

    /// <summary>What it would mean to put another rule set in the place of the one that runs. Nothing is changed.</summary>
    /// <param name="next">The rules that are to run; over streams that the job has.</param>
    /// <param name="policy">What becomes of the partial matches of changed rules; null for <see cref="SwapPolicy.Carry"/>.</param>
    /// <returns>The plan, or why it is refused. Partial matches are counted as of a moment ago: <see cref="SwapAsync"/> tells how many there were.</returns>
    public SwapPlan PlanSwap(PatternSet next, SwapPolicy? policy = null)
    {
        ArgumentNullException.ThrowIfNull(next);
        return Plan(_running, next, policy ?? SwapPolicy.Carry);
    }

    /// <summary>Puts another rule set in the place of the one that runs, for all subtasks at the same place of the input: at the barrier of a checkpoint, or where
    /// the job takes none at a watermark.</summary>
    /// <remarks>
    /// At the barrier the watermark is W. Events up to W were matched by the rules before; events after W, also those that had arrived and waited for the watermark, are
    /// matched by the new ones. But where no rule before read a stream by a new rule's key, the new rule sees the events of that stream that arrive after the
    /// barrier. Rules that look for the same keep their partial matches and deadlines; those that are dropped are told neither as matches nor as timeouts. A carried
    /// partial match whose deadline would have passed by now runs out of time at W + 1. A rule that is drained tells what it would have told of the partial matches that began up to W, but that later ones
    /// neither count for its limit of partial matches nor for which of several matches with one first event its skip strategy tells; it goes on being drained over later swaps, until its rule is removed or begins anew by <see cref="PartialMatchPolicy.Reset"/>. A rule that had failed stays so only where it looks for the same. Swaps are
    /// carried out one after the other.
    /// </remarks>
    /// <param name="next">The rules that are to run; over streams that the job has.</param>
    /// <param name="policy">What becomes of the partial matches of changed rules; null for <see cref="SwapPolicy.Carry"/>.</param>
    /// <param name="properties">What is to stand in <see cref="Manifest.Properties"/> from this checkpoint on, beside what stands there now; null for nothing.</param>
    /// <returns>
    /// The plan as it was carried out, once the checkpoint is complete, if one is taken: with the watermark, and how many partial matches there were. Or why it is refused, and then
    /// nothing has changed.
    /// </returns>
    /// <exception cref="InvalidOperationException">The job is not running, or it failed before the checkpoint was complete: the rules before run on where it is restarted.</exception>
    public async Task<SwapPlan> SwapAsync(PatternSet next, SwapPolicy? policy = null, IReadOnlyDictionary<string, string>? properties = null)
    {
        ArgumentNullException.ThrowIfNull(next);
        await _oneSwap.WaitAsync().ConfigureAwait(false);
        try
        {
            while (true)
            {
                var running = _running;
                var plan = Plan(running, next, policy ?? SwapPolicy.Carry);
                if (!plan.IsPossible)
                    return plan;
                var swap = new RuleSwap(running, plan, next);
                await CarryOut(swap, policy ?? SwapPolicy.Carry, properties).ConfigureAwait(false);
                if (swap.IsComplete)
                    return swap.Done();
                // The job was restarted in between, and the plan was for what it ran before.
            }
        }
        finally
        {
            _oneSwap.Release();
        }
    }

    private SwapPlan Plan(RunningRules running, PatternSet next, SwapPolicy policy)
    {
        var plan = SwapPlan.Of(running.Patterns, next, policy, _history is not null, name => running.CountsOf(running.Patterns.Find(name)!).PartialMatches, _history is null ? null : _history.WhyNotDrained);
        return plan with { Rules = [.. plan.Rules.Select(r => r with { PartialMatches = r.PartialMatches + EndingWith(r, running, plan) })] };
    }

    /// <summary>How many partial matches versions have that are being drained and end with a swap.</summary>
    private static long EndingWith(RuleChange change, RunningRules running, SwapPlan plan) =>
        change.Before is { } rule && plan.EndsDraining(rule) ? running.DrainingOf(rule).Sum(d => d.SumOfCounts().PartialMatches) : 0;

    private async Task CarryOut(RuleSwap swap, SwapPolicy policy, IReadOnlyDictionary<string, string>? properties)
    {
        if (_history is null)
        {
            await _job.ChangeAsync(swap, new Dictionary<string, string>()).ConfigureAwait(false);
            swap.Complete();
            return;
        }
        var kept = _history.Expect(swap, policy, properties);
        while (!swap.IsComplete)
        {
            try
            {
                await _job.ChangeAsync(swap, kept).ConfigureAwait(false);
                return;
            }
            catch (CheckpointStoreException)
            {
                // The checkpoint was given up, but its barrier may be on its way: the next checkpoint has the swap, whichever of them carried it.
            }
        }
    }
}
