using Cep.Streaming.Quarantine;

namespace Cep.Streaming.Jobs;

/// <summary>What the subtasks of one attempt of a job share, and what each of them counts. Other threads may add that up from the beginning.</summary>
internal sealed class RuleAttempt(PatternSet patterns, int parallelism)
{
    private readonly RuleCounts[][] _counts = Enumerable.Range(0, parallelism).Select(_ => patterns.Compiled.Select(_ => new RuleCounts()).ToArray()).ToArray();

    public PatternSet Patterns => patterns;

    /// <summary>By rule.</summary>
    public IReadOnlyList<RuleQuarantine> Quarantines { get; } = patterns.Compiled.Select(_ => new RuleQuarantine()).ToArray();

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
}
