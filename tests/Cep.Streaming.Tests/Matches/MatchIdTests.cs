using Cep.Evaluation;
using Cep.Rules;
using Cep.Streaming.Matches;
using Cep.Streaming.Tests.Support;

namespace Cep.Streaming.Tests.Matches;

public class MatchIdTests
{
    private static readonly Rule Rule = Compiled.Patterns(Compiled.Letters + Compiled.Rule("r", "A -> B within 1s")).Rules[0];

    private static readonly string Id = MatchId.Of(Rule, MatchKind.Match, Events((0, 3), (1, 7)));

    /// <summary>Ids are compared across runs and versions of this program: a change of this number makes every alert a new one.</summary>
    [Fact]
    public void Id_never_changes() => Assert.Equal("932e0597d1621cb977369d9cf3aad93e", Id);

    [Fact]
    public void Same_events_of_the_same_rule_have_the_same_id() => Assert.Equal(Id, MatchId.Of(Rule with { Title = "other" }, MatchKind.Match, Events((0, 3), (1, 7))));

    [Fact]
    public void Id_is_another_for_another_rule_version_kind_event_or_step()
    {
        string[] ids =
        [
            Id,
            MatchId.Of(Rule with { Name = "q" }, MatchKind.Match, Events((0, 3), (1, 7))),
            MatchId.Of(Rule with { Version = 2 }, MatchKind.Match, Events((0, 3), (1, 7))),
            MatchId.Of(Rule, MatchKind.Timeout, Events((0, 3), (1, 7))),
            MatchId.Of(Rule, MatchKind.Match, Events((0, 3), (1, 8))),
            MatchId.Of(Rule, MatchKind.Match, Events((0, 3), (0, 7))),
            MatchId.Of(Rule, MatchKind.Match, Events((0, 3), (1, 7), (1, 8))),
            MatchId.Of(Rule, MatchKind.Match, Events((0, 3))),
            MatchId.Of(Rule with { Name = "rule with a long name żółć" }, MatchKind.Match, Events((0, 3), (1, 7))),
        ];
        Assert.Equal(ids.Length, ids.Distinct().Count());
        Assert.All(ids, id => Assert.Matches("^[0-9a-f]{32}$", id));
    }

    private static List<EventNode> Events(params (int Step, long Sequence)[] events) =>
        events.Select(e => new EventNode(null, e.Step, "event", 100, e.Sequence)).ToList();
}
