using Cep.Differential.Cases;
using Cep.Events;
using Cep.Patterns;
using Cep.Rules;

namespace Cep.Streaming.Tests.Matching;

/// <summary>An event of the random cases that has a key.</summary>
internal interface IKeyed
{
    string Key { get; }

    DateTime T { get; }
}

/// <inheritdoc cref="IKeyed"/>
internal sealed class KeyedTick : Tick, IKeyed
{
    public string Key { get; init; } = "";
}

/// <inheritdoc cref="IKeyed"/>
internal sealed class KeyedAlarm : Alarm, IKeyed
{
    public string Key { get; init; } = "";
}

/// <summary>Some patterns over the events of some keys.</summary>
/// <param name="Patterns">Each is looked for by itself, in the events of each key apart, or in all events together.</param>
/// <param name="Arrivals">In order of arrival: out of order by at most <paramref name="DelayMs"/>.</param>
/// <param name="FlushEvery">After how many events the watermark moves.</param>
internal sealed record KeyedCase(IReadOnlyList<(Pattern Pattern, bool IsKeyed)> Patterns, IReadOnlyList<IKeyed> Arrivals, int DelayMs, int FlushEvery)
{
    private const int PatternsPerCase = 8;
    private const int KeysMax = 5;

    public static IReadOnlyList<EventType> Types { get; } = [EventType.Of<KeyedTick>(), EventType.Of<KeyedAlarm>()];

    /// <summary>The case of a seed: the patterns and streams of some random cases, each stream under a key of its own.</summary>
    public static KeyedCase Of(ulong seed)
    {
        var random = new SplitMix64(seed);
        // Without a key a pattern sees all events: of several streams they are too many for loops that allow every combination.
        var keys = random.From(1, KeysMax);
        var patterns = Enumerable.Range(0, PatternsPerCase).Select(_ => (CaseGenerator.Case(random.Next()).Pattern, keys > 1 || random.Chance(50))).ToList();
        var delayMs = random.OneOf(0, 0, 3);
        var events = Enumerable.Range(1, keys).SelectMany(key => CaseGenerator.Case(random.Next()).Events.Select(e => WithKey(e.Value, "k" + key)));
        var arrivals = events.Select(e => (Event: e, At: TimeMs(e) + random.From(0, delayMs), Tie: random.Next())).OrderBy(e => e.At).ThenBy(e => e.Tie).Select(e => e.Event);
        return new KeyedCase(patterns, arrivals.ToList(), delayMs, random.From(1, 8));
    }

    public static long TimeMs(object e) => (long)(((IKeyed)e).T - DateTime.UnixEpoch).TotalMilliseconds;

    /// <summary>A rule for each pattern, in order.</summary>
    public RuleSet Rules()
    {
        var streams = Types.Select(type => new StreamDefinition(type, Time: null)).ToList();
        var keys = streams.Select(s => s.EventType.Fields.Single(f => f.Name == nameof(IKeyed.Key))).ToList();
        return new RuleSet(streams, Patterns.Select((p, i) => new Rule
        {
            Name = "r" + i,
            Inputs = [.. streams.Select((s, j) => new RuleInput(s, p.IsKeyed ? [keys[j]] : [], Where: null))],
            Pattern = p.Pattern,
        }).ToList());
    }

    private static IKeyed WithKey(object e, string key) => e switch
    {
        Tick t => new KeyedTick { Key = key, T = t.T, Kind = t.Kind, Price = t.Price, Volume = t.Volume },
        Alarm a => new KeyedAlarm { Key = key, T = a.T, Kind = a.Kind, Price = a.Price },
        _ => throw new ArgumentOutOfRangeException(nameof(e)),
    };
}
