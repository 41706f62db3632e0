using Cep.Events;
using Cep.Language.Json;
using Cep.Patterns;

namespace Cep.Language.Tests;

/// <summary>A malformed pattern is refused with one reason, whether it comes as rule text, as JSON or from C#.</summary>
public class RejectionTests
{
    /// <summary>An event of the patterns in C#.</summary>
    public sealed class Auth
    {
        /// <summary>An amount.</summary>
        public decimal Amount { get; set; }
    }

    private static readonly IReadOnlyList<EventType> Streams =
        RuleCompiler.Compile(Compiled.Streams).RuleSet!.Streams.Select(s => s.EventType).ToList();

    private static PatternBuilder<Auth> A => Pattern.Begin<Auth>("a");

    private static PatternBuilder<Auth> Bc => Pattern.Begin<Auth>("b").FollowedBy("c");

    private static TimeSpan Minutes(int count) => TimeSpan.FromMinutes(count);

    /// <summary>The reason; the clause; the steps of the JSON form, with what follows them; the builder.</summary>
    public static TheoryData<string, string, string, Func<PatternBuilder<Auth>>> Malformed => new()
    {
        {
            "The pattern has two steps called `a`; names of steps are unique in a pattern.",
            "a: auths -> a: auths within 5m", """[{"name":"a"},{"name":"a"}]""", () => A.FollowedBy("a")
        },
        {
            "`not b` directly follows a step that may be left out, so it is not clear after which event `b` must not come.",
            "a?: auths -> not b: auths -> c: auths within 5m",
            """[{"name":"a","quantifier":{"optional":true}},{"not":true,"name":"b"},{"name":"c"}]""",
            () => A.Optional().NotFollowedBy("b").FollowedBy("c")
        },
        {
            "`not b` directly follows a step that may be left out, so it is not clear after which event `b` must not come.",
            "( a?: auths ) -> not b: auths -> c: auths within 5m",
            """[{"group":[{"name":"a","quantifier":{"optional":true}}]},{"not":true,"name":"b"},{"name":"c"}]""",
            () => Pattern.Begin(A.Optional()).NotFollowedBy("b").FollowedBy("c")
        },
        {
            "The pattern ends with `not b` and has no bound, so it is never sure that `b` does not come.",
            "a: auths -> not b: auths within forever", """[{"name":"a"},{"not":true,"name":"b"}]""", () => A.NotFollowedBy("b")
        },
        {
            "`not b` ends a group, and nothing says until when `b` must not come.",
            "( a: auths -> not b: auths ) -> c: auths within 5m", """[{"group":[{"name":"a"},{"not":true,"name":"b"}]},{"name":"c"}]""",
            () => Pattern.Begin(A.NotFollowedBy("b")).FollowedBy("c")
        },
        {
            "`not b` has a quantifier, but an absence takes no event that could be counted.",
            "a: auths -> not b{2}: auths -> c: auths within 5m",
            """[{"name":"a"},{"not":true,"name":"b","quantifier":{"min":2,"max":2}},{"name":"c"}]""",
            () => A.NotFollowedBy("b").Times(2).FollowedBy("c")
        },
        {
            "The least count, 3, is above the most, 2.",
            "a{3,2}: auths within 5m", """[{"name":"a","quantifier":{"min":3,"max":2}}]""", () => A.Times(3, 2)
        },
        {
            "A step that is taken at most 0 times is never taken.",
            "a{0}: auths within 5m", """[{"name":"a","quantifier":{"min":0,"max":0}}]""", () => A.Times(0)
        },
        {
            "`until` ends an unbounded loop, but `a` is taken at most 3 times.",
            "a{3} until (amount > 5): auths within 5m", """[{"name":"a","stream":"auths","quantifier":{"min":3,"max":3,"until":"amount > 5"}}]""",
            () => A.Times(3).Until(e => e.Amount > 5)
        },
        {
            "`consecutive` says how the rounds of a loop follow each other, but `a` is no loop.",
            "a consecutive: auths within 5m", """[{"name":"a","quantifier":{"inner":"strict"}}]""", () => A.Consecutive()
        },
        {
            "The window of `b` is longer than `within`, which bounds the whole match.",
            "a: auths -> b in 6m: auths within 5m", """[{"name":"a"},{"name":"b","gapMs":360000}],"withinMs":300000""",
            () => A.FollowedBy("b").In(Minutes(6)).Within(Minutes(5))
        },
        {
            "A match cannot take less than no time; a duration above 0 was expected.",
            "a: auths within 0s", """[{"name":"a"}],"withinMs":0""", () => A.Within(TimeSpan.Zero)
        },
        {
            "There is no step `x` in this pattern to skip to.",
            "a: auths within 5m skip to first x", """[{"name":"a"}],"skip":{"kind":"toFirst","step":"x"}""", () => A.Skip(AfterMatchSkip.ToFirst("x"))
        },
        {
            "The step `b` is inside a group; matching can go on only at a step outside of groups.",
            "a: auths -> ( b: auths | c: auths ) within 5m skip to last b",
            """[{"name":"a"},{"either":[[{"name":"b"}],[{"name":"c"}]]}],"skip":{"kind":"toLast","step":"b"}""",
            () => A.FollowedBy(Pattern.Either(Pattern.Begin<Auth>("b"), Pattern.Begin<Auth>("c"))).Skip(AfterMatchSkip.ToLast("b"))
        },
        {
            "`not ( b … )` is followed by a step that may be left out, so it is not clear until when the group must not come; a step that must be taken follows it, or nothing.",
            "a: auths -> not ( b: auths -> c: auths ) -> d?: auths within 5m",
            """[{"name":"a"},{"not":true,"group":[{"name":"b"},{"name":"c"}]},{"name":"d","quantifier":{"optional":true}}]""",
            () => A.NotFollowedBy(Bc).FollowedBy("d").Optional()
        },
        {
            "The steps of `not ( b … )` may all be left out, so nothing would ever be without the group.",
            "a: auths -> not ( b?: auths ) -> d: auths within 5m",
            """[{"name":"a"},{"not":true,"group":[{"name":"b","quantifier":{"optional":true}}]},{"name":"d"}]""",
            () => A.NotFollowedBy(Pattern.Begin<Auth>("b").Optional()).FollowedBy("d")
        },
        {
            "The step `b` is negated, so it has no event that could be read.",
            "a: auths -> not ( b: auths -> c: auths where amount > b.amount ) -> d: auths within 5m",
            """[{"name":"a"},{"not":true,"group":[{"name":"b","stream":"auths"},{"name":"c","stream":"auths","where":"amount > b.amount"}]},{"name":"d"}]""",
            () => A.NotFollowedBy(Pattern.Begin<Auth>("b").FollowedBy("c").Where((e, m) => e.Amount > m["b"].Last().Amount)).FollowedBy("d")
        },
    };

    [Theory]
    [MemberData(nameof(Malformed))]
    public void Malformed_pattern_has_one_reason_in_text_json_and_code(string reason, string match, string steps, Func<PatternBuilder<Auth>> builder)
    {
        var text = RuleCompiler.Compile([Compiled.Streams, new("r.cep", $"rule r {{ from auths key card_id\n match {match}\n}}")]);
        Assert.Contains(reason, text.Diagnostics.Select(d => d.Message));
        Assert.Null(text.RuleSet);

        var json = PatternJson.Read($$"""{"version":1,"steps":{{steps}}}""", Streams);
        Assert.Contains(reason, json.Problems.Select(p => p.Reason));

        Assert.Contains(reason, Assert.Throws<ArgumentException>(() => builder().Build()).Message, StringComparison.Ordinal);
    }
}
