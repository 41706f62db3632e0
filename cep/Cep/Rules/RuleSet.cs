using Cep.Conditions;

namespace Cep.Rules;

/// <summary>The streams and rules of one folder: the unit that is compiled, run and replaced.</summary>
/// <param name="Streams">In order of declaration; names are unique.</param>
/// <param name="Rules">In order of declaration; names are unique.</param>
public sealed record RuleSet(IReadOnlyList<StreamDefinition> Streams, IReadOnlyList<Rule> Rules)
{
    /// <summary>The lists that conditions name, in order of declaration; names are unique.</summary>
    public IReadOnlyList<ValueList> Lists { get; init; } = [];

    /// <summary>The rules that run.</summary>
    public IEnumerable<Rule> LiveRules => Rules.Where(r => r.Status == RuleStatus.Live);
}
