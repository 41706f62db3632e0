using Cep.Evaluation;
using Cep.Events;
using Cep.Streaming.Jobs;
using Cep.Streaming.Matches;
using Cep.Streaming.Snapshots;
using Cep.Streaming.Swaps;

namespace Cep.Streaming.Throttling;

/// <summary>Holds back alerts as <c>suppress</c> and <c>limit</c> of their rules say, in the order of outputs; so what is told is the same at any parallelism.</summary>
/// <remarks>
/// For the sink thread, but for <see cref="HeldBack"/>. Versions of a rule that are being drained share what is remembered with it where their clause is the same. A rule without such clauses costs one look at it.
/// </remarks>
/// <param name="begun">The rules with which the attempt of the job begins.</param>
internal sealed class AlertThrottle(Func<RunningRules> begun)
{
    private Dictionary<CompiledPattern, RuleThrottle> _throttles = [];

    /// <summary>The rules whose outputs come; null before the first.</summary>
    private RunningRules? _rules;
    private volatile ThrottleMemory _memory = new();

    /// <summary>How many alerts of a rule were not told, with those of its versions that are being drained.</summary>
    public (long Suppressed, long Limited) HeldBack(string rule) => _memory.Counts.TryGetValue(rule, out var counts) ? (counts.Suppressed, counts.Limited) : (0, 0);

    /// <summary>Whether an alert is told; one that follows others that were not says how many.</summary>
    public bool Tells(ref Match match)
    {
        if (match.Rule is { Suppression: null, Limit: null } || match.Pattern is not { } pattern)
            return true;
        if (_rules is null)
            Clear();
        return !_throttles.TryGetValue(pattern, out var throttle) || throttle.Tells(ref match);
    }

    /// <summary>Begins from nothing.</summary>
    public void Clear()
    {
        _memory = new ThrottleMemory();
        GoOn(begun(), d => d.Of, now => now);
    }

    /// <summary>Other rules run from here on. A rule goes on from what is remembered under its name, or else where it looks for the same under its name before.</summary>
    public void Swap(RunningRules rules)
    {
        var before = (_rules ?? begun()).Patterns;
        GoOn(rules, d => d.Of, now => before.Find(now)?.Rule.Name
            ?? before.Compiled.FirstOrDefault(c => c.Pattern == rules.Patterns.Find(now)?.Pattern)?.Rule.Name);
    }

    /// <summary>What of it a checkpoint keeps; nothing where there is nothing to remember.</summary>
    public void Write(EventBinaryOutput output)
    {
        if (_memory.IsEmpty)
            return;
        RuleSetSchema.Write((_rules ?? begun()).Patterns, output);
        ThrottleFormat.Write(_memory, output);
    }

    /// <summary>Goes on from what <see cref="Write"/> wrote.</summary>
    public void Read(EventBinaryInput input)
    {
        if (input.Left == 0)
        {
            Clear();
            return;
        }
        var rules = begun();
        var plan = SwapPlan.Of(RuleSetSchema.Read(input), rules.Patterns.Signatures, rules.PolicyAtRestore, _ => null);
        _memory = ThrottleFormat.Read(input);
        GoOn(rules, d => rules.DrainingIsOfThese ? d.Of : plan.OfOld(d.Of)?.After ?? d.Of, now => plan.Rules.FirstOrDefault(r => r.After == now)?.Before);
    }

    /// <param name="rules">The rules from here on.</param>
    /// <param name="of">The name of the rule in whose place a version is being drained.</param>
    /// <param name="nameBefore">The name under which a rule is remembered, by its name now; null for a new one.</param>
    private void GoOn(RunningRules rules, Func<DrainingRule, string> of, Func<string, string?> nameBefore)
    {
        var (before, after) = (_memory, new ThrottleMemory());
        _throttles = new Dictionary<CompiledPattern, RuleThrottle>(ReferenceEqualityComparer.Instance);
        foreach (var rule in rules.Compiled)
        {
            var name = rules.DrainingAs(rule) is { } draining ? of(draining) : rule.Rule.Name;
            var was = nameBefore(name);
            var counts = after.CountsOf(name, before, was);
            if (rule.Rule is { Suppression: null, Limit: null })
                continue;
            var periods = rule.SuppressedBy is { } by ? after.PeriodsOf(name, by.Clause, before, was) : null;
            var window = rule.Rule.Limit is { } limit ? after.WindowOf(name, limit, before, was) : null;
            _throttles[rule.Pattern] = new RuleThrottle(rule.SuppressedBy, periods, window, counts);
        }
        (_rules, _memory) = (rules, after);
    }
}
