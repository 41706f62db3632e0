using Cep.Differential.Cases;
using Cep.Simulation.Programs;
using Cep.Streaming.Jobs;
using Cep.Streaming.Swaps;

namespace Cep.Simulation.Rules;

/// <summary>The swaps of one course: those that are asked for, with what came of them, and those that come of beginning with other rules.</summary>
internal sealed class RuleSwaps(RuleVersions versions)
{
    private readonly List<DoneSwap> _done = [];
    private readonly List<RuleVersion> _begunWith = [];

    /// <summary>The version that is known to be in force.</summary>
    private RuleVersion _known = versions.All[0];

    /// <summary>Those that were answered as done and changed something, in order.</summary>
    public IReadOnlyList<DoneSwap> Done => _done;

    /// <summary>The version with which each process began that something may befall.</summary>
    public IReadOnlyList<RuleVersion> BegunWith => _begunWith;

    /// <summary>A process begins: most often with the rules that are known to be in force; the undisturbed run with the first.</summary>
    public (RuleVersion Version, SwapPolicy AtRestore) Begin(ProgramPlace place)
    {
        if (place.Random is not { } random) return (versions.All[0], SwapPolicy.Carry);
        if (!random.Chance(70)) _known = versions.All[random.Below(versions.All.Count)];
        _begunWith.Add(_known);
        // To drain at a restore is refused now and then, which is no matter of the engine's.
        return (_known, versions.Drain ? SwapPolicy.Carry : DrawPolicy(random));
    }

    /// <summary>Asks for a swap.</summary>
    /// <returns>What came of it.</returns>
    public async Task<string> Ask(RuleJob job, ProgramPlace place, SplitMix64 random)
    {
        RuleVersion? to = random.Chance(90) ? versions.All[random.Below(versions.All.Count)] : null;
        SwapPolicy policy = DrawPolicy(random);
        int process = _begunWith.Count - 1;
        SwapPlan plan;
        try
        {
            plan = await job.SwapAsync(to?.Patterns ?? versions.Unlike, policy).ConfigureAwait(false);
        }
        catch (InvalidOperationException problem)
        {
            return problem.Message is "The job is not running." or "The job has ended." ? "swaps too early or late" : "swaps undone";
        }

        if (place.Scheduler.IsKilled) return "";
        place.Guarantees.Check(plan.IsPossible == to is not null, $"A swap was {(plan.IsPossible ? "done" : "refused")}: {plan}.");
        if (to is null || !plan.IsPossible) return "swaps refused";
        place.Guarantees.Check(RuleVersion.Of(job.Patterns) == to.Number, $"A swap to version {to.Number} was done, and version {RuleVersion.Of(job.Patterns)} runs.");
        _known = to;
        if (!plan.ChangesAnything) return "swaps of nothing";
        int before = plan.Rules.Select(rule => RuleVersion.OfSign(rule.Before)).First(number => number is not null)!.Value;
        _done.Add(new DoneSwap(process, versions.All[before], to, plan.WatermarkMs!.Value, policy));
        return plan.Rules.Any(rule => rule is { Fate: RuleFate.Drained, PartialMatches: > 0 }) ? "swaps done that drain" : "swaps done";
    }

    /// <summary>A policy for all rules, and another one for some of them.</summary>
    private SwapPolicy DrawPolicy(SplitMix64 random)
    {
        PartialMatchPolicy[] all = [PartialMatchPolicy.Carry, versions.Drain ? PartialMatchPolicy.Drain : PartialMatchPolicy.Reset];
        IEnumerable<string> names = versions.All.SelectMany(version => version.Rules).Select(rule => rule.Name).Distinct();
        return new SwapPolicy { Changed = random.OneOf(all), ByRule = names.Where(_ => random.Chance(15)).ToDictionary(name => name, _ => random.OneOf(all)) };
    }
}
