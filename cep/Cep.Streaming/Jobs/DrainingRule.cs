using Cep.Evaluation;
using Cep.Rules;
using Cep.Streaming.Quarantine;

namespace Cep.Streaming.Jobs;

/// <summary>A version of a rule that another has taken the place of, as it is known where a job begins anew.</summary>
/// <param name="Number">Tells it from all others of the job, before and after restarts; from 1 on.</param>
/// <param name="Of">The name of the rule that runs in its place.</param>
/// <param name="Rule">What it was.</param>
internal sealed record DrainingVersion(long Number, string Of, Rule Rule);

/// <summary>
/// A version of a rule that another has taken the place of: it begins nothing more, and goes on with the partial matches that it has until they end. Shared by all subtasks.
/// </summary>
internal sealed class DrainingRule
{
    private readonly bool[] _hasEnded;
    private volatile string _of;

    private DrainingRule(long number, string of, CompiledRule compiled, RuleQuarantine quarantine, IReadOnlyList<RuleCounts> counts, bool[] hasEnded) =>
        (Number, _of, Compiled, Quarantine, Counts, _hasEnded) = (number, of, compiled, quarantine, counts, hasEnded);

    /// <summary>A rule that ran until now.</summary>
    /// <param name="number">See <see cref="DrainingVersion.Number"/>.</param>
    /// <param name="of">See <see cref="DrainingVersion.Of"/>.</param>
    /// <param name="compiled">The rule.</param>
    /// <param name="quarantine">Whether it has failed.</param>
    /// <param name="counts">Where each subtask counts.</param>
    public DrainingRule(long number, string of, CompiledRule compiled, RuleQuarantine quarantine, IReadOnlyList<RuleCounts> counts)
        : this(number, of, compiled, quarantine, counts, new bool[counts.Count])
    {
    }

    /// <inheritdoc cref="DrainingVersion.Number"/>
    public long Number { get; }

    /// <inheritdoc cref="DrainingVersion.Of"/>
    public string Of { get => _of; set => _of = value; }

    /// <summary>What it was. Its place in the order of outputs is after those of all rules that run.</summary>
    public CompiledRule Compiled { get; }

    public RuleQuarantine Quarantine { get; }

    /// <summary>By subtask.</summary>
    public IReadOnlyList<RuleCounts> Counts { get; }

    public CompiledPattern Pattern => Compiled.Pattern;

    /// <summary>What is kept of it.</summary>
    public DrainingVersion Version => new(Number, Of, Compiled.Rule);

    /// <summary>Whether no subtask has anything left of it. As it gets nothing new, that stays so.</summary>
    public bool HasEnded => Enumerable.Range(0, _hasEnded.Length).All(HasEndedOn);

    /// <summary>Whether a subtask has nothing left of it.</summary>
    public bool HasEndedOn(int subtask) => Volatile.Read(ref _hasEnded[subtask]);

    /// <summary>A subtask has nothing left of it.</summary>
    public void EndOn(int subtask) => Volatile.Write(ref _hasEnded[subtask], true);

    /// <summary>The same beside other rules.</summary>
    /// <param name="of">The rule that runs in its place.</param>
    /// <param name="compiled">The same rule and pattern, placed among those rules.</param>
    public DrainingRule Beside(string of, CompiledRule compiled) => new(Number, of, compiled, Quarantine, Counts, _hasEnded);

    /// <summary>What all subtasks have counted of it.</summary>
    public RuleCounts SumOfCounts()
    {
        var sum = new RuleCounts();
        foreach (var counts in Counts)
            sum.Add(counts);
        return sum;
    }
}
