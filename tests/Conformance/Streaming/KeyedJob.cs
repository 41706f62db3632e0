using Cep.Engine.Connectors;
using Cep.Engine.Runtime;
using Cep.Engine.Time;
using Cep.Rules;
using Cep.Streaming;
using Cep.Streaming.Matches;

namespace Cep.Conformance.Streaming;

/// <summary>Runs a rule set over events in memory, in order of time, through the keyed operator on one subtask.</summary>
internal sealed class KeyedJob
{
    private readonly PatternSet _patterns;
    private readonly Job<StreamEvent, Match> _job = new();
    private readonly List<RuleCounts[]> _counts = [];

    /// <param name="rules">The rules.</param>
    /// <param name="events">The events.</param>
    /// <param name="timeMs">An event's time.</param>
    public KeyedJob(RuleSet rules, IEnumerable<StreamEvent> events, Func<StreamEvent, long> timeMs)
    {
        _patterns = PatternSet.Compile(rules);
        _job.AddSource(new MemorySource<StreamEvent>("events", events, timeMs, WatermarkStrategy.Monotonous));
        _job.AddOperator("rules", new RulePartitioner(_patterns.Groups), () => new CepOperator(_patterns, NewCounts()));
    }

    /// <summary>How many matches there were; to be read after the run.</summary>
    public long Matches => _counts.Sum(c => c.Sum(r => r.Matches));

    /// <summary>Takes the matches. Where none is given, matches are counted and not made.</summary>
    public KeyedJob WriteTo(Sink<Match> sink)
    {
        _job.WriteTo(sink);
        return this;
    }

    /// <summary>Takes the partial matches that ran out of time.</summary>
    public KeyedJob WriteTimeoutsTo(Sink<Match> sink)
    {
        _job.WriteTo(CepOperator.Timeouts, sink);
        return this;
    }

    /// <summary>Runs to the end of the events, and of time.</summary>
    public KeyedJob Run()
    {
        _job.Run();
        return this;
    }

    private RuleCounts[] NewCounts()
    {
        var counts = _patterns.Compiled.Select(_ => new RuleCounts()).ToArray();
        _counts.Add(counts);
        return counts;
    }
}
