namespace Cep.Simulation.World;

/// <summary>An output as the world sees it, whatever processes write to it: what is staged, and how much of it is visible.</summary>
/// <param name="name">For messages.</param>
/// <param name="guarantees">Holds the promises against what happens here.</param>
internal sealed class SimulatedOutput(string name, Guarantees guarantees)
{
    private readonly List<string> _lines = [];
    private readonly Dictionary<long, string[]> _atBarrier = [];

    public string Name => name;

    /// <summary>What readers see.</summary>
    public IReadOnlyList<string> Committed => _lines.GetRange(0, CommittedLines);

    /// <summary>All lines, whoever sees them.</summary>
    public IReadOnlyList<string> Written => [.. _lines];

    public int CommittedLines { get; private set; }

    /// <summary>Whether lines are staged that nobody sees.</summary>
    public bool HasUncommitted => _lines.Count > CommittedLines;

    /// <summary>All lines that were written before the barrier of a checkpoint or savepoint.</summary>
    public IReadOnlyList<string> Before(long checkpointId) => _atBarrier[checkpointId];

    /// <summary>Shows a line at once.</summary>
    public void Write(string line) => _lines.Add(line);

    /// <summary>Makes lines durable, at a barrier.</summary>
    /// <returns>How many there are with them.</returns>
    public int Stage(IEnumerable<string> lines, long checkpointId)
    {
        _lines.AddRange(lines);
        _atBarrier[checkpointId] = [.. _lines];
        return _lines.Count;
    }

    /// <summary>Makes the first lines visible.</summary>
    public void Commit(int lines)
    {
        guarantees.Check(
            _atBarrier.Any(at => at.Value.Length >= lines && guarantees.IsComplete(at.Key)),
            $"{name}: {lines} lines were committed, and no complete checkpoint covers them.");
        guarantees.Check(lines <= _lines.Count, $"{name}: {lines} lines were committed, and {_lines.Count} are there.");
        CommittedLines = Math.Max(CommittedLines, Math.Min(lines, _lines.Count));
    }

    /// <summary>Goes on where a checkpoint stands: all of its lines are visible, and there are no others.</summary>
    public void Restore(int lines)
    {
        guarantees.Check(lines >= CommittedLines || guarantees.IsDamaged, $"{name}: {CommittedLines} lines were committed, and the job goes on after {lines}.");
        guarantees.Check(lines <= _lines.Count, $"{name}: the job goes on after {lines} lines, and {_lines.Count} are there.");
        _lines.RemoveRange(lines, _lines.Count - lines);
        CommittedLines = lines;
    }
}
