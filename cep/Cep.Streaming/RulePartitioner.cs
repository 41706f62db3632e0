using Cep.Engine.Keys;
using Cep.Streaming.Keys;

namespace Cep.Streaming;

/// <summary>Sends an event once for each rule group that reads its stream, in the group's lane, to the subtask that owns its key there.</summary>
/// <remarks>An event whose key in some group is null goes, once, by the last lane to one fixed subtask, which counts it.</remarks>
internal sealed class RulePartitioner : Partitioner<StreamEvent>
{
    private KeyHash?[][] _hashes = [];
    private bool _canBeWithoutKey;

    /// <summary>Whether a lane has found that the event at hand has no key.</summary>
    private bool _isWithoutKey;

    /// <param name="groups">By lane.</param>
    public RulePartitioner(IReadOnlyList<RuleGroup> groups) => Route(groups);

    public override int Lanes => _hashes.Length + Convert.ToInt32(_canBeWithoutKey);

    /// <summary>Goes by other groups from here on.</summary>
    public void Route(IReadOnlyList<RuleGroup> groups)
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
