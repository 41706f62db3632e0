using Cep.Benchmarks.ByHand;
using Cep.Benchmarks.Streams;
using Cep.Events;
using Cep.Patterns;
using Cep.Rules;
using Cep.Streaming;

namespace Cep.Benchmarks.Queries;

/// <summary>A question to a stream: as patterns for the operator, and as a program written by hand for nothing but this question.</summary>
/// <param name="Name">For the table.</param>
/// <param name="Patterns">The patterns, each a rule of its own, over a class of ticks and for a number of keys.</param>
/// <param name="ByHand">The program, for a number of keys.</param>
internal sealed record Query(string Name, Func<Ticks, int, IEnumerable<Pattern>> Patterns, Func<int, HandWritten> ByHand)
{
    /// <summary>The numbers of keys it is asked with.</summary>
    public IReadOnlyList<int> Keys { get; init; } = [1, 10_000];

    /// <summary>Makes the first events of its stream, for a number of keys.</summary>
    public Func<int, int, Tick[]> Stream { get; init; } = TickStream.Keyed;

    /// <summary>How many events its known answer is over.</summary>
    public int GoldenEvents { get; init; } = 5_000_000;

    /// <summary>The matches over that many events, by number of keys; empty where none are known.</summary>
    public IReadOnlyDictionary<int, long> Golden { get; init; } = new Dictionary<int, long>();

    /// <summary>The query as rules, compiled.</summary>
    public PatternSet Compile(EventType type, int keys)
    {
        var ticks = new Ticks(type);
        var stream = new StreamDefinition(type, Time: null);
        var rules = Patterns(ticks, keys).Select((pattern, i) => new Rule
        {
            Name = $"{Name}.{i}",
            Inputs = [new RuleInput(stream, [ticks.Key], Where: null)],
            Pattern = pattern,
        });
        return PatternSet.Compile(new RuleSet([stream], rules.ToList()));
    }
}
