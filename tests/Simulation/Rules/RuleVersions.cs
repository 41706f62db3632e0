using System.Text.RegularExpressions;
using Cep.Differential.Cases;
using Cep.Streaming;
using Cep.Streaming.Tests.Support;

namespace Cep.Simulation.Rules;

/// <summary>A few versions of a random rule set over the same streams, each made of one before: rules change in a little, in all or not at all; they come, go, and get other names.</summary>
internal sealed class RuleVersions
{
    private static readonly string[] Keys = ["from s, t", "from s key k, t key k", "from s key g, t key g", "from s key (k, g), t key (k, g)", "from s key f, t key f", "from s key u, t key k"];

    private readonly SplitMix64 _random;
    private readonly string _streams;
    private readonly List<RuleVersion> _all = [];
    private int _names;

    /// <param name="random">Draws them.</param>
    /// <param name="text">The streams and the rules of the first version.</param>
    public RuleVersions(SplitMix64 random, string text)
    {
        _random = random;
        _streams = string.Concat(text.Split('\n').Where(line => line.StartsWith("stream", StringComparison.Ordinal)).Select(line => line.Trim() + "\n"));
        IReadOnlyList<RuleText> covers = random.Chance(35) ? [.. Keys.Select((key, i) => new RuleText($"cover{i}", "", $"{key} match a: s where letter == \"Z\" -> b: t within 10ms"))] : [];
        Add([.. RuleText.Read(text), .. covers]);
        for (int left = random.From(1, 3); left > 0; left--) Add(Changed(_all[random.Below(_all.Count)].Rules));
        Drain = random.Chance(50);
    }

    /// <summary>Whether what swaps do not carry over is drained; else it is dropped.</summary>
    /// <remarks>Not now one and now the other: to drop a rule's partial matches is to drop also those of versions that are being drained, and it is not told when.</remarks>
    public bool Drain { get; }

    public IReadOnlyList<RuleVersion> All => _all;

    /// <summary>Rules over streams that are declared otherwise: no job that runs takes them.</summary>
    public PatternSet Unlike => Compiled.Patterns(_streams.Replace("delay 200ms", "delay 201ms", StringComparison.Ordinal) + RuleVersion.SignOf(_all.Count));

    private void Add(IReadOnlyList<RuleText> rules)
    {
        List<RuleText> all = [.. rules.Where(rule => RuleVersion.OfSign(rule.Name) is null)];
        all.Insert(_random.Below(all.Count + 1), RuleVersion.SignOf(_all.Count));
        _all.Add(new RuleVersion(_all.Count, all, new Lazy<PatternSet>(() => Compiled.Patterns(_streams + string.Join('\n', all)))));
    }

    private List<RuleText> Changed(IReadOnlyList<RuleText> rules)
    {
        List<RuleText> changed = [.. rules];
        for (int left = _random.From(1, 4); left > 0; left--)
        {
            List<int> free = [.. Enumerable.Range(0, changed.Count).Where(i => changed[i].Name[0] is 'r' or 'q')];
            int at = free.Count == 0 ? -1 : free[_random.Below(free.Count)];
            if (at < 0 || _random.Chance(15)) changed.Insert(_random.Below(changed.Count + 1), New($"r{_names++}n"));
            else if (_random.Chance(10)) changed.RemoveAt(at);
            else changed[at] = Other(changed[at]);
        }

        return changed;
    }

    private RuleText Other(RuleText rule) => _random.Below(11) switch
    {
        0 => rule with { Name = $"q{_names++}" },
        1 => rule with { Title = $"t{_names++}", Body = _random.Chance(50) ? rule.Body : rule.Meaning },
        2 => New(rule.Name),
        3 => rule with { Body = $"{_random.OneOf(Keys)} match {rule.Meaning.Split(" match ", 2)[1]}" },
        4 => Filtered(rule),
        5 => rule with { Body = RuleText.Limit().Replace(rule.Body, _ => $"partials {_random.From(1, 12)}") },
        6 or 7 => rule with { Body = RuleText.Window().Replace(rule.Body, _ => $"within {_random.From(30, 500)}ms") },
        8 => WithOrWithoutUnless(rule),
        _ => WithOtherCondition(rule),
    };

    private RuleText New(string name)
    {
        IReadOnlyList<RuleText> rules = RuleText.Read(new RandomCase(_random.Below(int.MaxValue), events: 0, isRich: true).RuleText);
        return rules[0] with { Name = name };
    }

    private RuleText Filtered(RuleText rule)
    {
        string[] parts = rule.Body.Split(" match ", 2);
        string filter = $" where n > {_random.Below(5)}";
        string from = RuleText.Condition().IsMatch(parts[0]) ? RuleText.Condition().Replace(parts[0], filter) : parts[0].Replace(", t", $"{filter}, t", StringComparison.Ordinal);
        return rule with { Body = $"{from} match {parts[1]}" };
    }

    private RuleText WithOrWithoutUnless(RuleText rule)
    {
        string[] parts = rule.Body.Split(" emit ", 2);
        int at = parts[0].IndexOf(" unless ", StringComparison.Ordinal);
        string meaning = at < 0 ? $"{parts[0]} unless {_random.OneOf("s", "t")} where n > {_random.From(4, 9)}" : parts[0][..at];
        return rule with { Body = parts.Length == 2 ? $"{meaning} emit {parts[1]}" : meaning };
    }

    private RuleText WithOtherCondition(RuleText rule)
    {
        string[] parts = rule.Body.Split(" match ", 2);
        MatchCollection conditions = RuleText.Condition().Matches(parts[1]);
        if (conditions.Count == 0) return Filtered(rule);
        Match one = conditions[_random.Below(conditions.Count)];
        string other = _random.Chance(50) ? $" where n > {_random.Below(8)}" : $" where letter == \"{_random.OneOf("A", "B", "C")}\"";
        return rule with { Body = $"{parts[0]} match {parts[1][..one.Index]}{other}{parts[1][(one.Index + one.Length)..]}" };
    }
}
