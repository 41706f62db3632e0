using Cep.Engine.Checkpoints;
using Cep.Engine.Connectors;
using Cep.Engine.Runtime;
using Cep.Events;
using Cep.Rules;
using Cep.Rules.Testing;
using Cep.Streaming.Jobs;
using Cep.Streaming.Matches;
using Cep.Streaming.Quarantine;

namespace Cep.Streaming.Testing;

/// <summary>Runs tests of rules: each in a job of its own, with its rule alone, over the steps of the test as its input.</summary>
/// <remarks>
/// The job is the one that runs in earnest, but for its clock, which stands still. At a restart it stops with all it remembers in a checkpoint, and another job goes on from there, with two
/// subtasks after one and with one after two. What a test shows does not depend on the machine, or on how fast it is. One thread at a time.
/// </remarks>
public sealed class RuleTestRunner
{
    private readonly RuleSet _rules;
    private readonly Dictionary<Rule, PatternSet> _patterns = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<StreamDefinition, EventBuilder> _builders = [];

    /// <summary>Runs tests of the rules of a set.</summary>
    /// <param name="rules">The set that the tests were compiled with.</param>
    public RuleTestRunner(RuleSet rules)
    {
        ArgumentNullException.ThrowIfNull(rules);
        _rules = rules;
    }

    /// <summary>Runs a test to its end, and blocks the calling thread for so long.</summary>
    /// <exception cref="ArgumentException">The rule does not compile, or reads a stream that is not in the set.</exception>
    public RuleTestResult Run(RuleTest test)
    {
        ArgumentNullException.ThrowIfNull(test);
        var matches = new List<Match>();
        long late = 0;
        var script = new TestScript(test, _rules.Streams, BuildersOf(test.Rule));
        var store = script.Ends.Count > 1 ? new MemoryCheckpointStore() : null;
        IReadOnlyList<RuleError> errors = [];
        foreach (var (part, end) in script.Ends.Index())
        {
            var sink = new MemorySink<Match>();
            var result = new RuleJob(PatternsOf(test.Rule), OptionsOf(new ScriptedSource(script, end), sink, part, store)).Run();
            matches.AddRange(sink.Values);
            late = result.Input.Late;
            errors = result.Quarantined;
        }
        var alerts = matches.ConvertAll(m => new TestAlert(m, ValuesOf(m, test.AlertType), m.DetectedMs - RuleTest.OriginMs));
        return new RuleTestResult(test, alerts, late, new TestJudge(test, alerts, late, errors).Failures());
    }

    private static RuleJobOptions OptionsOf(ScriptedSource source, MemorySink<Match> matches, int part, MemoryCheckpointStore? store) => new()
    {
        Inputs = [],
        Sources = [source],
        Matches = matches,
        Parallelism = 1 + (part % 2),
        TimeProvider = StoppedClock.Instance,
        Checkpoints = store is null ? null : new CheckpointOptions { Store = store, Settings = new CheckpointSettings { IntervalMs = null } },
    };

    private PatternSet PatternsOf(Rule rule)
    {
        if (!_patterns.TryGetValue(rule, out var patterns))
            _patterns[rule] = patterns = PatternSet.Compile(_rules with { Rules = [rule with { Status = RuleStatus.Live }] });
        return patterns;
    }

    private Dictionary<StreamDefinition, EventBuilder> BuildersOf(Rule rule)
    {
        foreach (var stream in rule.Inputs.Select(i => i.Stream))
        {
            if (!_builders.ContainsKey(stream))
                _builders[stream] = new EventBuilder(stream.EventType);
        }
        return _builders;
    }

    /// <summary>What an alert tells, by the fields that tests know it by.</summary>
    private static object?[] ValuesOf(Match match, EventType alerts)
    {
        var told = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var (measure, value) in match.DeclaredMeasures.Zip(match.Measures))
            told[measure.Name] = value;
        for (var i = 0; i < match.Key.Count; i++)
            told.TryAdd(match.Rule.Inputs[0].KeyFields[i].Name, match.Key[i]);
        told.TryAdd(RuleAlerts.Severity, match.Severity.ToString().ToLowerInvariant());
        told.TryAdd(RuleAlerts.Kind, match.Kind.ToString().ToLowerInvariant());
        told.TryAdd(RuleAlerts.Suppressed, match.Suppressed);
        told.TryAdd(RuleAlerts.Limited, match.Limited);
        return [.. alerts.Fields.Select(f => told.GetValueOrDefault(f.Name))];
    }
}
