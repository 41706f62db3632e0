using Cep.Events;
using Cep.Rules;
using Cep.Streaming.Keys;

namespace Cep.Streaming;

/// <summary>Rules that agree on the key of every stream they read: they share one exchange, one reorder buffer and one table of keys.</summary>
/// <remarks>Immutable once its set is built; shared by all subtasks.</remarks>
internal sealed class RuleGroup
{
    private readonly IReadOnlyList<StreamDefinition> _streams;
    private readonly List<CompiledRule> _rules = [];
    private readonly KeyReader?[] _keys;
    private readonly List<CompiledRule>[] _byStream;
    private readonly Func<object, long>?[] _times;

    private RuleGroup(IReadOnlyList<StreamDefinition> streams)
    {
        _streams = streams;
        _keys = new KeyReader?[streams.Count];
        _byStream = streams.Select(_ => new List<CompiledRule>()).ToArray();
        _times = streams.Select(s => s.Time is { } time ? time.Field.CompileTimeMs() : null).ToArray();
    }

    /// <summary>Puts each rule into the first group whose keys it shares.</summary>
    public static IReadOnlyList<RuleGroup> Of(IEnumerable<CompiledRule> rules, IReadOnlyList<StreamDefinition> streams)
    {
        var groups = new List<RuleGroup>();
        foreach (var rule in rules)
        {
            var group = groups.Find(g => g.Fits(rule.Rule));
            if (group is null)
                groups.Add(group = new RuleGroup(streams));
            group.Add(rule);
        }
        return groups;
    }

    /// <summary>The groups of rules some of which go on in the lanes they had: those stay together, the others join the first group whose keys they share.</summary>
    /// <param name="rules">The rules, in the order of the set.</param>
    /// <param name="streams">The streams of the set.</param>
    /// <param name="laneBefore">The lane that a rule had; -1 for one that begins anew.</param>
    /// <returns>The groups, each with the lane that it goes on in; -1 for a new one.</returns>
    public static IReadOnlyList<(RuleGroup Group, int LaneBefore)> Of(IReadOnlyList<CompiledRule> rules, IReadOnlyList<StreamDefinition> streams, Func<CompiledRule, int> laneBefore)
    {
        var groups = new List<(RuleGroup Group, int LaneBefore)>();
        foreach (var ofLane in rules.Where(r => laneBefore(r) >= 0).GroupBy(laneBefore).OrderBy(g => g.Key))
        {
            groups.Add((new RuleGroup(streams), ofLane.Key));
            foreach (var rule in ofLane)
                groups[^1].Group.Add(rule);
        }
        foreach (var rule in rules.Where(r => laneBefore(r) < 0))
        {
            var at = groups.FindIndex(g => g.Group.Fits(rule.Rule));
            if (at < 0)
                groups.Add((new RuleGroup(streams), -1));
            groups[at < 0 ? ^1 : at].Group.Add(rule);
        }
        return groups;
    }

    /// <summary>The rules, in the order of the set; in a lane that goes on with other rules, those that were in it first.</summary>
    public IReadOnlyList<CompiledRule> Rules => _rules;

    /// <summary>How the key of each stream's events is read; null for a stream that no rule here reads.</summary>
    public IReadOnlyList<KeyReader?> Keys => _keys;

    /// <summary>The kinds of the key's fields, as snapshots tell them.</summary>
    public string KeySchema => _keys.First(k => k is not null)!.Schema;

    /// <summary>The rules that read a stream.</summary>
    public IReadOnlyList<CompiledRule> RulesOf(int stream) => _byStream[stream];

    /// <summary>The key of an event of a stream that a rule here reads, for output.</summary>
    public object?[] KeyOf(in StreamEvent e) => _keys[e.Stream]!.Values(e.Value);

    /// <summary>Event time of an event; 0 where its stream goes by processing time.</summary>
    public long TimeOf(in StreamEvent e) => _times[e.Stream]?.Invoke(e.Value) ?? 0;

    private bool Fits(Rule rule) => rule.Inputs.All(i =>
        KindsOf(i.KeyFields).SequenceEqual(KindsOf(_keys.First(k => k is not null)!.Fields))
        && (_keys[StreamEvent.PositionOf(i.Stream, _streams)] is not { } key || key.Fields.SequenceEqual(i.KeyFields)));

    private void Add(CompiledRule rule)
    {
        _rules.Add(rule);
        foreach (var input in rule.Rule.Inputs)
        {
            var stream = StreamEvent.PositionOf(input.Stream, _streams);
            _keys[stream] ??= new KeyReader(input.Stream.EventType, input.KeyFields);
            _byStream[stream].Add(rule);
        }
    }

    private static IEnumerable<Conditions.ValueKind> KindsOf(IEnumerable<EventField> fields) => fields.Select(f => f.Kind);
}
