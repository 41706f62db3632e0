using Cep.Engine.Checkpoints;

namespace Cep.Simulation.World;

/// <summary>What the engine promises, held against what happens. Knows the true content of the store and of the outputs, and nothing of how the engine works.</summary>
/// <param name="truth">What the store really holds.</param>
internal sealed class Guarantees(CheckpointStore truth)
{
    private readonly List<string> _violations = [];
    private readonly Dictionary<long, bool> _complete = [];

    /// <summary>The promises that were broken, in the order in which that was seen.</summary>
    public IReadOnlyList<string> Violations => _violations;

    /// <summary>Whether a checkpoint was damaged since it was written, so that outputs go back to what an older one holds.</summary>
    public bool IsDamaged { get; set; }

    public void Check(bool holds, string what)
    {
        if (!holds && _violations.Count < 10) _violations.Add(what);
    }

    /// <summary>Whether a checkpoint was complete at any time: its manifest lies in the store.</summary>
    public bool IsComplete(long checkpointId)
    {
        if (_complete.ContainsKey(checkpointId)) return true;
        using Stream? manifest = truth.OpenRead($"chk-{checkpointId}/manifest.json");
        if (manifest is null) return false;
        return _complete[checkpointId] = true;
    }
}
