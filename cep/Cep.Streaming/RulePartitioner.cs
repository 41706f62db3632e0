using Cep.Engine.Keys;
using Cep.Streaming.Jobs;
using Cep.Streaming.Keys;
using Cep.Streaming.Swaps;

namespace Cep.Streaming;

/// <summary>Sends an event once for each rule group that reads its stream, in the group's lane, to the subtask that owns its key there.</summary>
/// <remarks>An event whose key in some group is null goes, once, by the last lane to one fixed subtask, which counts it.</remarks>
internal sealed class RulePartitioner : Partitioner<StreamEvent>
{
    private KeyHash?[][] _hashes = [];
    private bool _canBeWithoutKey;

    /// <summary>Whether a lane has found that the event at hand has no key.</summary>
    private bool _isWithoutKey;

    private readonly Action<RuleSwap> _onSwap = _ => { };
    private RunningRules? _rules;

    /// <param name="groups">By lane.</param>
    public RulePartitioner(IReadOnlyList<RuleGroup> groups) => Route(groups);

    /// <param name="rules">The rules that run.</param>
    /// <param name="onSwap">Told that a swap is taken up.</param>
    public RulePartitioner(RunningRules rules, Action<RuleSwap> onSwap)
    {
        _onSwap = onSwap;
        Begin(rules);
    }

    public override int Lanes => _hashes.Length + Convert.ToInt32(_canBeWithoutKey);

    /// <summary>Goes by these rules from here on.</summary>
    public void Begin(RunningRules rules)
    {
        _rules = rules;
        Route(rules.Lanes);
    }

    public override void Apply(object change)
    {
        if (change is not RuleSwap swap || swap.From != _rules)
            return;
        swap.Take();
        Begin(swap.To);
        _onSwap(swap);
    }

    private void Route(IReadOnlyList<RuleGroup> groups)
    {
        _hashes = groups.Select(g => g.Keys.Select(k => k?.Hash).ToArray()).ToArray();
        _canBeWithoutKey = groups.Any(g => g.Keys.Any(k => k is { CanBeNull: true }));
    }

    public override bool TryRoute(StreamEvent value, int lane, out ulong hash)
    {
        if (lane == _hashes.Length)
        {
            (hash, var goes) = (0, _isWithoutKey);
            _isWithoutKey = false;
            return goes;
        }
        if (_hashes[lane][value.Stream] is not { } key)
        {
            hash = 0;
            return false;
        }
        if (key(value.Value, out hash))
            return true;
        _isWithoutKey = _canBeWithoutKey;
        return false;
    }
}
