using Cep.Conformance.Cases;
using Cep.Conformance.Reports;
using Cep.Conformance.Streaming;
using Cep.Engine.Connectors;
using Cep.Events;
using Cep.Rules;
using Cep.Streaming.Matches;
using Cep.Streaming;

namespace Cep.Conformance.Text;

/// <summary>Runs the rules of many cases as one job over one stream of all their events, mixed by time.</summary>
internal static class TextRun
{
    /// <summary>Where the cases' times begin, so that all are times of today's kind: 2023-11-14.</summary>
    private const long OriginMs = 1_700_000_000_000;

    private sealed record Row(int Cid, int Position, long T);

    /// <summary>What each case is answered, by its <c>cid</c>.</summary>
    public static IReadOnlyDictionary<int, Answer> Answers(RuleSet rules, IReadOnlyDictionary<int, Case> cases)
    {
        var late = cases.ToDictionary(c => c.Key, c => Replay.Run(c.Value, NoOne.Instance, () => { }));
        var (matches, timeouts) = Run(rules, EventsOf(rules, cases, late));
        return cases.ToDictionary(c => c.Key, c => new Answer(
            matches[RuleText.RuleName(c.Key)].Select(Told).ToArray(), timeouts[RuleText.RuleName(c.Key)].Select(Told).ToArray(), late[c.Key], MatchesBeforeEnd: null));
    }

    private static (ILookup<string, Match> Matches, ILookup<string, Match> Timeouts) Run(RuleSet rules, IEnumerable<StreamEvent> events)
    {
        var matches = new MemorySink<Match>();
        var timeouts = new MemorySink<Match>();
        var time = rules.Streams[0].EventType.ClrType.GetField("t")!;
        new KeyedJob(rules, events, e => (long)time.GetValue(e.Value)!).WriteTo(matches).WriteTimeoutsTo(timeouts).Run();
        return (matches.Values.ToLookup(m => m.Rule.Name), timeouts.Values.ToLookup(m => m.Rule.Name));
    }

    /// <summary>The events of all cases in order of time, but for those that are late in their case.</summary>
    private static IEnumerable<StreamEvent> EventsOf(RuleSet rules, IReadOnlyDictionary<int, Case> cases, Dictionary<int, IReadOnlyList<int>> late) => cases
        .SelectMany(c => c.Value.Events.Select((e, position) => new Row(c.Key, position, e.T)).Where(r => !late[c.Key].Contains(r.Position)))
        .OrderBy(r => r.T).ThenBy(r => r.Cid).ThenBy(r => r.Position)
        .Select(r => new StreamEvent(0, EventOf(rules.Streams[0].EventType, r, cases[r.Cid].Events[r.Position])));

    private static object EventOf(EventType type, Row row, CaseEventRow e)
    {
        var instance = Activator.CreateInstance(type.ClrType)!;
        foreach (var (name, value) in new (string, object?)[]
        {
            ("cid", row.Cid), ("ix", row.Position), ("id", (int)e.Id), ("name", e.Name), ("price", e.Price), ("volume", e.Volume), ("type", e.Type),
            ("t", OriginMs + e.T),
        })
        {
            type.ClrType.GetField(name)!.SetValue(instance, value);
        }
        return instance;
    }

    private static Told Told(Match match) => new(
        Taken.Text(match.Steps.Select(s => KeyValuePair.Create(s.Step, s.Events.Select(PositionOf).ToArray()))),
        match.DetectedMs - OriginMs);

    private static int PositionOf(StreamEvent e) => (int)e.Value.GetType().GetField("ix")!.GetValue(e.Value)!;

    /// <summary>Looks at nothing: only which events are late is asked.</summary>
    private sealed class NoOne : IReplayed
    {
        public static NoOne Instance { get; } = new();

        public void Process(int position)
        {
        }

        public void Advance(long timeMs)
        {
        }
    }
}
