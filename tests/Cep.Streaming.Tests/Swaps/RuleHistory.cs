using System.Globalization;
using Cep.Streaming.Swaps;
using Cep.Streaming.Tests.Support;

namespace Cep.Streaming.Tests.Swaps;

/// <summary>What rule sets that take each other's place tell of a stream in order, worked out rule by rule: each by an operator that runs it alone for as long as it runs.</summary>
/// <remarks>
/// A rule begins at the watermark at which its set does, or at which it began in the set before where that has one of the same meaning: then it runs through. It
/// ends without a word. An event is matched by the sets whose time it lies in. A rule that is drained runs through too, beside the one in its place, and only what began by the watermark of the swap
/// is told of it, until the rule in its place is removed or reset.
/// </remarks>
internal sealed class RuleHistory
{
    private readonly List<(char Letter, long TimeMs, string Key, long N)> _waiting = [];
    private List<(string Text, DrivenOperator Operator)> _alive = [];
    private List<(string Text, DrivenOperator Operator, string Of, long UpToMs)> _draining = [];
    private long _watermarkMs = long.MinValue;

    /// <summary>How many matches and timeouts of rules that are drained were told.</summary>
    public int ToldOfDrained { get; private set; }

    /// <summary>Other rules run from here on.</summary>
    public void Swap(IReadOnlyList<string> rules, SwapPolicy policy)
    {
        var before = _alive;
        _alive = [.. rules.Select(rule => (rule, before.Find(b => HasMeaningOf(b.Text, rule)).Operator ?? new DrivenOperator(rule)))];
        string? After(string name) => rules.FirstOrDefault(r => NameOf(r) == name) ?? rules.FirstOrDefault(r => HasMeaningOf(before.Find(b => NameOf(b.Text) == name).Text, r));
        bool IsChanged(string name) => !HasMeaningOf(before.Find(b => NameOf(b.Text) == name).Text, After(name)!);
        _draining =
        [
            .. _draining.Where(d => After(d.Of) is { } after && !(IsChanged(d.Of) && policy.Of(NameOf(after)) == PartialMatchPolicy.Reset)).Select(d => d with { Of = NameOf(After(d.Of)!) }),
            .. before.Where(b => After(NameOf(b.Text)) is { } after && IsChanged(NameOf(b.Text)) && policy.Of(NameOf(after)) == PartialMatchPolicy.Drain)
                .Select(b => (b.Text, b.Operator, NameOf(b.Text), _watermarkMs)),
        ];
    }

    /// <summary>Takes an event, that waits for the watermark.</summary>
    public void Send(char letter, long timeMs, string key, long n) => _waiting.Add((letter, timeMs, key, n));

    /// <summary>Moves the watermark.</summary>
    /// <returns>What is told, each with the name of its rule, ordered as text.</returns>
    public string AdvanceTo(long watermarkMs)
    {
        _watermarkMs = Math.Max(_watermarkMs, watermarkMs);
        foreach (var (letter, timeMs, key, n) in _waiting.Where(e => e.TimeMs <= watermarkMs))
        {
            foreach (var op in _alive.Select(a => a.Operator).Concat(_draining.Select(d => d.Operator)))
                op.Send(letter, timeMs, key, n);
        }
        _waiting.RemoveAll(e => e.TimeMs <= watermarkMs);
        var told = _alive.SelectMany(a => a.Operator.Advance(watermarkMs).Select(m => $"{NameOf(a.Text)}: {a.Operator.Tell(m)}")).ToList();
        var ofDrained = _draining.SelectMany(d => d.Operator.Advance(watermarkMs).Where(m => m.StartMs <= d.UpToMs).Select(m => $"{NameOf(d.Text)}: {d.Operator.Tell(m)}")).ToList();
        ToldOfDrained += ofDrained.Count;
        return string.Join('\n', told.Concat(ofDrained).Order(StringComparer.Ordinal));
    }

    private static bool HasMeaningOf(string rule, string other) => RandomRules.MeaningOf(rule) == RandomRules.MeaningOf(other);

    /// <summary>The name of a rule in its text.</summary>
    public static string NameOf(string rule) => rule.Split(' ')[1];
}

/// <summary>Random rule sets of which one can follow another: rules stay, go, come, change their name, their place, their conditions and their key.</summary>
/// <param name="random">Decides.</param>
/// <param name="drains">
/// Whether most of the rules that begin anew have their versions before drained. Then no rule bounds its partial matches, and none has several matches of which a skip strategy tells one: what is
/// told of those depends on partial matches that a version that is drained does not begin.
/// </param>
internal sealed class RandomRules(Random random, bool drains = false)
{
    /// <summary>A condition that holds of every event here.</summary>
    private const string Anything = " and n >= 0";
    private const string Title = " title \"t\"";

    private static readonly string[] Patterns =
    [
        "A -> B within {0}ms", "A -> B -> C within {0}ms skip none", "A -> not B within {0}ms", "A ->> B ->> C within {0}ms skip past last",
        "A => B within {0}ms", "A -> B -> C within {0}ms gap", "A -> not C -> B within {0}ms skip to next",
    ];

    private readonly Dictionary<string, PartialMatchPolicy> _policies = [];
    private int _rules;

    /// <summary>Rules that are always there, one for each key: so that new rules see what waits.</summary>
    public static IReadOnlyList<string> Always { get; } = [Compiled.Rule("always_k", "C -> A within 50ms"), Compiled.Rule("always", "C -> B within 9ms", key: null)];

    /// <summary>The policy for the rules given last: a changed rule that is not to say the same begins anew, and its version before is dropped or drained.</summary>
    public SwapPolicy Policy => new() { ByRule = new Dictionary<string, PartialMatchPolicy>(_policies) };

    public IReadOnlyList<string> First() => Shuffled([.. Always, .. Enumerable.Range(0, random.Next(1, 4)).Select(_ => New("r" + _rules))]);

    /// <summary>The rules after some; something is always new.</summary>
    public IReadOnlyList<string> Next(IReadOnlyList<string> rules)
    {
        _policies.Clear();
        return Shuffled([.. rules.SelectMany(rule => Always.Contains(rule) ? [rule] : Changed(rule)), New("r" + _rules)]);
    }

    /// <summary>What decides whether a rule goes on: its text, but for its name and title, and for conditions that do not matter. No two new rules are the same.</summary>
    public static string MeaningOf(string rule) =>
        rule.Replace(Anything, "", StringComparison.Ordinal).Replace(Title, "", StringComparison.Ordinal).Replace(RuleHistory.NameOf(rule), "", StringComparison.Ordinal);

    private IEnumerable<string> Changed(string rule) => random.Next(9) switch
    {
        0 => [],
        1 => [Other(rule)],
        2 => [rule.Replace(" { from", " {" + Title + " from", StringComparison.Ordinal)],
        3 => [rule.Replace("\"B\"", "\"B\"" + Anything, StringComparison.Ordinal)],
        4 => [rule.Replace(Anything, "", StringComparison.Ordinal)],
        5 => [rule.Replace($"rule {RuleHistory.NameOf(rule)} ", $"rule q{_rules++} ", StringComparison.Ordinal)],
        _ => [rule],
    };

    private string Other(string rule)
    {
        _policies[RuleHistory.NameOf(rule)] = drains && random.Next(4) > 0 ? PartialMatchPolicy.Drain : PartialMatchPolicy.Reset;
        return New(RuleHistory.NameOf(rule));
    }

    private string New(string name)
    {
        var pattern = string.Format(CultureInfo.InvariantCulture, Patterns[random.Next(Patterns.Length)], 30 + _rules++);
        var (key, rest) = (random.Next(3) == 0 ? null : "k", random.Next(4) == 0 ? "partials 7 per key on overflow drop_oldest" : "");
        return drains ? Compiled.Rule(name, pattern.Replace("skip past last", "skip none", StringComparison.Ordinal), key) : Compiled.Rule(name, pattern, key, rest);
    }

    private IReadOnlyList<string> Shuffled(string[] rules)
    {
        random.Shuffle(rules);
        return rules;
    }
}
