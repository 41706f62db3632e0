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

    /// <summary>The rules, in the order of the set.</summary>
    public IReadOnlyList<CompiledRule> Rules => _rules;

    /// <summary>How the key of each stream's events is read; null for a stream that no rule here reads.</summary>
    public IReadOnlyList<KeyReader?> Keys => _keys;

    /// <summary>The rules that read a stream.</summary>
    public IReadOnlyList<CompiledRule> RulesOf(int stream) => _byStream[stream];

    /// <summary>The key of an event of a match, for output.</summary>
    public object?[] KeyOf(object value) => _keys[StreamOf(value)]!.Values(value);

    /// <summary>An event of a match with its stream.</summary>
    public StreamEvent EventOf(object value) => new(StreamOf(value), value);

    /// <summary>Event time of an event; 0 where its stream goes by processing time.</summary>
    public long TimeOf(in StreamEvent e) => _times[e.Stream]?.Invoke(e.Value) ?? 0;

    private int StreamOf(object value)
    {
        for (var i = 0; i < _streams.Count; i++)
        {
            if (_keys[i] is not null && _streams[i].EventType.ClrType.IsInstanceOfType(value))
                return i;
        }
        throw new InvalidOperationException($"A {value.GetType().Name} is no event of a stream that the rules read.");
    }

    private bool Fits(Rule rule) => rule.Inputs.All(i =>
        KindsOf(i.KeyFields).SequenceEqual(KindsOf(_keys.First(k => k is not null)!.Fields))
        && (_keys[PositionOf(i)] is not { } key || key.Fields.SequenceEqual(i.KeyFields)));

    private void Add(CompiledRule rule)
    {
        _rules.Add(rule);
        foreach (var input in rule.Rule.Inputs)
        {
            var stream = PositionOf(input);
            _keys[stream] ??= new KeyReader(input.Stream.EventType, input.KeyFields);
            _byStream[stream].Add(rule);
        }
    }

    private int PositionOf(RuleInput input)
    {
        for (var i = 0; i < _streams.Count; i++)
        {
            if (_streams[i] == input.Stream)
                return i;
        }
        throw new ArgumentException($"The stream `{input.Stream.Name}` is not in the rule set.", nameof(input));
    }

    private static IEnumerable<Conditions.ValueKind> KindsOf(IEnumerable<EventField> fields) => fields.Select(f => f.Kind);
}
