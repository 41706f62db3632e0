using Cep.Evaluation;
using Cep.Rules;
using Cep.Streaming.Swaps;

namespace Cep.Streaming;

/// <summary>A rule set compiled to run: its live rules as code, grouped by the keys they share.</summary>
/// <remarks>Immutable and safe to share between jobs and threads.</remarks>
public sealed class PatternSet
{
    private IReadOnlyList<RuleSignature>? _signatures;

    private PatternSet(RuleSet rules, IReadOnlyList<CompiledRule> compiled, IReadOnlyList<RuleGroup> groups) =>
        (RuleSet, Compiled, Groups) = (rules, compiled, groups);

    /// <summary>Compiles the live rules of a set.</summary>
    /// <exception cref="ArgumentException">
    /// A rule's pattern has something wrong with it, see <see cref="Patterns.PatternRules"/>; or a rule reads two streams whose events its steps cannot tell apart.
    /// </exception>
    public static PatternSet Compile(RuleSet rules) => Compile(rules, _ => null);

    /// <summary>Compiles a set, but for patterns that are compiled already.</summary>
    /// <param name="rules">The set.</param>
    /// <param name="known">Gives a rule's pattern as it was compiled; null where it was not.</param>
    internal static PatternSet Compile(RuleSet rules, Func<Rule, CompiledPattern?> known)
    {
        foreach (var rule in rules.LiveRules)
            CheckStreams(rule);
        var compiled = rules.LiveRules.Select((rule, i) => new CompiledRule(rule, i, rules.Streams, known(rule))).ToList();
        var groups = RuleGroup.Of(compiled, rules.Streams);
        foreach (var (rank, rule) in groups.SelectMany(g => g.Rules).Index())
            rule.Rank = rank;
        return new PatternSet(rules, compiled, groups);
    }

    /// <summary>A step knows the events of its stream by their class, so the streams of a rule need classes of which none is, or derives from, another.</summary>
    private static void CheckStreams(Rule rule)
    {
        foreach (var one in rule.Inputs)
        {
            var other = rule.Inputs.FirstOrDefault(i => i != one && one.Stream.EventType.ClrType.IsAssignableFrom(i.Stream.EventType.ClrType));
            if (other is not null)
                throw new ArgumentException($"The rule `{rule.Name}` cannot tell events of its streams `{one.Stream.Name}` and `{other.Stream.Name}` apart: "
                    + $"the class of the one, {one.Stream.EventType.ClrType.Name}, is that of the other too, or its base.");
        }
    }

    /// <summary>What was compiled.</summary>
    public RuleSet RuleSet { get; }

    /// <summary>The rules that run, in order.</summary>
    public IReadOnlyList<Rule> Rules => Compiled.Select(c => c.Rule).ToList();

    internal IReadOnlyList<CompiledRule> Compiled { get; }

    internal IReadOnlyList<RuleGroup> Groups { get; }

    /// <summary>What tells the rules that run from others, in order.</summary>
    internal IReadOnlyList<RuleSignature> Signatures => _signatures ??= Compiled.Select(RuleSignature.Of).ToList();

    internal CompiledRule? Find(string name) => Compiled.FirstOrDefault(c => c.Rule.Name == name);
}
