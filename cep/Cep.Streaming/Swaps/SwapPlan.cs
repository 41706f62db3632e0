using Cep.Evaluation.Snapshots;
using Cep.Rules;

namespace Cep.Streaming.Swaps;

/// <summary>What it means to put one rule set in the place of another: rule by rule, or why it cannot be done.</summary>
/// <remarks>Immutable.</remarks>
public sealed record SwapPlan
{
    internal SwapPlan(IReadOnlyList<RuleChange> rules, IReadOnlyList<string> refused) => (Rules, Refused) = (rules, refused);

    /// <summary>What happens to each rule that runs: those of the new set in its order, then those that are removed in the order of the old one.</summary>
    public IReadOnlyList<RuleChange> Rules { get; internal init; }

    /// <summary>Why the swap cannot be done, whole sentences; empty where it can.</summary>
    public IReadOnlyList<string> Refused { get; }

    /// <summary>Whether the swap can be done.</summary>
    public bool IsPossible => Refused.Count == 0;

    /// <summary>Whether anything but the order of the rules changes.</summary>
    public bool ChangesAnything => Rules.Any(r => r.Kind != RuleChangeKind.Unchanged);

    /// <summary>
    /// The watermark at which the swap took place, Unix milliseconds: what came before was matched by the old rules, what came after it by the new ones.
    /// Null in a plan that was not carried out.
    /// </summary>
    public long? WatermarkMs { get; internal init; }

    /// <summary>The plan for people: why it is refused, or a sentence for each rule.</summary>
    public IEnumerable<string> Lines => IsPossible ? Rules.Select(r => r.ToString()) : Refused;

    /// <summary>The <see cref="Lines"/>.</summary>
    public override string ToString() => string.Join('\n', Lines);

    /// <summary>What becomes of the partial matches of changed rules.</summary>
    internal SwapPolicy Policy { get; private init; } = SwapPolicy.Carry;

    /// <summary>Whether the versions of a rule of the old set that are being drained end with the swap.</summary>
    internal bool EndsDraining(string name) => OfOld(name) is not { After: { } after } change || (change.Fate == RuleFate.Dropped && Policy.Of(after) == PartialMatchPolicy.Reset);

    /// <summary>What happens to a rule of the old set; null for one that was not in it.</summary>
    internal RuleChange? OfOld(string name) => Rules.FirstOrDefault(r => r.Before == name);

    /// <summary>Plans a swap of rules that run over the same streams.</summary>
    /// <param name="before">The rules that run.</param>
    /// <param name="after">The rules that are to run.</param>
    /// <param name="policy">What becomes of the partial matches of changed rules.</param>
    /// <param name="partialMatches">How many partial matches a rule that runs has; null where that is not known.</param>
    internal static SwapPlan Of(IReadOnlyList<RuleSignature> before, IReadOnlyList<RuleSignature> after, SwapPolicy policy, Func<string, long?> partialMatches)
    {
        var old = Pair(before, after);
        var changes = after.Select(rule => old.TryGetValue(rule, out var was) ? Change(was, rule, policy, partialMatches(was.Name))
            : new RuleChange(null, rule.Name, RuleChangeKind.Added, RuleFate.Begins, 0));
        var removed = before.Except(old.Values).Select(rule => new RuleChange(rule.Name, null, RuleChangeKind.Removed, RuleFate.Dropped, partialMatches(rule.Name)));
        return new SwapPlan([.. changes, .. removed], []) { Policy = policy };
    }

    /// <summary>Plans a swap in a job that runs.</summary>
    /// <param name="keepsState">Whether the job takes checkpoints: then conditions in code are refused.</param>
    /// <param name="whyNotDrained">Says of a rule that runs why it cannot be drained; null where it can. Null where all can.</param>
    /// <inheritdoc cref="Of(IReadOnlyList{RuleSignature}, IReadOnlyList{RuleSignature}, SwapPolicy, Func{string, long?})"/>
    internal static SwapPlan Of(
        PatternSet before, PatternSet after, SwapPolicy policy, bool keepsState, Func<string, long?> partialMatches, Func<CompiledRule, string?>? whyNotDrained = null)
    {
        var plan = Of(before.Signatures, after.Signatures, policy, partialMatches);
        var notDrained = plan.Rules.Where(r => r.Fate == RuleFate.Drained).Select(r => whyNotDrained?.Invoke(before.Find(r.Before!)!)).OfType<string>();
        return new SwapPlan(plan.Rules, [.. Refusals(before.RuleSet.Streams, after, keepsState), .. notDrained]) { Policy = policy };
    }

    private static RuleChange Change(RuleSignature was, RuleSignature rule, SwapPolicy policy, long? partialMatches)
    {
        if (rule.LooksForTheSame(was))
            return new RuleChange(was.Name, rule.Name, was.Name == rule.Name && was.Rest == rule.Rest ? RuleChangeKind.Unchanged : RuleChangeKind.Cosmetic, RuleFate.Kept, partialMatches);
        var kind = rule.IsCompatible(was) ? RuleChangeKind.Compatible : RuleChangeKind.Breaking;
        var fate = policy.Of(rule.Name) switch
        {
            PartialMatchPolicy.Drain => RuleFate.Drained,
            PartialMatchPolicy.Carry when kind == RuleChangeKind.Compatible => RuleFate.Carried,
            _ => RuleFate.Dropped,
        };
        return new RuleChange(was.Name, rule.Name, kind, fate, partialMatches) { Was = was };
    }

    /// <summary>The old rule of each new one: that of its name; else one that is left over and looks for the same, as only these two do.</summary>
    private static Dictionary<RuleSignature, RuleSignature> Pair(IReadOnlyList<RuleSignature> before, IReadOnlyList<RuleSignature> after)
    {
        var names = before.ToDictionary(r => r.Name, StringComparer.Ordinal);
        var pairs = after.Where(r => names.ContainsKey(r.Name)).ToDictionary(r => r, r => names[r.Name], (IEqualityComparer<RuleSignature>)ReferenceEqualityComparer.Instance);
        var (left, right) = (before.Except(pairs.Values).ToList(), after.Where(r => !pairs.ContainsKey(r)).ToList());
        foreach (var rule in right)
        {
            if (left.FindAll(rule.LooksForTheSame) is [var was] && right.FindAll(rule.LooksForTheSame).Count == 1)
                pairs.Add(rule, was);
        }
        return pairs;
    }

    private static IEnumerable<string> Refusals(IReadOnlyList<StreamDefinition> streams, PatternSet after, bool keepsState)
    {
        if (after.Compiled.Count == 0)
            yield return "The rule set has no live rule.";
        foreach (var stream in after.RuleSet.Streams)
        {
            if (streams.FirstOrDefault(s => s.Name == stream.Name) is { } was && was != stream)
                yield return $"The stream `{stream.Name}` is declared otherwise now. A job that runs cannot change what it reads: stop it with a savepoint, and start it from there with the new rules.";
        }
        foreach (var (rule, stream) in after.Rules.SelectMany(r => r.Inputs.Select(i => (r, i.Stream))).Where(r => streams.All(s => s.Name != r.Stream.Name)))
            yield return $"The rule `{rule.Name}` reads the stream `{stream.Name}`, which the job does not have. A job that runs cannot change what it reads: stop it with a savepoint, and start it from there with the new rules.";
        foreach (var rule in keepsState ? after.Rules.Where(r => !PatternFingerprint.Exists(r.Pattern)) : [])
            yield return CodeIsRefused(rule);
    }

    /// <summary>Why a job with checkpoints does not take a rule whose pattern has a condition in code.</summary>
    internal static string CodeIsRefused(Rule rule) => $"The rule `{rule.Name}` has a condition in code. What it remembers cannot be kept in checkpoints, because after a restart "
        + "nobody could tell whether the code is the same.";
}
