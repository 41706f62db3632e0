using Cep.Engine.Checkpoints;
using Cep.Engine.Connectors;
using Cep.Engine.Runtime;
using Cep.Engine.Tests.Support;
using Cep.Streaming.Jobs;
using Cep.Streaming.Matches;
using Cep.Streaming.Tests.Support;

namespace Cep.Streaming.Tests.Jobs;

/// <summary>What a listener reads of rules is what the job says at its end that they did.</summary>
public sealed class RuleMetricsTests : IDisposable
{
    private const string Meter = "Cep.Streaming";

    private readonly ReadMetrics _read = new();

    public void Dispose() => _read.Dispose();

    [Fact]
    public void Every_figure_is_on_the_page_with_its_kind_and_unit()
    {
        Run(Compiled.Rule("r", "A -> B within 1s"), [("x", "A", 1)]);
        Assert.Equal(ReadMetrics.OnPage(Meter).Order(), _read.InstrumentsOf(Meter).Order());
        Assert.All(_read.Tags().Where(of => of.Key.StartsWith("cep.rule.", StringComparison.Ordinal)), of => Assert.Equal(ReadMetrics.TagsOnPage(Meter)[of.Key], of.Value));
    }

    [Fact]
    public void A_rule_counts_its_events_matches_and_timeouts()
    {
        // Two matches, a timeout in the stream and one at its end, and an event without a key.
        Run(
            "rule pairs { from s key k match a: s where letter == \"A\" -> b: s where letter == \"B\" and n > 0 within 1s }\n",
            [("x", "A", 1), ("y", "A", 2), ("x", "B", 3), ("y", "B", 4), ("z", "A", 5), (null, "A", 6), ("z", "C", 2_000), ("x", "A", 2_001)]);
        Assert.Equal(7, Sum("events"));
        Assert.Equal(2, Sum("matches"));
        Assert.Equal(2, Sum("timeouts"));
        Assert.Equal(1, Sum("events.without_key"));
        Assert.Equal(0, Sum("quarantined"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void After_restarts_figures_are_those_of_an_undisturbed_job(int parallelism)
    {
        var random = new RandomCase(1_003, 20_000, isRich: true);
        var patterns = Compiled.Patterns(random.RuleText);
        using var job = new RestartedJob { MeterFactory = _read }.Input(random.Events.Select(e => e.Json));
        var straight = new JobRun(patterns, job.Inputs(patterns));
        var (failures, left) = (0, 300);
        var matches = new List<double>();
        job.OnMatch = () =>
        {
            if (failures == 3 || --left > 0)
                return;
            _read.Observe();
            matches.Add(Sum("matches"));
            (failures, left) = (failures + 1, 400);
            throw new IOException("on purpose");
        };
        job.OnClose = _read.Observe;
        var run = job.New(patterns, parallelism, RestartStrategy.FixedDelay(100, TimeSpan.Zero)).Run();
        Assert.Equal((3, 3), (failures, _read.Sum("cep.job.restarts")));
        Assert.Equal(matches.Order(), matches);
        Assert.Equal(straight.Matches.Count(c => c == '\n'), Sum("matches"));
        Assert.All(straight.Result.Rules, rule =>
        {
            double Of(string name) => _read.Sum($"cep.rule.{name}", "rule", rule.Rule.Name);
            Assert.Equal(
                (rule.Counts.Events, rule.Counts.Matches, rule.Counts.Timeouts, rule.Counts.DroppedPartials, rule.Counts.Unknown, rule.Counts.Errors, rule.Counts.WithoutKey),
                (Of("events"), Of("matches"), Of("timeouts"), Of("partial_matches.dropped"), Of("conditions.unknown"), Of("errors"), Of("events.without_key")));
            Assert.InRange(Of("conditions"), 1, double.MaxValue);
        });
        Assert.Equal(run.Rules.Sum(r => r.Counts.PartialMatches), Sum("partial_matches"));
        Assert.Empty(run.Quarantined);
    }

    [Fact]
    public void Partial_matches_that_are_alive_and_dropped_and_the_rules_that_failed_are_told()
    {
        var rules = Compiled.Rule("drops", "A -> B within 1h", rest: "partials 3 per key on overflow drop_oldest") + Compiled.Rule("fails", "A -> B within 1h", rest: "partials 4 per key on overflow fail");
        // Of ten partial matches the last three are left; the first of these matches, and drops the others. Two more are alive when the job is stopped.
        Run(rules, [.. Enumerable.Range(0, 10).Select(i => ((string?)"x", "A", (long)i)), ("x", "B", 10), ("x", "A", 11), ("y", "A", 12), ("y", "C", 13)], stopsAtMatch: true);
        Assert.Equal(7, _read.Sum("cep.rule.partial_matches.dropped", "rule", "drops"));
        Assert.Equal((0, 1), (_read.Sum("cep.rule.quarantined", "rule", "drops"), _read.Sum("cep.rule.quarantined", "rule", "fails")));
        Assert.Equal((1, 0), (_read.Sum("cep.rule.matches", "rule", "drops"), _read.Sum("cep.rule.matches", "rule", "fails")));
        Assert.Equal(2, _read.Sum("cep.rule.partial_matches", "rule", "drops"));
    }

    private double Sum(string name) => _read.Sum($"cep.rule.{name}");

    /// <summary>Runs rules over events, and reads their figures when all matches are written.</summary>
    /// <param name="rules">Rules over <see cref="Compiled.Letters"/>.</param>
    /// <param name="events">What they see.</param>
    /// <param name="stopsAtMatch">Whether more events could come, and the job is stopped at its first match.</param>
    private void Run(string rules, IReadOnlyList<(string? Key, string Letter, long TimeMs)> events, bool stopsAtMatch = false)
    {
        var patterns = Compiled.Patterns(Compiled.Letters + rules);
        using var pipe = new Pipe();
        pipe.Say(string.Concat(events.Select(e => $"{{\"k\":{(e.Key is null ? "null" : $"\"{e.Key}\"")},\"letter\":\"{e.Letter}\",\"n\":1,\"ts\":{e.TimeMs}}}\n")));
        if (!stopsAtMatch)
            pipe.HangUp();
        using var stop = new CancellationTokenSource();
        new RuleJob(patterns, new RuleJobOptions
        {
            Inputs = [new EventInput(ByteInput.FromStream("pipe", pipe, isLive: true), EventFormat.JsonLines, patterns.RuleSet.Streams)],
            MeterFactory = _read,
            Matches = new ClosingSink<Match>(_ =>
            {
                if (stopsAtMatch)
                    stop.Cancel();
            }, _read.Observe),
        }).Run(stop.Token);
    }
}
