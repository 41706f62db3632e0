using Cep.Evaluation;
using Cep.Streaming.Jobs;
using Cep.Streaming.Quarantine;
using Cep.Streaming.Snapshots;

namespace Cep.Streaming;

/// <summary>One rule at work on one subtask: its evaluator, and what it remembers of each key, by slot of its lane. One thread only.</summary>
internal sealed class RuleWork(int index, RuleLane lane, CompiledRule rule, RuleCounts counts, RuleQuarantine quarantine)
{
    /// <summary>Its place among all that was ever at work on the subtask.</summary>
    public readonly int Index = index;
    public readonly RuleLane Lane = lane;
    public readonly RuleCounts Counts = counts;
    public readonly RuleQuarantine Quarantine = quarantine;
    public readonly RunEvaluator Evaluator = new(rule.Pattern, rule.Rule.Partials);
    public RunSet?[] Runs = new RunSet?[16];

    /// <summary>The rule; another one after a swap, that looks for the same.</summary>
    public CompiledRule Rule { get; private set; } = rule;

    /// <summary>What is drained here; null for a rule that runs.</summary>
    public DrainingRule? Draining { get; private set; }

    /// <summary>The name of its state in snapshots.</summary>
    public string StateName => Draining is { Version: var version } ? RuleStateFormat.NameOf(version) : RuleStateFormat.NameOf(Rule.Rule);

    /// <summary>Of how many keys something is remembered.</summary>
    public int Remembered { get; private set; }

    /// <summary>The place of its first failure on this subtask.</summary>
    public (long TimeMs, long Order) FailedAt = (long.MaxValue, long.MaxValue);

    /// <summary>Whether it is no longer offered anything.</summary>
    public bool IsStopped;

    /// <summary>What of it the next snapshot must write; null while none was ever taken.</summary>
    public RuleChanges? Changes { get; private set; }

    public RunSet? RunsOf(int slot) => slot >= 0 && slot < Runs.Length ? Runs[slot] : null;

    public void Set(int slot, RunSet? runs)
    {
        if (slot >= Runs.Length)
            Array.Resize(ref Runs, Math.Max(slot + 1, Runs.Length * 2));
        Remembered += Convert.ToInt32(runs is not null) - Convert.ToInt32(Runs[slot] is not null);
        Runs[slot] = runs;
    }

    /// <summary>Forgets all keys.</summary>
    public void Clear() => (Runs, Remembered) = ([], 0);

    /// <summary>Goes on for a rule that looks for the same; where its state has another name, the next snapshot writes all of it under that.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="draining">What is drained from here on; null for a rule that runs.</param>
    public void GoOnFor(CompiledRule rule, DrainingRule? draining = null)
    {
        var name = StateName;
        if (Draining is null && draining is not null)
            Evaluator.BeginNone();
        (Rule, Draining) = (rule, draining);
        if (name != StateName)
            Changes?.WriteAnew();
    }

    /// <summary>Notes from here on what is changed.</summary>
    public RuleChanges Track()
    {
        if (Changes is null)
        {
            Changes = new RuleChanges(this);
            Evaluator.Changing = Changes.Touch;
        }
        return Changes;
    }
}
