using System.Globalization;
using System.Text.Json;
using Cep.Engine.Runtime;
using Cep.Streaming.Tests.Support;

namespace Cep.Streaming.Tests.Unless;

/// <summary>Rules with <c>unless</c> over random events tell what a search through all events of a key finds, whatever the parallelism, the checkpoints and the failures.</summary>
public class RandomUnlessTests
{
    private const int WithinMs = 60;

    /// <summary>An event: where it stands among all, its key, letter and number, and its time.</summary>
    private sealed record Event(long Id, string Key, char Letter, long? Number, long TimeMs)
    {
        public bool CallsOff => Letter == 'X' || Number > 7;

        public string Json => $$"""{"k":"{{Key}}","id":{{Id}},"letter":"{{Letter}}","n":{{Number?.ToString(CultureInfo.InvariantCulture) ?? "null"}},"ts":{{TimeMs}}}""";
    }

    /// <summary>What became of the pattern that one event began.</summary>
    private readonly record struct Outcome(string Rule, long First, string Kind, long AtMs);

    private const string Rules =
        "stream s { k string id long letter string n long? ts timestamp watermark for ts delay 40ms }\n"
        + "rule pair { from s key k match a: s where letter == \"A\" -> b: s where letter == \"B\" within 60ms skip none unless s where letter == \"X\" unless s where n > 7 emit alert { first = a.id } }\n"
        + "rule absence { from s key k where letter != \"X\" match a: s where letter == \"A\" -> not b: s where letter == \"B\" within 60ms skip none unless s where letter == \"X\" or n > 7 emit alert { first = a.id } }\n";

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void A_search_through_all_events_finds_the_same(int seed)
    {
        var (events, arrivals) = Draw(seed);
        var patterns = Compiled.Patterns(Rules);
        var expected = Search(events, out var calledOff).Order(Comparer).ToList();
        var input = string.Join('\n', arrivals.Select(e => e.Json)) + "\n";

        var runs = new[] { 1, 2, 5 }.Select(parallelism => new JobRun(patterns, [JobRun.Json(patterns, input)], parallelism)).ToList();

        Assert.All(runs, run => Assert.Equal(runs[0].All, run.All));
        Assert.Equal(expected, Told(runs[0].Matches, runs[0].Timeouts).Order(Comparer));
        Assert.Equal(calledOff, runs[0].Result.Rules.Select(r => r.Counts.CancelledPartials));
        Assert.All(new[] { "pair match", "pair timeout", "absence match" }, kind => Assert.InRange(expected.Count(o => $"{o.Rule} {o.Kind}" == kind), 10, int.MaxValue));
        Assert.All(calledOff, count => Assert.InRange(count, 20, int.MaxValue));
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    public void Failures_and_restarts_at_other_parallelisms_change_nothing(int seed)
    {
        var (_, arrivals) = Draw(seed);
        var patterns = Compiled.Patterns(Rules);
        using var job = new RestartedJob().Input(arrivals.Select(e => e.Json));
        var straight = new JobRun(patterns, job.Inputs(patterns));
        var every = straight.Matches.Count(c => c == '\n') / 4;
        foreach (var parallelism in new[] { 2, 1, 3 })
        {
            var left = every;
            job.OnMatch = () =>
            {
                if (--left == 0)
                    throw new IOException("on purpose");
            };
            Assert.Throws<JobException>(() => job.New(patterns, parallelism).Run());
        }
        job.OnMatch = () => { };
        var result = job.New(patterns, 2).Run();

        Assert.Equal(straight.All, job.All());
        Assert.Equal(straight.Result.Rules.Select(r => r.Counts.CancelledPartials), result.Rules.Select(r => r.Counts.CancelledPartials));
    }

    private static readonly Comparer<Outcome> Comparer =
        Comparer<Outcome>.Create((a, b) => (a.Rule, a.First, a.Kind, a.AtMs).CompareTo((b.Rule, b.First, b.Kind, b.AtMs)));

    /// <summary>Each event that begins is followed through the events of its key behind it, to its end.</summary>
    private static List<Outcome> Search(IReadOnlyList<Event> events, out long[] calledOff)
    {
        var outcomes = new List<Outcome>();
        calledOff = [0, 0];
        foreach (var ofKey in events.GroupBy(e => e.Key).Select(g => g.ToList()))
        {
            for (var i = 0; i < ofKey.Count; i++)
            {
                if (ofKey[i].Letter != 'A')
                    continue;
                var (deadlineMs, first) = (ofKey[i].TimeMs + WithinMs, ofKey[i].Id);
                var end = ofKey.Skip(i + 1).TakeWhile(e => e.TimeMs < deadlineMs).FirstOrDefault(e => e.CallsOff || e.Letter == 'B');
                if (end is { CallsOff: true })
                    calledOff = [calledOff[0] + 1, calledOff[1] + 1];
                else if (end is null)
                    outcomes.AddRange([new("pair", first, "timeout", deadlineMs), new("absence", first, "match", deadlineMs)]);
                else
                    outcomes.Add(new("pair", first, "match", end.TimeMs));
            }
        }
        return outcomes;
    }

    private static IEnumerable<Outcome> Told(string matches, string timeouts) => $"{matches}{timeouts}".Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line =>
    {
        using var json = JsonDocument.Parse(line);
        var root = json.RootElement;
        var kind = root.GetProperty("kind").GetString()!;
        return new Outcome(root.GetProperty("rule").GetString()!, root.GetProperty("events").GetProperty("a")[0].GetProperty("id").GetInt64(), kind,
            root.GetProperty("detected").GetDateTimeOffset().ToUnixTimeMilliseconds());
    });

    /// <summary>Events in order of time, and in the order in which they arrive: out of order, and none late.</summary>
    private static (IReadOnlyList<Event> Events, IReadOnlyList<Event> Arrivals) Draw(int seed)
    {
        var random = new Random(seed);
        var arrivals = Enumerable.Range(0, 3_000)
            .Select(i => new Event(i, $"k{random.Next(12)}", "AABBCX"[random.Next(random.Next(3) == 0 ? 6 : 5)], random.Next(8) == 0 ? null : random.Next(10), 3L * i + 1_000 - random.Next(35)))
            .ToList();
        return (arrivals.OrderBy(e => e.TimeMs).ThenBy(e => e.Id).ToList(), arrivals);
    }
}
