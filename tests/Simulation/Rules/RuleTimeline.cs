using Cep.Streaming.Swaps;

namespace Cep.Simulation.Rules;

/// <summary>A swap that was told.</summary>
internal sealed record ToldSwap(RuleVersion Before, RuleVersion After, RulesChanged Changed);

/// <summary>A swap that was answered as done.</summary>
/// <param name="Process">Which process answered, by count.</param>
/// <param name="Before">The version that ran.</param>
/// <param name="After">The version that it put in its place.</param>
/// <param name="WatermarkMs">Where.</param>
/// <param name="Policy">What was asked for.</param>
internal sealed record DoneSwap(int Process, RuleVersion Before, RuleVersion After, long WatermarkMs, SwapPolicy Policy);

/// <summary>Which version ran when, from what was told of swaps; and what is wrong with that.</summary>
internal sealed class RuleTimeline
{
    private RuleTimeline(RuleVersion first, IReadOnlyList<ToldSwap> swaps) => (First, Swaps) = (first, swaps);

    /// <summary>The version that ran first.</summary>
    public RuleVersion First { get; }

    public IReadOnlyList<ToldSwap> Swaps { get; }

    /// <summary>Puts together what was told: each swap is from the version of the one before, and the last one is to the version that runs.</summary>
    /// <param name="told">What was told, in order.</param>
    /// <param name="versions">All versions.</param>
    /// <param name="now">The version that runs in the end.</param>
    /// <param name="problems">Takes what is wrong.</param>
    /// <returns>Null where it cannot be put together.</returns>
    public static RuleTimeline? Of(IReadOnlyList<RulesChanged> told, IReadOnlyList<RuleVersion> versions, RuleVersion now, List<string> problems)
    {
        var swaps = new List<ToldSwap>();
        foreach (RulesChanged changed in told)
        {
            int? before = changed.Rules.Select(rule => RuleVersion.OfSign(rule.Before)).FirstOrDefault(number => number is not null);
            int? after = changed.Rules.Select(rule => RuleVersion.OfSign(rule.After)).FirstOrDefault(number => number is not null);
            if (before is null || after is null || before == after) problems.Add($"A swap was told that is none, from version {before} to {after}.");
            else swaps.Add(new ToldSwap(versions[before.Value], versions[after.Value], changed));
        }

        RuleVersion first = swaps.Count == 0 ? now : swaps[0].Before;
        var timeline = new RuleTimeline(first, swaps);
        foreach ((ToldSwap one, ToldSwap next) in swaps.Zip(swaps.Skip(1)))
        {
            if (one.After != next.Before || one.Changed.WatermarkMs > next.Changed.WatermarkMs) problems.Add($"Swaps do not follow each other: {timeline}.");
        }

        if (swaps.Count > 0 && swaps[^1].After != now) problems.Add($"Version {now.Number} runs in the end, but what was told is {timeline}.");
        return problems.Count == 0 ? timeline : null;
    }

    /// <summary>Holds what was told of each swap against the texts of the rules and the policy.</summary>
    public void CheckChanges(IReadOnlyList<DoneSwap> done, List<string> problems)
    {
        foreach (ToldSwap swap in Swaps)
        {
            SwapPolicy? policy = done.Where(d => d.Before == swap.Before && d.After == swap.After && d.WatermarkMs == swap.Changed.WatermarkMs).Select(d => d.Policy).Distinct().Take(2).ToList() is [var one] ? one : null;
            if (ExpectedChanges.Problem(swap.Before, swap.After, swap.Changed.Rules, policy) is { } problem) problems.Add($"From version {swap.Before.Number} to {swap.After.Number}: {problem}.");
        }
    }

    /// <summary>Sees to it that every swap that was answered as done was told, once, in order.</summary>
    /// <param name="done">Those swaps, in order.</param>
    /// <param name="begunWith">The version with which each process began.</param>
    /// <param name="problems">Takes what is wrong.</param>
    public void CheckDone(IReadOnlyList<DoneSwap> done, IReadOnlyList<RuleVersion> begunWith, List<string> problems)
    {
        int next = 0;
        foreach ((int i, DoneSwap swap) in done.Index())
        {
            int at = Swaps.Skip(next).TakeWhile(told => told.After != swap.After || told.Changed.WatermarkMs != swap.WatermarkMs).Count() + next;
            if (at < Swaps.Count) next = at + 1;
            // A process that begins with other rules, where the last thing done was that swap, has them in the place of the rules before it.
            else if (done.Skip(i + 1).Any(later => later.Process == swap.Process) || swap.Process + 1 >= begunWith.Count || begunWith[swap.Process + 1] == swap.After)
                problems.Add($"A swap to version {swap.After.Number} was done at {swap.WatermarkMs}, but what was told is {this}.");
        }
    }

    public override string ToString() => string.Join(", ", Swaps.Select(swap => $"at {swap.Changed.WatermarkMs} from {swap.Before.Number} to {swap.After.Number}"));
}
