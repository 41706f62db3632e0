using Cep.Streaming.Swaps;

namespace Cep.Simulation.Rules;

/// <summary>What one version in the place of another means for each rule, worked out from the texts.</summary>
internal static class ExpectedChanges
{
    /// <summary>What is wrong with what was told of a swap; null for nothing.</summary>
    /// <param name="before">The rules that ran.</param>
    /// <param name="after">The rules that run now.</param>
    /// <param name="told">What was told.</param>
    /// <param name="policy">What was asked for; null where that is not known.</param>
    public static string? Problem(RuleVersion before, RuleVersion after, IReadOnlyList<RuleChange> told, SwapPolicy? policy)
    {
        Dictionary<RuleText, RuleText> old = Pairs(before.Rules, after.Rules);
        List<string> expected = [.. after.Rules.Select(rule => Text(old.GetValueOrDefault(rule), rule)), .. before.Rules.Except(old.Values).Select(rule => Text(rule, null))];
        string? difference = Programs.SimulatedProgram.Difference(expected, [.. told.Select(change => $"{change.Before} {change.After} {change.Kind}")], isOrdered: false);
        if (difference is not null) return difference;
        return told.Where(change => !FateFits(change, policy)).Select(change => $"the partial matches of {change.Name}, {change.Kind}, are {change.Fate}").FirstOrDefault();
    }

    private static string Text(RuleText? before, RuleText? after) => $"{before?.Name} {after?.Name} {Kind(before, after)}";

    private static RuleChangeKind Kind(RuleText? before, RuleText? after) =>
        before is null ? RuleChangeKind.Added
        : after is null ? RuleChangeKind.Removed
        : before == after ? RuleChangeKind.Unchanged
        : before.Meaning == after.Meaning ? RuleChangeKind.Cosmetic
        : before.Shape == after.Shape ? RuleChangeKind.Compatible : RuleChangeKind.Breaking;

    /// <summary>By new rule the old one: that of its name, or else the only one left that means the same as this alone.</summary>
    private static Dictionary<RuleText, RuleText> Pairs(IReadOnlyList<RuleText> before, IReadOnlyList<RuleText> after)
    {
        var pairs = new Dictionary<RuleText, RuleText>(ReferenceEqualityComparer.Instance);
        foreach (RuleText rule in after)
        {
            if (before.FirstOrDefault(b => b.Name == rule.Name) is { } was) pairs.Add(rule, was);
        }

        ILookup<string, RuleText> left = before.Where(b => after.All(a => a.Name != b.Name)).ToLookup(b => b.Meaning);
        foreach (IGrouping<string, RuleText> alike in after.Where(a => !pairs.ContainsKey(a)).GroupBy(a => a.Meaning))
        {
            if (alike.Count() == 1 && left[alike.Key].Count() == 1) pairs.Add(alike.Single(), left[alike.Key].Single());
        }

        return pairs;
    }

    private static bool FateFits(RuleChange change, SwapPolicy? policy) => change.Kind switch
    {
        RuleChangeKind.Unchanged or RuleChangeKind.Cosmetic => change.Fate == RuleFate.Kept,
        RuleChangeKind.Added => change.Fate == RuleFate.Begins,
        RuleChangeKind.Removed => change.Fate == RuleFate.Dropped,
        _ when policy is null => change.Fate is RuleFate.Dropped or RuleFate.Drained || (change.Fate == RuleFate.Carried && change.Kind == RuleChangeKind.Compatible),
        _ => change.Fate == (policy.ByRule.GetValueOrDefault(change.Name, policy.Changed) switch
        {
            PartialMatchPolicy.Drain => RuleFate.Drained,
            PartialMatchPolicy.Carry when change.Kind == RuleChangeKind.Compatible => RuleFate.Carried,
            _ => RuleFate.Dropped,
        }),
    };
}
