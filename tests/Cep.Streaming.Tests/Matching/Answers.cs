using Cep.Engine.Connectors;
using Cep.Engine.Runtime;
using Cep.Engine.Streams;
using Cep.Engine.Time;
using Cep.Matching;
using Cep.Streaming.Matches;
using Cep.Streaming.Streams;
using Match = Cep.Streaming.Matches.Match;

namespace Cep.Streaming.Tests.Matching;

/// <summary>What is found of a case, by pattern: matches in the order in which they are told, then timeouts in theirs.</summary>
internal static class Answers
{
    /// <summary>Matchers for use without the engine, to which events are offered in order of time.</summary>
    public static IReadOnlyList<string[]> OfMatchers(KeyedCase c)
    {
        var inOrder = c.Arrivals.OrderBy(KeyedCase.TimeMs).ToList();
        var names = Names(c);
        return c.Patterns.Select(p =>
        {
            var matcher = p.IsKeyed
                ? PatternMatcher<object>.ByKey(p.Pattern, e => ((IKeyed)e).Key, KeyedCase.TimeMs, withTimeouts: true)
                : new PatternMatcher<object>(p.Pattern, KeyedCase.TimeMs, withTimeouts: true);
            var told = inOrder.SelectMany(matcher.Offer).ToList();
            told.AddRange(matcher.Complete());
            return Told(told.Select(m => (m.IsTimeout, Text(m.IsTimeout, m.Detected.ToUnixTimeMilliseconds(), names, p.Pattern.EventSteps.Select(s => (s.Name, m[s.Name]))))));
        }).ToList();
    }

    /// <summary>A job of the engine, in which each pattern is a rule (<see cref="KeyedCase.Rules"/>).</summary>
    public static IReadOnlyList<string[]> OfJob(KeyedCase c, PatternSet patterns, int parallelism)
    {
        var job = new Job<StreamEvent, Match>(new JobOptions { Parallelism = parallelism });
        var (matches, timeouts, late) = (new MemorySink<Match>(), new MemorySink<Match>(), new MemorySink<LateRecord<StreamEvent>>());
        job.AddSource(new Arriving(c)).WriteTo(matches).WriteTo(CepOperator.Timeouts, timeouts).WriteLateTo(late);
        job.AddOperator("rules", new RulePartitioner(patterns.Groups), () => new CepOperator(patterns, Counts(patterns)));
        job.Run();
        Assert.Empty(late.Values);
        var names = Names(c);
        var told = matches.Values.Concat(timeouts.Values).ToLookup(m => m.Rule, m => (m.Kind == MatchKind.Timeout, Text(m.Kind == MatchKind.Timeout, m.DetectedMs, names,
            m.Steps.Select(s => (s.Step, (IReadOnlyList<object>)[.. s.Events.Select(e => e.Value)])))));
        return patterns.Rules.Select(rule => Told(told[rule])).ToList();
    }

    /// <summary>A program of streams on the engine.</summary>
    public static IReadOnlyList<string[]> OfStreams(KeyedCase c, int parallelism)
    {
        var environment = new StreamEnvironment(new JobOptions { Parallelism = parallelism });
        var events = environment.From(new Arriving(c)).Map(e => e.Value);
        var found = c.Patterns.Select(p =>
        {
            var (told, timeouts) = (new MemorySink<Match<object>>(), new OutputTag<Match<object>>("timeouts"));
            var keyed = events.KeyBy(e => p.IsKeyed ? ((IKeyed)e).Key : "");
            var matches = keyed.Match(p.Pattern, new PatternStreamOptions<object> { Timeouts = timeouts });
            matches.Union(matches.SideOutput(timeouts)).To(told);
            return told;
        }).ToList();
        environment.Run();
        var names = Names(c);
        return c.Patterns.Zip(found, (p, sink) => Told(sink.Values.Select(m =>
            (m.IsTimeout, Text(m.IsTimeout, m.Detected.ToUnixTimeMilliseconds(), names, p.Pattern.EventSteps.Select(s => (s.Name, m[s.Name]))))))).ToList();
    }

    private static RuleCounts[] Counts(PatternSet patterns) => [.. patterns.Rules.Select(_ => new RuleCounts())];

    private static string[] Told(IEnumerable<(bool IsTimeout, string Text)> found) => [.. found.OrderBy(f => f.IsTimeout).Select(f => f.Text)];

    private static string Text(bool isTimeout, long detectedMs, Dictionary<object, int> names, IEnumerable<(string Step, IReadOnlyList<object> Events)> steps) =>
        $"{(isTimeout ? "timeout" : "match")} at {detectedMs}: {string.Join(' ', steps.Where(s => s.Events.Count > 0).OrderBy(s => s.Step, StringComparer.Ordinal)
            .Select(s => $"{s.Step}[{string.Join(',', s.Events.Select(e => names[e]))}]"))}";

    /// <summary>An event is told by its place in the order of arrival.</summary>
    private static Dictionary<object, int> Names(KeyedCase c) =>
        c.Arrivals.Select((e, i) => KeyValuePair.Create((object)e, i)).ToDictionary(ReferenceEqualityComparer.Instance);

    /// <summary>Emits the events as they arrive, and hands some on at a time, so that the watermark moves between them.</summary>
    private sealed class Arriving(KeyedCase c) : Source<StreamEvent>("arriving", WatermarkStrategy.BoundedOutOfOrderness(c.DelayMs))
    {
        public override void Read(SourceOutput<StreamEvent> output, CancellationToken stop)
        {
            for (var i = 0; i < c.Arrivals.Count; i++)
            {
                output.Emit(new StreamEvent(c.Arrivals[i] is KeyedTick ? 0 : 1, c.Arrivals[i]), KeyedCase.TimeMs(c.Arrivals[i]));
                if ((i + 1) % c.FlushEvery == 0)
                    output.Flush();
            }
        }
    }
}
