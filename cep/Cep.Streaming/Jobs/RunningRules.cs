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
    private volatile SwapPlan? _begunWith;

    private RunningRules(PatternSet patterns, IReadOnlyList<RuleGroup> lanes, IReadOnlyList<int> lanesBefore, IReadOnlyList<RuleQuarantine> quarantines, RuleCounts[][] counts) =>
        (Patterns, Lanes, LanesBefore, Quarantines, _counts) = (patterns, lanes, lanesBefore, quarantines, counts);

    /// <summary>The rules of a set, at the beginning of an attempt.</summary>
    public RunningRules(PatternSet patterns, int parallelism)
        : this(patterns, Enumerable.Range(0, parallelism).Select(_ => NewCounts(patterns)).ToArray())
    {
    }

    /// <inheritdoc cref="RunningRules(PatternSet, int)"/>
    /// <param name="counts">Where each subtask counts, by rule.</param>
    public RunningRules(PatternSet patterns, params RuleCounts[][] counts)
        : this(patterns, patterns.Groups, [.. patterns.Groups.Select(_ => -1)], [.. patterns.Compiled.Select(_ => new RuleQuarantine())], counts)
    {
    }

    public PatternSet Patterns { get; }

    /// <summary>The rules by lane.</summary>
    public IReadOnlyList<RuleGroup> Lanes { get; }

    /// <summary>By lane, which one it was before the swap; -1 for a new one.</summary>
    public IReadOnlyList<int> LanesBefore { get; }

    /// <summary>By rule.</summary>
    public IReadOnlyList<RuleQuarantine> Quarantines { get; }

    /// <summary>What becomes of partial matches in what the attempt goes on from, where that is of other rules.</summary>
    public SwapPolicy PolicyAtRestore { get; init; } = SwapPolicy.Carry;

    /// <summary>The swap with which the attempt began, because what it goes on from was written by other rules; null for none.</summary>
    public SwapPlan? BegunWith { get => _begunWith; set => _begunWith = value; }

    /// <summary>Where a subtask counts, by rule.</summary>
    public IReadOnlyList<RuleCounts> CountsOf(int subtask) => _counts[subtask];

    /// <summary>What all subtasks have counted of a rule so far.</summary>
    public RuleCounts CountsOf(CompiledRule rule)
    {
        var sum = new RuleCounts();
        foreach (var counts in _counts)
            sum.Add(counts[rule.Index]);
        return sum;
    }

    /// <summary>The rules of another set in the place of these: those that keep their partial matches keep their patterns, counts and lanes.</summary>
    /// <param name="plan">What happens to each rule; possible.</param>
    /// <param name="next">The new set.</param>
    public RunningRules After(SwapPlan plan, PatternSet next)
    {
        var old = plan.Rules.Where(r => r is { Before: not null, After: not null }).ToDictionary(r => r.After!, r => (Rule: Patterns.Find(r.Before!)!, r.Fate));
        var patterns = PatternSet.Compile(next.RuleSet with { Streams = Patterns.RuleSet.Streams }, rule => old.TryGetValue(rule.Name, out var was) && was.Fate == RuleFate.Kept ? was.Rule.Pattern : null);
        CompiledRule? Kept(CompiledRule rule) => old.TryGetValue(rule.Rule.Name, out var was) && was.Fate == RuleFate.Kept ? was.Rule : null;
        int LaneBefore(CompiledRule rule) => old.TryGetValue(rule.Rule.Name, out var was) && was.Fate != RuleFate.Dropped ? LaneOf(was.Rule) : -1;
        var lanes = RuleGroup.Of(patterns.Compiled, patterns.RuleSet.Streams, LaneBefore);
        return new RunningRules(
            patterns, [.. lanes.Select(l => l.Group)], [.. lanes.Select(l => l.LaneBefore)],
            [.. patterns.Compiled.Select(rule => Kept(rule) is { } was ? Quarantines[was.Index] : new RuleQuarantine())],
            [.. _counts.Select(counts => patterns.Compiled.Select(rule => Kept(rule) is { } was ? counts[was.Index] : new RuleCounts()).ToArray())]);
    }

    private int LaneOf(CompiledRule rule) => Lanes.Index().First(l => l.Item.Rules.Contains(rule)).Index;

    private static RuleCounts[] NewCounts(PatternSet patterns) => patterns.Compiled.Select(_ => new RuleCounts()).ToArray();
}
