using System.Text;
using System.Text.RegularExpressions;
using Cep.Conformance.Cases;

namespace Cep.Conformance.Text;

/// <summary>A case that the rule language has no words for.</summary>
/// <param name="construct">What it lacks.</param>
public sealed class NoRuleTextException(string construct) : Exception(construct);

/// <summary>Writes a case as a rule over the stream <c>ev</c>, whose events say by <c>cid</c> which case they belong to.</summary>
public static partial class RuleText
{
    /// <summary>The stream that all cases read.</summary>
    public const string Stream = """
        stream ev {
            cid int
            ix int
            id int
            name string
            price double
            volume double?
            type string?
            t timestamp
            watermark for t delay 0ms
        }


        """;

    /// <summary>The name of the rule for case <paramref name="cid"/>.</summary>
    public static string RuleName(int cid) => $"c{cid}";

    /// <summary>The rule.</summary>
    /// <exception cref="NoRuleTextException">The language cannot say it.</exception>
    public static string Rule(Case c, int cid)
    {
        var key = c.KeyedBy switch
        {
            null => "cid",
            "id" => "(cid, id)",
            _ => throw new InvalidDataException($"Unknown key: {c.KeyedBy}."),
        };
        return $$"""
            rule {{RuleName(cid)}} {
                from ev key {{key}} where cid == {{cid}}
                match {{Match(c)}}
                emit alert { cid = {{cid}} }
            }


            """;
    }

    /// <summary>What stands behind <c>match</c>.</summary>
    /// <exception cref="NoRuleTextException">The language cannot say it.</exception>
    public static string Match(Case c)
    {
        var names = c.Pattern.EventSteps.Select(s => s.Var!).ToArray();
        // A case about names that are used twice says so on purpose, and must be rejected.
        if (names.Distinct().Count() < names.Length && c.Expect.Error is null)
            throw new NoRuleTextException("a name used twice");
        var gap = c.Pattern.Within is { IsGap: true } w ? new CaseGap(w.On ?? names[^1], w.Ms) : null;
        if (gap is not null && !c.Pattern.Steps.Any(s => s.Var == gap.Step))
            throw new NoRuleTextException("a gap window inside a group");
        var within = c.Pattern.Within is { IsGap: false } whole ? $"{whole.Ms}ms" : "forever";
        return $"{Steps(c.Pattern.Steps, names, gap)} within {within} skip {Skip(c.Pattern.Skip)}";
    }

    private sealed record CaseGap(string Step, long Ms);

    private static string Skip(CaseSkip? skip) => skip switch
    {
        { Throw: true } => throw new NoRuleTextException("a skip that throws"),
        null or { Kind: "no_skip" } => "none",
        { Kind: "to_next" } => "to next",
        { Kind: "past_last" } => "past last",
        { Kind: "to_first", Var: { } name } => "to first " + Name(name),
        { Kind: "to_last", Var: { } name } => "to last " + Name(name),
        _ => throw new InvalidDataException($"Unknown skip: {skip}."),
    };

    private static string Steps(IReadOnlyList<CaseStep> steps, IReadOnlyList<string> names, CaseGap? gap) =>
        string.Join(" ", steps.Select(s => Link(s.Link) + (s.Not ? "not " : "") + Step(s, names, gap)));

    private static string Link(string link) => link switch
    {
        "begin" => "",
        "next" => "=> ",
        "followed_by" => "-> ",
        "followed_by_any" => "->> ",
        _ => throw new InvalidDataException($"Unknown link: {link}."),
    };

    private static string Step(CaseStep s, IReadOnlyList<string> names, CaseGap? gap)
    {
        var (quantifier, isWrapped) = Quantifier(s);
        var rest = quantifier + Modifiers(s, names);
        if (gap is not null && gap.Step == s.Var)
            rest += s.Quantifier is null ? $" in {gap.Ms}ms" : throw new NoRuleTextException("a gap window before a loop, where `in` is the window between its rounds");
        if (s is { Optional: true, Quantifier: null, Group: [{ Quantifier.Min: >= 2 }] })
            throw new NoRuleTextException("an optional group of one loop, which reads as the loop itself, optional");
        var body = s.Group is { } group ? $"( {Steps(group, names, null)} ){rest}" : $"{Name(s.Var!)}{rest}: ev{Where(s, names)}";
        return isWrapped ? $"( {body} )?" : body;
    }

    /// <summary>The quantifier, and whether its step must be put into an optional group: no quantifier says "none, or two or more".</summary>
    private static (string Text, bool IsWrapped) Quantifier(CaseStep s)
    {
        if (s.Quantifier is not { } q)
            return (s.Optional ? "?" : "", false);
        var isWrapped = s.Optional && q.Min >= 2;
        if (isWrapped && s.Greedy)
            throw new NoRuleTextException("an optional greedy loop of two or more");
        var min = s.Optional && !isWrapped ? 0 : q.Min;
        var text = q.Max is not { } max ? $"{{{min},}}" : max == min ? $"{{{min}}}" : $"{{{min},{max}}}";
        var isReluctant = s.Group is null && q.Max != min && !s.Greedy;
        return (text + (isReluctant ? "?" : ""), isWrapped);
    }

    private static string Modifiers(CaseStep s, IReadOnlyList<string> names)
    {
        var text = new StringBuilder();
        text.Append(s.Inner switch { "consecutive" => " consecutive", "combinations" => " any", _ => "" });
        if (s.LoopWindowMs is { } window)
            text.Append($" in {window}ms");
        if (s.Until is { } until)
            text.Append($" until ({Condition(until, names)})");
        return text.ToString();
    }

    private static string Where(CaseStep s, IReadOnlyList<string> names) => (s.Type, s.Where) switch
    {
        (null, null) => "",
        ({ } type, null) => $" where type == '{type}'",
        (null, { } where) => $" where {Condition(where, names)}",
        ({ } type, { } where) => $" where type == '{type}' and ({Condition(where, names)})",
    };

    // The expressions of the cases are expressions of the language, but for step names that are no identifiers.
    private static string Condition(string source, IReadOnlyList<string> names) =>
        names.Where(n => Name(n) != n).Aggregate(source, (text, n) => text.Replace(n, Name(n), StringComparison.Ordinal));

    private static string Name(string name) => Identifier().IsMatch(name) ? name : $"`{name}`";

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_]*$")]
    private static partial Regex Identifier();
}
