using System.Security.Cryptography;
using System.Text;
using Cep.Language;
using Cep.Rules;

namespace Cep.RulesService.Rules;

/// <summary>The version that a rule is told by: the number of the first rule set that was deployed with its text.</summary>
/// <param name="Rule">Its name.</param>
/// <param name="Digest">SHA-256 of its text in canonical form, with the lists that it names, in hexadecimal digits.</param>
/// <param name="Version">The number.</param>
/// <remarks>So a rule that does not change keeps its version, and so do the ids of its alerts; and one that is rolled back gets the version that it had.</remarks>
internal sealed record RuleVersion(string Rule, string Digest, long Version)
{
    private static readonly RuleTextSerializer Text = new();

    /// <summary>The rules of a set with their versions.</summary>
    /// <param name="set">The set.</param>
    /// <param name="number">Its number.</param>
    /// <param name="known">Those that have been deployed.</param>
    public static (RuleSet Set, IReadOnlyList<RuleVersion> Versions) Assign(RuleSet set, int number, IReadOnlyDictionary<(string Rule, string Digest), int> known)
    {
        var versions = set.Rules.Select(rule =>
        {
            var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Text.Write(rule))));
            return new RuleVersion(rule.Name, digest, known.TryGetValue((rule.Name, digest), out var version) ? version : number);
        }).ToList();
        return (set with { Rules = set.Rules.Zip(versions, (rule, v) => rule with { Version = (int)v.Version }).ToList() }, versions);
    }
}
