using Cep.Events;
using Cep.Rules;
using Cep.Rules.Testing;

namespace Cep.Streaming.Testing;

/// <summary>The steps of a test with their events made, cut where the job restarts.</summary>
internal sealed class TestScript
{
    private readonly IReadOnlyList<StreamDefinition> _streams;
    private readonly IReadOnlyList<TestStep> _steps;

    /// <param name="test">The test.</param>
    /// <param name="streams">All streams of the set; events name theirs by its position here.</param>
    /// <param name="builders">Makes the events of each stream of the rule.</param>
    public TestScript(RuleTest test, IReadOnlyList<StreamDefinition> streams, IReadOnlyDictionary<StreamDefinition, EventBuilder> builders)
    {
        _streams = streams;
        _steps = test.Steps;
        Rule = test.Rule;
        Events = [.. test.Steps.Select(s => s is TestEvent e ? new StreamEvent(StreamEvent.PositionOf(e.Stream, streams), builders[e.Stream].Build(e.Values)) : default)];
        Ends = [.. _steps.Index().Where(s => s.Item is TestRestart).Select(s => s.Index), _steps.Count];
        EndMs = RuleTest.OriginMs + test.EndMs;
    }

    public Rule Rule { get; }

    public IReadOnlyList<TestStep> Steps => _steps;

    /// <summary>The events of the steps; of steps that are none, nothing.</summary>
    public IReadOnlyList<StreamEvent> Events { get; }

    /// <summary>Where each job ends: at which step the next goes on.</summary>
    public IReadOnlyList<int> Ends { get; }

    /// <summary>The time at which the test ends, Unix milliseconds.</summary>
    public long EndMs { get; }

    /// <summary>Time as it stands before the first step.</summary>
    public TestTime NewTime() => new([.. Rule.Inputs.Select(i => (StreamEvent.PositionOf(i.Stream, _streams), i.Stream.Time?.DelayMs ?? 0))]);
}
