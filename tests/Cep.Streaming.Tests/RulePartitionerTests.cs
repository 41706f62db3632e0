using Cep.Engine.Keys;
using Cep.Streaming.Tests.Support;

namespace Cep.Streaming.Tests;

public class RulePartitionerTests
{
    private const string Streams = """
        stream s { a string? n long? ts timestamp watermark for ts delay 0s }
        stream t { a string ts timestamp watermark for ts delay 0s }

        """;

    [Fact]
    public void Event_goes_by_the_hash_of_its_key()
    {
        var (partitioner, _, patterns) = Partitioner(Rule("x", "s key a"));
        Assert.True(partitioner.TryRoute(Event(patterns, "k", 1), 0, out var hash));
        Assert.Equal(StableHash.Of("k"), hash);
    }

    [Fact]
    public void Event_of_a_stream_that_no_rule_of_the_group_reads_is_not_taken()
    {
        var (partitioner, counts, patterns) = Partitioner(Rule("x", "s key a"));
        Assert.False(partitioner.TryRoute(new StreamEvent(1, EventOf.Type(patterns.RuleSet.Streams[1].EventType, "k", 0L)), 0, out _));
        Assert.Equal(0, counts[0].WithoutKey);
    }

    [Theory]
    [InlineData(5L, 1, 1, 0)]
    [InlineData(1L, 1, 0, 0)]
    [InlineData(null, 1, 0, 0)]
    [InlineData(100L, 1, 1, 1)]
    public void Event_without_a_key_is_counted_once_for_each_rule_whose_filter_it_passes(long? n, int all, int many, int most)
    {
        var (partitioner, counts, patterns) = Partitioner(Rule("all", "s key a"), Rule("many", "s key a where n > 2"), Rule("most", "s key a where n > 50"));
        Assert.False(partitioner.TryRoute(Event(patterns, null, n), 0, out _));
        Assert.Equal([all, many, most], counts.Select(c => (int)c.WithoutKey));
    }

    [Fact]
    public void Filter_that_fails_in_arithmetic_does_not_hold()
    {
        var (partitioner, counts, patterns) = Partitioner(Rule("x", "s key a where 10 / n > 1"));
        Assert.False(partitioner.TryRoute(Event(patterns, null, 0), 0, out _));
        Assert.Equal(0, counts[0].WithoutKey);
    }

    [Fact]
    public void Filter_sees_the_time_of_the_event()
    {
        var (partitioner, counts, patterns) = Partitioner(Rule("x", "s key a where hour(now()) == 3"));
        partitioner.TryRoute(new StreamEvent(0, EventOf.Type(patterns.RuleSet.Streams[0].EventType, null, 1L, 3 * 3_600_000L)), 0, out _);
        partitioner.TryRoute(new StreamEvent(0, EventOf.Type(patterns.RuleSet.Streams[0].EventType, null, 1L, 4 * 3_600_000L)), 0, out _);
        Assert.Equal(1, counts[0].WithoutKey);
    }

    private static string Rule(string name, string from) => $"rule {name} {{ from {from} match p: s -> q: s within 1s }}\n";

    private static StreamEvent Event(PatternSet patterns, string? key, long? n) => new(0, EventOf.Type(patterns.RuleSet.Streams[0].EventType, key, n, 0L));

    private static (RulePartitioner, RuleCounts[], PatternSet) Partitioner(params string[] rules)
    {
        var patterns = Compiled.Patterns(Streams + string.Concat(rules));
        var counts = rules.Select(_ => new RuleCounts()).ToArray();
        return (new RulePartitioner(Assert.Single(patterns.Groups), counts), counts, patterns);
    }
}
