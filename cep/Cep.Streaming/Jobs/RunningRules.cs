using Cep.Evaluation;
using Cep.Rules;
using Cep.Streaming.Quarantine;
using Cep.Streaming.Swaps;

namespace Cep.Streaming.Jobs;

/// <summary>
/// The rules that the subtasks of a job run, from the beginning of an attempt or from a swap on: what they share, and what each of them counts. Other threads may
/// add that up from the beginning.
/// </summary>
internal sealed class RunningRules
{
    private readonly RuleCounts[][] _counts;
    private readonly long _lastNumber;
    private volatile SwapPlan? _begunWith;

    private RunningRules(
        PatternSet patterns, IReadOnlyList<DrainingRule> draining, long lastNumber, IReadOnlyList<(RuleGroup Group, int LaneBefore)> lanes, IReadOnlyList<RuleQuarantine> quarantines, RuleCounts[][] counts) =>
        (Patterns, Draining, _lastNumber, Lanes, LanesBefore, Quarantines, _counts) =
            (patterns, draining, lastNumber, [.. lanes.Select(l => l.Group)], [.. lanes.Select(l => l.LaneBefore)], quarantines, counts);

    /// <summary>The rules of a set, at the beginning of an attempt.</summary>
    public RunningRules(PatternSet patterns, int parallelism)
        : this(patterns, Enumerable.Range(0, parallelism).Select(_ => NewCounts(patterns)).ToArray())
    {
    }

    /// <inheritdoc cref="RunningRules(PatternSet, int)"/>
    /// <param name="counts">Where each subtask counts, by rule.</param>
    public RunningRules(PatternSet patterns, params RuleCounts[][] counts)
        : this(patterns, [], 0, [.. patterns.Groups.Select(g => (g, -1))], [.. patterns.Compiled.Select(_ => new RuleQuarantine())], counts)
    {
    }

    public PatternSet Patterns { get; }

    /// <summary>The versions of rules that are being drained, the oldest first.</summary>
    public IReadOnlyList<DrainingRule> Draining { get; }

    /// <summary>The rules that run, and the versions of rules that are being drained.</summary>
    public IEnumerable<CompiledRule> Compiled => Patterns.Compiled.Concat(Draining.Select(d => d.Compiled));

    /// <summary>The rules by lane.</summary>
    public IReadOnlyList<RuleGroup> Lanes { get; }

    /// <summary>By lane, which one it was before the swap; -1 for a new one.</summary>
    public IReadOnlyList<int> LanesBefore { get; }

    /// <summary>By rule.</summary>
    public IReadOnlyList<RuleQuarantine> Quarantines { get; }

    /// <summary>What becomes of partial matches in what the attempt goes on from, where that is of other rules.</summary>
    public SwapPolicy PolicyAtRestore { get; init; } = SwapPolicy.Carry;

    /// <summary>Whether <see cref="DrainingRule.Of"/> names rules of this set; else those of the set that ran when the attempt's checkpoint was taken.</summary>
    public bool DrainingIsOfThese { get; private init; } = true;

    /// <summary>The swap with which the attempt began, because what it goes on from was written by other rules; null for none.</summary>
    public SwapPlan? BegunWith { get => _begunWith; set => _begunWith = value; }

    /// <summary>Where a subtask counts, by rule.</summary>
    public IReadOnlyList<RuleCounts> CountsOf(int subtask) => _counts[subtask];

    /// <summary>What all subtasks have counted of a rule so far, without what they have of versions that are being drained.</summary>
    public RuleCounts CountsOf(CompiledRule rule)
    {
        var sum = new RuleCounts();
        foreach (var counts in _counts)
            sum.Add(counts[rule.Index]);
        return sum;
    }

    /// <summary>The versions of a rule that are being drained.</summary>
    public IEnumerable<DrainingRule> DrainingOf(string rule) => Draining.Where(d => d.Of == rule);

    /// <summary>The rule as one that is being drained; null where it runs.</summary>
    public DrainingRule? DrainingAs(CompiledRule rule) => Draining.FirstOrDefault(d => d.Compiled == rule);

    /// <summary>The youngest version that is being drained of a rule of another set; null for none.</summary>
    /// <param name="was">What the rule was there.</param>
    public DrainingRule? DrainingFrom(RuleSignature was) => Draining.LastOrDefault(d => d.Compiled.Rule.Name == was.Name && RuleSignature.Of(d.Compiled).LooksForTheSame(was));

    /// <summary>What is kept of the versions that are being drained.</summary>
    public DrainingVersions Kept => new(_lastNumber, [.. Draining.Select(d => d.Version)]);

    /// <summary>These rules with versions that are being drained, at the beginning of an attempt.</summary>
    /// <param name="versions">The versions.</param>
    /// <param name="areOfThese">See <see cref="DrainingIsOfThese"/>.</param>
    public RunningRules With(DrainingVersions versions, bool areOfThese)
    {
        if (versions.LastNumber == 0)
            return this;
        var draining = versions.Versions.Select((v, i) =>
            new DrainingRule(v.Number, v.Of, Placed(Patterns, i, v.Rule), new RuleQuarantine(), [.. _counts.Select(_ => new RuleCounts())])).ToList();
        var lanes = RuleGroup.Of([.. Patterns.Compiled, .. draining.Select(d => d.Compiled)], Patterns.RuleSet.Streams).Select(g => (g, -1)).ToList();
        return new RunningRules(Patterns, draining, versions.LastNumber, lanes, Quarantines, _counts) { PolicyAtRestore = PolicyAtRestore, DrainingIsOfThese = areOfThese };
    }

    /// <summary>
    /// The rules of another set in the place of these: those that keep their partial matches keep their patterns, counts and lanes. So do versions that are being drained, but for those that
    /// have ended.
    /// </summary>
    /// <param name="plan">What happens to each rule; possible.</param>
    /// <param name="next">The new set.</param>
    public RunningRules After(SwapPlan plan, PatternSet next)
    {
        var old = plan.Rules.Where(r => r is { Before: not null, After: not null }).ToDictionary(r => r.After!, r => (Rule: Patterns.Find(r.Before!)!, r.Fate));
        var patterns = PatternSet.Compile(next.RuleSet with { Streams = Patterns.RuleSet.Streams }, rule => old.TryGetValue(rule.Name, out var was) && was.Fate == RuleFate.Kept ? was.Rule.Pattern : null);
        CompiledRule? Kept(CompiledRule rule) => old.TryGetValue(rule.Rule.Name, out var was) && was.Fate == RuleFate.Kept ? was.Rule : null;
        var (draining, lastNumber) = DrainingAfter(plan, patterns);
        int LaneBefore(CompiledRule rule) =>
            draining.Find(d => d.Now.Compiled == rule) is { Before: { } drained } ? LaneOf(drained)
            : old.TryGetValue(rule.Rule.Name, out var was) && was.Fate is RuleFate.Kept or RuleFate.Carried ? LaneOf(was.Rule)
            : -1;
        return new RunningRules(
            patterns, [.. draining.Select(d => d.Now)], lastNumber,
            RuleGroup.Of([.. patterns.Compiled, .. draining.Select(d => d.Now.Compiled)], patterns.RuleSet.Streams, LaneBefore),
            [.. patterns.Compiled.Select(rule => Kept(rule) is { } was ? Quarantines[was.Index] : new RuleQuarantine())],
            [.. _counts.Select(counts => patterns.Compiled.Select(rule => Kept(rule) is { } was ? counts[was.Index] : new RuleCounts()).ToArray())]);
    }

    /// <summary>The versions that are drained after a swap, each with what it was compiled as before.</summary>
    private (List<(DrainingRule Now, CompiledRule Before)> Draining, long LastNumber) DrainingAfter(SwapPlan plan, PatternSet patterns)
    {
        var (draining, number) = (new List<(DrainingRule Now, CompiledRule Before)>(), _lastNumber);
        foreach (var was in Draining.Where(d => !d.HasEnded && !plan.EndsDraining(d.Of)))
            draining.Add((was.Beside(plan.OfOld(was.Of)!.After!, Placed(patterns, draining.Count, was.Compiled.Rule, was.Pattern)), was.Compiled));
        foreach (var was in Patterns.Compiled)
        {
            if (plan.OfOld(was.Rule.Name) is not { Fate: RuleFate.Drained, After: { } after })
                continue;
            var placed = Placed(patterns, draining.Count, was.Rule, was.Pattern);
            draining.Add((new DrainingRule(++number, after, placed, Quarantines[was.Index], [.. _counts.Select(c => c[was.Index])]), was));
        }
        return (draining, number);
    }

    /// <summary>A rule that is drained beside those of a set, the first of which comes after all of them.</summary>
    private static CompiledRule Placed(PatternSet patterns, int draining, Rule rule, CompiledPattern? pattern = null) =>
        new(rule, patterns.Compiled.Count + draining, patterns.RuleSet.Streams, pattern) { Rank = patterns.Compiled.Count + draining };

    private int LaneOf(CompiledRule rule) => Lanes.Index().First(l => l.Item.Rules.Contains(rule)).Index;

    private static RuleCounts[] NewCounts(PatternSet patterns) => patterns.Compiled.Select(_ => new RuleCounts()).ToArray();
}
