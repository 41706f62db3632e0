using Cep.Rules;

namespace Cep.Streaming;

/// <summary>A rule set compiled to run: its live rules as code, grouped by the keys they share.</summary>
/// <remarks>Immutable and safe to share between jobs and threads.</remarks>
public sealed class PatternSet
{
    private PatternSet(RuleSet rules, IReadOnlyList<CompiledRule> compiled, IReadOnlyList<RuleGroup> groups) =>
        (RuleSet, Compiled, Groups) = (rules, compiled, groups);

    /// <summary>Compiles the live rules of a set.</summary>
    /// <exception cref="ArgumentException">A rule's pattern has something wrong with it; see <see cref="Patterns.PatternRules"/>.</exception>
    public static PatternSet Compile(RuleSet rules)
    {
        var compiled = rules.LiveRules.Select((rule, i) => new CompiledRule(rule, i, rules.Streams)).ToList();
        return new PatternSet(rules, compiled, RuleGroup.Of(compiled, rules.Streams));
    }

    /// <summary>What was compiled.</summary>
    public RuleSet RuleSet { get; }

    /// <summary>The rules that run, in order.</summary>
    public IReadOnlyList<Rule> Rules => Compiled.Select(c => c.Rule).ToList();

    internal IReadOnlyList<CompiledRule> Compiled { get; }

    internal IReadOnlyList<RuleGroup> Groups { get; }
}
