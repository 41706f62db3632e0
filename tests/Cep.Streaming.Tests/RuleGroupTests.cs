using Cep.Streaming.Tests.Support;

namespace Cep.Streaming.Tests;

public class RuleGroupTests
{
    private const string Streams = """
        stream s { a string? b string? n long ts timestamp watermark for ts delay 0s }
        stream t { a string m int ts timestamp watermark for ts delay 0s }

        """;

    [Fact]
    public void Rules_with_one_key_share_a_group() => Assert.Equal("x y", Groups(One("x", "s key a"), One("y", "s key a where n > 1")));

    [Fact]
    public void Rules_with_different_keys_of_a_stream_do_not() => Assert.Equal("x z|y", Groups(One("x", "s key a"), One("y", "s key b"), One("z", "s key a")));

    [Fact]
    public void Order_of_the_key_fields_counts() => Assert.Equal("x|y", Groups(One("x", "s key (a, b)"), One("y", "s key (b, a)")));

    [Fact]
    public void Rule_without_a_key_is_apart_from_rules_with_one() => Assert.Equal("x|y w|z", Groups(One("x", "s key a"), One("y", "s"), One("z", "s key n"), One("w", "s")));

    [Fact]
    public void Rule_over_two_streams_shares_a_group_with_rules_over_either() =>
        Assert.Equal("x y z", Groups(Two("x", "s key a, t key a"), One("y", "s key a"), "rule z { from t key a match p: t -> q: t within 1s }"));

    [Fact]
    public void Rules_that_agree_on_one_stream_and_not_on_the_other_do_not() =>
        Assert.Equal("x|y", Groups(Two("x", "s key n, t key m"), Two("y", "s key a, t key a")));

    [Fact]
    public void Rules_over_different_streams_with_keys_of_different_kinds_do_not() =>
        Assert.Equal("x|y", Groups(One("x", "s key a"), "rule y { from t key m match p: t -> q: t within 1s }"));

    [Fact]
    public void Draft_rules_are_in_no_group() =>
        Assert.Equal("y", Groups("rule x { status draft from s key a match p: s -> q: s within 1s }", One("y", "s key a")));

    [Fact]
    public void Key_and_time_of_an_event_are_read_by_its_stream()
    {
        var patterns = Compiled.Patterns(Streams + Two("x", "s key a, t key a"));
        var group = Assert.Single(patterns.Groups);
        var e = EventOf.Type(patterns.RuleSet.Streams[1].EventType, "k", 3, 77L);
        Assert.Equal(new object[] { "k" }, group.KeyOf(new StreamEvent(1, e)));
        Assert.Equal(77, group.TimeOf(new StreamEvent(1, e)));
    }

    private static string One(string name, string from) => $"rule {name} {{ from {from} match p: s -> q: s within 1s }}\n";

    private static string Two(string name, string from) => $"rule {name} {{ from {from} match p: s -> q: t within 1s }}\n";

    private static string Groups(params string[] rules) => string.Join('|',
        Compiled.Patterns(Streams + string.Concat(rules)).Groups.Select(g => string.Join(' ', g.Rules.Select(r => r.Rule.Name))));
}
