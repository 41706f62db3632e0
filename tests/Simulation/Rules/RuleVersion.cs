using System.Globalization;
using System.Text.RegularExpressions;
using Cep.Streaming;

namespace Cep.Simulation.Rules;

/// <summary>A rule as text, of the kind that random cases have, in parts that are changed apart.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Title">What it is called; it decides nothing.</param>
/// <param name="Body">All from its streams on.</param>
internal sealed partial record RuleText(string Name, string Title, string Body)
{
    /// <summary>The rules of a text.</summary>
    public static IReadOnlyList<RuleText> Read(string rules) => [.. Rule().Matches(rules).Select(m => new RuleText(m.Groups[1].Value, "", m.Groups[2].Value.Trim()))];

    /// <summary>The streams that it reads, with their keys.</summary>
    public string Reads => Condition().Replace(Body.Split(" match ")[0], "");

    /// <summary>What it looks for, in what: all but its name and what it tells.</summary>
    public string Meaning => Body.Split(" emit ")[0].Trim();

    /// <summary>What it waits for in which order and where, whatever is asked of events, and however long and however often it waits.</summary>
    public string Shape => Partials().Replace(Window().Replace(Unless().Replace(Condition().Replace(Meaning, ""), ""), "within"), "").Trim();

    public override string ToString() => $"rule {Name} {{ {(Title.Length == 0 ? "" : $"title \"{Title}\" ")}{Body} }}";

    [GeneratedRegex(@"^rule (\w+) \{ (.*) \}\s*$", RegexOptions.Multiline)]
    private static partial Regex Rule();

    [GeneratedRegex(@" unless \w+")]
    private static partial Regex Unless();

    /// <summary>Of a step, a pre-filter or an <c>unless</c>.</summary>
    [GeneratedRegex(@" where (letter == ""\w""|n > \d)")]
    public static partial Regex Condition();

    [GeneratedRegex(@"within \d+ms")]
    public static partial Regex Window();

    [GeneratedRegex(@"partials \d+")]
    public static partial Regex Limit();

    [GeneratedRegex(@"partials \d+ .*$")]
    private static partial Regex Partials();
}

/// <summary>One version of the rule set.</summary>
/// <param name="Number">Which one; a rule that no other version has is named after it.</param>
/// <param name="Rules">Its rules, in order.</param>
/// <param name="Compiled">The same, compiled where it is needed.</param>
internal sealed record RuleVersion(int Number, IReadOnlyList<RuleText> Rules, Lazy<PatternSet> Compiled)
{
    private const string Sign = "v";

    public PatternSet Patterns => Compiled.Value;

    /// <summary>The rule that tells a version from all others: by its name, and as it finds every event of <c>s</c> that this version is given.</summary>
    public static RuleText SignOf(int number) => new($"{Sign}{number}", "", $"from s match a: s where letter != \"{Sign}{number}\" within 1ms");

    /// <summary>The version that a rule is the sign of; null for another rule.</summary>
    public static int? OfSign(string? rule) => rule is not null && rule.StartsWith(Sign, StringComparison.Ordinal) ? int.Parse(rule.AsSpan(Sign.Length), CultureInfo.InvariantCulture) : null;

    /// <summary>The version that a set is.</summary>
    public static int Of(PatternSet patterns) => patterns.Rules.Select(rule => OfSign(rule.Name)).First(number => number is not null)!.Value;
}
