using Cep.Engine.Keys;
using Cep.Engine.Streams;
using Cep.Streaming.Tests.Support;

namespace Cep.Streaming.Tests;

public class RulePartitionerTests
{
    private const string Streams = """
        stream s { a string? n long? ts timestamp watermark for ts delay 0s }
        stream t { a string ts timestamp watermark for ts delay 0s }

        """;

    [Fact]
    public void Event_goes_by_the_hash_of_its_key_in_each_lane()
    {
        var (partitioner, patterns) = Partitioner(Rule("x", "s key a"), Rule("y", "s"));
        Assert.True(partitioner.TryRoute(Event(patterns, "k", 1), 0, out var hash));
        Assert.Equal(StableHash.Of("k"), hash);
        Assert.True(partitioner.TryRoute(Event(patterns, "k", 1), 1, out hash));
        Assert.Equal(0UL, hash);
    }

    [Fact]
    public void Event_of_a_stream_that_no_rule_of_the_group_reads_is_not_taken()
    {
        var (partitioner, patterns) = Partitioner(Rule("x", "s key a"));
        var other = new StreamEvent(1, EventOf.Type(patterns.RuleSet.Streams[1].EventType, "k", 0L));
        Assert.Equal([false, false], Taken(partitioner, other));
    }

    [Fact]
    public void Event_without_a_key_goes_once_by_the_last_lane_whichever_of_the_others_take_it()
    {
        var (partitioner, patterns) = Partitioner(Rule("x", "s key a"), Rule("y", "s key n"), Rule("z", "s"));
        Assert.Equal([false, false, true, true], Taken(partitioner, Event(patterns, null, null)));
        Assert.Equal([true, false, true, true], Taken(partitioner, Event(patterns, "k", null)));
        Assert.Equal([true, true, true, false], Taken(partitioner, Event(patterns, "k", 1)));
    }

    [Fact]
    public void Where_every_event_has_a_key_there_is_no_lane_for_those_without()
    {
        var (partitioner, _) = Partitioner("rule x { from t key a match p: t -> q: t within 1s }");
        Assert.Equal(1, partitioner.Lanes);
    }

    [Theory]
    [InlineData(5L, 1, 1, 0)]
    [InlineData(1L, 1, 0, 0)]
    [InlineData(null, 1, 0, 0)]
    [InlineData(100L, 1, 1, 1)]
    public void Event_without_a_key_is_counted_once_for_each_rule_whose_filter_it_passes(long? n, int all, int many, int most)
    {
        Assert.Equal([all, many, most], WithoutKey(n, 0, Rule("all", "s key a"), Rule("many", "s key a where n > 2"), Rule("most", "s key a where n > 50")));
    }

    [Fact]
    public void Filter_that_fails_in_arithmetic_does_not_hold() =>
        Assert.Equal([0], WithoutKey(0, 0, Rule("x", "s key a where 10 / n > 1")));

    [Theory]
    [InlineData(3, 1)]
    [InlineData(4, 0)]
    public void Filter_sees_the_time_of_the_event(int hour, int counted) =>
        Assert.Equal([counted], WithoutKey(1, hour * 3_600_000L, Rule("x", "s key a where hour(now()) == 3")));

    private static IEnumerable<int> WithoutKey(long? n, long timeMs, params string[] rules)
    {
        var (partitioner, patterns) = Partitioner(rules);
        var counts = rules.Select(_ => new RuleCounts()).ToArray();
        var value = new StreamEvent(0, EventOf.Type(patterns.RuleSet.Streams[0].EventType, null, n, timeMs));
        var lane = Taken(partitioner, value).IndexOf(true);
        new CepOperator(patterns, counts).Process([new StreamRecord<StreamEvent>(value, timeMs, 0, 0, lane)]);
        return counts.Select(c => (int)c.WithoutKey);
    }

    private static List<bool> Taken(RulePartitioner partitioner, StreamEvent value) =>
        Enumerable.Range(0, partitioner.Lanes).Select(lane => partitioner.TryRoute(value, lane, out _)).ToList();

    private static string Rule(string name, string from) => $"rule {name} {{ from {from} match p: s -> q: s within 1s }}\n";

    private static StreamEvent Event(PatternSet patterns, string? key, long? n) => new(0, EventOf.Type(patterns.RuleSet.Streams[0].EventType, key, n, 0L));

    private static (RulePartitioner, PatternSet) Partitioner(params string[] rules)
    {
        var patterns = Compiled.Patterns(Streams + string.Concat(rules));
        return (new RulePartitioner(patterns.Groups), patterns);
    }
}
