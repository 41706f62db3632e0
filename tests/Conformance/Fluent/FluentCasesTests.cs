using Cep.Conformance.Cases;
using Cep.Conformance.Reports;
using Cep.Matching;
using Cep.Patterns;

namespace Cep.Conformance.Fluent;

/// <summary>Patterns of Flink's own tests as a C# programmer writes them, matched without the engine.</summary>
public class FluentCasesTests
{
    private record Event(int Position, long T, long Id, string Name, double Price);

    private sealed record SubEvent(int Position, long T, long Id, string Name, double Price, double Volume) : Event(Position, T, Id, Name, Price);

    private static readonly Dictionary<string, PatternBuilder<Event>> Patterns = new()
    {
        ["CEPITCase/testSimplePatternCEP"] = Pattern.Begin<Event>("start").Where(e => e.Name == "start")
            .FollowedByAny("middle").OfType<SubEvent>(e => e.Name == "middle")
            .FollowedByAny("end").Where(e => e.Name == "end"),
        ["CEPITCase/testTimeoutHandlingWithinFirstAndLast"] = Pattern.Begin<Event>("start").Where(e => e.Name == "start")
            .FollowedByAny("middle").Where(e => e.Name == "middle")
            .FollowedByAny("end").Where(e => e.Name == "end")
            .Within(TimeSpan.FromMilliseconds(3)),
        ["NotPatternITCase/testNotNext"] = Pattern.Begin<Event>("start").Where(e => e.Name == "a")
            .NotNext("notPattern").Where(e => e.Name == "b")
            .FollowedByAny("middle").Where(e => e.Name == "c")
            .FollowedBy("end").Where(e => e.Name == "d"),
        ["NotPatternITCase/testNotFollowedByWithinAtEndAfterMatch"] = Pattern.Begin<Event>("a").Where(e => e.Name == "a").OneOrMore().AllowCombinations()
            .FollowedBy("c").Where(e => e.Name == "c")
            .NotFollowedBy("b").Where(e => e.Name == "b")
            .Within(TimeSpan.FromMilliseconds(5))
            .Skip(AfterMatchSkip.PastLast),
        ["NotPatternITCase/testNotFollowedByWithinPreviousAndCurrentAtEnd"] = Pattern.Begin<Event>("a").Where(e => e.Name == "a")
            .NotFollowedBy("b").Where(e => e.Name == "b").In(TimeSpan.FromMilliseconds(3)),
        ["GroupITCase/testGroupNestTimesConsecutive"] = Pattern.Begin<Event>("start").Where(e => e.Name == "d")
            .FollowedByAny(Pattern.Begin<Event>("middle1").Where(e => e.Name == "a")
                .FollowedBy(Pattern.Begin<Event>("middle2").Where(e => e.Name == "b").FollowedBy("middle3").Where(e => e.Name == "c")).Times(3).Consecutive())
            .Times(0, 2).Consecutive()
            .FollowedBy("end").Where(e => e.Name == "e"),
        ["UntilConditionITCase/testIterativeUntilConditionZeroOrMore"] = Pattern.Begin<Event>("start").Where(e => e.Name == "c")
            .FollowedBy("middle").OneOrMore().Optional().Until((e, m) => m["middle"].Sum(x => x.Price) == 6),
        ["AfterMatchSkipITCase/testSkipBeforeOtherAlreadyCompleted"] = Pattern.Begin<Event>("a").Where(e => new[] { "a1", "a2" }.Contains(e.Name))
            .FollowedBy("c").Where(e => e.Name == "c1" || e.Name == "c2")
            .FollowedBy("b").Where(e => e.Name == "b1").Or(e => e.Name == "b2").Where((e, m) => m["a"][0].Price == e.Price)
            .Skip(AfterMatchSkip.ToFirst("c")),
        ["GreedyITCase/testGreedyTimesRange"] = Pattern.Begin<Event>("start").Where(e => e.Name == "c")
            .FollowedBy("middle").Where(e => e.Name == "a").Times(2, 5).Greedy()
            .FollowedBy("end").Where(e => e.Name == "d"),
    };

    public static TheoryData<string> Names => new(Patterns.Keys);

    [CaseTheory]
    [MemberData(nameof(Names))]
    public void Fluent_pattern_finds_what_Flink_finds(string name)
    {
        var pattern = Patterns[name].Build();
        var c = CaseFiles.Read($"flink/{name.Split('/')[0]}.jsonl").Single(c => c.Id == "flink/" + name);
        Assert.Null(c.Expect.Late);
        var matcher = c.KeyedBy is null ? new PatternMatcher<Event>(pattern, e => e.T, withTimeouts: true) : PatternMatcher<Event>.ByKey(pattern, e => e.Id, e => e.T, withTimeouts: true);
        var found = c.Events.Select(EventOf).OrderBy(e => e.T).SelectMany(matcher.Offer).ToList();
        found.AddRange(matcher.Complete());
        var told = found.ToLookup(m => m.IsTimeout, m => new Told(Text(pattern, m), m.Detected.ToUnixTimeMilliseconds()));
        Assert.Empty(Comparison.Compare(c, new Answer([.. told[false]], [.. told[true]], Late: [], MatchesBeforeEnd: null)).Differences);
        Assert.NotEmpty(c.Expect.Matches!);
    }

    private static Event EventOf(CaseEventRow e, int position) => e.Type == nameof(SubEvent)
        ? new SubEvent(position, e.T, e.Id, e.Name, e.Price, e.Volume ?? 0)
        : new Event(position, e.T, e.Id, e.Name, e.Price);

    private static string Text(Pattern pattern, Match<Event> match) =>
        Taken.Text(pattern.EventSteps.Select(s => KeyValuePair.Create(s.Name, match[s.Name].Select(e => e.Position).ToArray())));
}
