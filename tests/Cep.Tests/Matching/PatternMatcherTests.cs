using Cep.Conditions;
using Cep.Matching;
using Cep.Patterns;
using Xunit;

namespace Cep.Tests.Matching;

public class PatternMatcherTests
{
    private record Tick(string Key, string Name, long AtMs, double Value = 0);

    private sealed record Alarm(string Key, string Name, long AtMs, int Code) : Tick(Key, Name, AtMs);

    private static readonly Pattern AThenB = Pattern.Begin<Tick>("a").Where(t => t.Name == "a").FollowedBy("b").Where(t => t.Name == "b").Within(Ms(10)).Build();

    [Fact]
    public void Match_gives_events_by_step_and_its_times()
    {
        var matcher = new PatternMatcher<Tick>(AThenB, t => t.AtMs);
        Assert.Empty(matcher.Offer(new("k", "a", 3)));
        Assert.Empty(matcher.Offer(new("k", "x", 4)));
        var match = Assert.Single(matcher.Offer(new("k", "b", 5)));
        Assert.Equal((At(3), At(5), At(5), false), (match.Start, match.End, match.Detected, match.IsTimeout));
        Assert.Equal(("a", "b"), (Assert.Single(match["a"]).Name, Assert.Single(match["b"]).Name));
        Assert.Equal(["a", "b"], match.Events.Select(e => e.Name));
        Assert.Throws<KeyNotFoundException>(() => match["c"]);
    }

    [Fact]
    public void Times_are_taken_as_dates_too() =>
        Assert.Single(Run(new PatternMatcher<Tick>(AThenB, t => At(t.AtMs)), "k a 1", "k b 2"));

    [Fact]
    public void Keys_are_matched_apart()
    {
        var matcher = PatternMatcher<Tick>.ByKey(AThenB, t => t.Key, t => t.AtMs);
        Assert.Equal(["j 2 4", "k 1 3"], Run(matcher, "k a 1", "j a 2", "k b 3", "j b 4").Select(m => $"{m["a"][0].Key} {m["a"][0].AtMs} {m["b"][0].AtMs}").Order());
    }

    [Fact]
    public void Timeout_is_told_on_request_at_its_deadline_also_for_a_silent_key()
    {
        var matcher = PatternMatcher<Tick>.ByKey(AThenB, t => t.Key, t => At(t.AtMs), withTimeouts: true);
        matcher.Offer(new("k", "a", 1));
        Assert.Empty(matcher.Offer(new("j", "x", 10)));
        var timeout = Assert.Single(matcher.Offer(new("j", "x", 11)));
        Assert.Equal((true, At(1), At(11), At(11)), (timeout.IsTimeout, timeout.Start, timeout.End, timeout.Detected));
        Assert.Empty(timeout["b"]);
        Assert.Empty(matcher.Complete());
    }

    [Fact]
    public void Timeout_is_not_told_unasked() => Assert.Empty(Run(new PatternMatcher<Tick>(AThenB, t => t.AtMs), "k a 1", "k b 11"));

    [Fact]
    public void Absence_is_certain_when_time_reaches_its_deadline()
    {
        var pattern = Pattern.Begin<Tick>("a").Where(t => t.Name == "a").NotFollowedBy("b").Where(t => t.Name == "b").Within(Ms(10)).Build();
        var matcher = PatternMatcher<Tick>.ByKey(pattern, t => t.Key, t => t.AtMs);
        matcher.Offer(new("k", "a", 1));
        matcher.Offer(new("j", "a", 1));
        Assert.Empty(matcher.Advance(At(10)));
        Assert.Equal(["k", "j"], matcher.Advance(At(11)).Select(m => m.Events[0].Key));
        matcher.Offer(new("k", "a", 20));
        Assert.Equal(At(30), Assert.Single(matcher.Complete()).Detected);
    }

    [Fact]
    public void Deadlines_of_one_time_are_told_in_order_of_the_first_events()
    {
        var pattern = Pattern.Begin<Tick>("a").Where(t => t.Name == "a").NotFollowedBy("b").Where(t => t.Name == "b").Within(Ms(10)).Build();
        var matcher = PatternMatcher<Tick>.ByKey(pattern, t => t.Key, t => t.AtMs);
        foreach (var key in new[] { "z", "y", "x" })
            matcher.Offer(new(key, "a", 1));
        Assert.Equal(["z", "y", "x"], matcher.Complete().Select(m => m.Events[0].Key));
    }

    [Fact]
    public void Gap_that_is_over_on_arrival_passes_after_the_other_events_of_that_millisecond()
    {
        var pattern = Pattern.Begin<Tick>("a").Where(t => t.Name == "a").Times(2).FollowedBy("b").Where(t => t.Name == "b").In(Ms(1)).Build();
        Assert.Single(Run(new PatternMatcher<Tick>(pattern, t => t.AtMs), "k a 1", "k a 5", "k b 5"));
        Assert.Empty(Run(new PatternMatcher<Tick>(pattern, t => t.AtMs), "k a 1", "k a 5", "k b 6"));
    }

    [Fact]
    public void Event_older_than_the_last_is_refused_and_the_matcher_goes_on()
    {
        var matcher = new PatternMatcher<Tick>(AThenB, t => t.AtMs);
        matcher.Offer(new("k", "a", 5));
        var error = Assert.Throws<ArgumentException>(() => matcher.Offer(new("k", "b", 4)));
        Assert.StartsWith("The event of 1970-01-01T00:00:00.0040000+00:00 is older than 1970-01-01T00:00:00.0050000+00:00", error.Message);
        Assert.Single(matcher.Offer(new("k", "b", 5)));
        matcher.Advance(At(7));
        Assert.Throws<ArgumentException>(() => matcher.Offer(new("k", "b", 6)));
        matcher.Complete();
        Assert.StartsWith("The input is complete", Assert.Throws<ArgumentException>(() => matcher.Offer(new("k", "b", 8))).Message);
    }

    [Fact]
    public void Loop_reads_its_own_earlier_rounds_from_registers_and_in_code()
    {
        var loop = Pattern.Begin<Tick>("up").OneOrMore().Consecutive();
        Check(loop.Where((t, m) => m["up"].Count == 0 || t.Value > m["up"].Last().Value));
        Check(loop.Where((t, m) => m["up"].All(u => u.Value < t.Value)));
        Check(loop.Where((t, m) => IsAbove(m, t)));

        static void Check(PatternBuilder<Tick> rising)
        {
            var pattern = rising.Next("end").Where(t => t.Name == "end").Skip(AfterMatchSkip.PastLast).Build();
            var matches = Run(new PatternMatcher<Tick>(pattern, t => t.AtMs), "k x 1 5", "k x 2 1", "k x 3 2", "k x 4 3", "k end 5");
            Assert.Equal("2 3 4", string.Join(' ', Assert.Single(matches)["up"].Select(t => t.AtMs)));
        }
    }

    [Fact]
    public void Subclass_is_read_by_its_own_class()
    {
        var pattern = Pattern.Begin<Tick>("a").Where(t => t.Name == "a")
            .FollowedBy("alarm").OfType<Alarm>(a => a.Code > 3)
            .FollowedBy("same").OfType<Alarm>((a, m) => a.Code == m.EventsOf<Alarm>("alarm")[0].Code && IsAlarm(m.EventsOf<Alarm>("alarm").Last())).Build();
        var matcher = new PatternMatcher<Tick>(pattern, t => t.AtMs);
        Tick[] events = [new("k", "a", 1), new Alarm("k", "a", 2, 3), new Alarm("k", "x", 3, 4), new Alarm("k", "x", 4, 5), new Alarm("k", "x", 5, 4)];
        var match = Assert.Single(events.SelectMany(matcher.Offer), m => m.Start == At(1));
        Assert.Equal((3, 5), (match.EventsOf<Alarm>("alarm")[0].AtMs, match.EventsOf<Alarm>("same")[0].AtMs));
    }

    [Fact]
    public async Task Stream_of_events_gives_matches_as_they_come_and_completes_at_its_end()
    {
        var pattern = Pattern.Begin<Tick>("a").Where(t => t.Name == "a").NotFollowedBy("b").Where(t => t.Name == "b").Within(Ms(10)).Build();
        var offered = 0;
        var told = new List<(long StartMs, int Offered)>();
        await foreach (var match in new PatternMatcher<Tick>(pattern, t => t.AtMs).MatchAsync(Source()))
            told.Add((match.Start.ToUnixTimeMilliseconds(), offered));
        Assert.Equal([(1, 2), (20, 3)], told);

        async IAsyncEnumerable<Tick> Source()
        {
            foreach (var e in new[] { "k a 1", "k x 15", "k a 20" })
            {
                await Task.Yield();
                offered++;
                yield return Parse(e);
            }
        }
    }

    [Fact]
    public async Task Stream_of_events_can_be_cancelled()
    {
        using var cancellation = new CancellationTokenSource();
        var matches = new PatternMatcher<Tick>(AThenB, t => t.AtMs).MatchAsync(Endless(), cancellation.Token);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in matches)
                await cancellation.CancelAsync();
        });

        static async IAsyncEnumerable<Tick> Endless([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation = default)
        {
            for (var ms = 0L; ; ms += 2)
            {
                cancellation.ThrowIfCancellationRequested();
                yield return new("k", "a", ms);
                yield return new("k", "b", ms + 1);
                await Task.Yield();
            }
        }
    }

    private static bool IsAbove(TakenEvents<Tick> taken, Tick t) => taken["up"].Count == 0 || taken["up"][^1].Value < t.Value;

    private static bool IsAlarm(Alarm alarm) => alarm.Code > 0;

    private static List<Match<Tick>> Run(PatternMatcher<Tick> matcher, params string[] events) =>
        [.. events.Select(Parse).SelectMany(matcher.Offer), .. matcher.Complete()];

    private static Tick Parse(string e) => e.Split(' ') is [var key, var name, var atMs, .. var rest]
        ? new(key, name, long.Parse(atMs), rest is [var value] ? double.Parse(value) : 0)
        : throw new FormatException(e);

    private static TimeSpan Ms(long ms) => TimeSpan.FromMilliseconds(ms);

    private static DateTimeOffset At(long ms) => DateTimeOffset.FromUnixTimeMilliseconds(ms);
}
