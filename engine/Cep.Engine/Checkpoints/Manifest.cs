namespace Cep.Engine.Checkpoints;

/// <summary>Says what a checkpoint or savepoint consists of. It is written last: what has none does not exist.</summary>
/// <param name="CheckpointId">Its number, from 1; greater than that of every checkpoint before it.</param>
/// <param name="IsSavepoint">Whether its user owns it; it then stands for itself.</param>
/// <param name="CreatedMs">When all its segments were stored, Unix milliseconds.</param>
/// <param name="Parallelism">The number of subtasks of the operators that wrote it, 1 to 128.</param>
/// <param name="KeyGroups">The number of key groups, fixed for the life of the state.</param>
/// <param name="Operators">What each operator remembers; no uid twice.</param>
/// <param name="Properties">What the application keeps with it, such as the rules that ran.</param>
public sealed record Manifest(
    long CheckpointId,
    bool IsSavepoint,
    long CreatedMs,
    int Parallelism,
    int KeyGroups,
    IReadOnlyList<OperatorState> Operators,
    IReadOnlyDictionary<string, string> Properties)
{
    /// <summary>All segments, each once.</summary>
    public IEnumerable<SegmentFile> Files => Operators.SelectMany(o => o.Subtasks).SelectMany(s => s.Segments);

    /// <summary>The bytes of all segments.</summary>
    public long Bytes => Files.Sum(f => f.Bytes);
}

/// <summary>What one operator remembers.</summary>
/// <param name="Uid">The operator's uid.</param>
/// <param name="Name">What people call it; not used to find it.</param>
/// <param name="Subtasks">The chain of each subtask that remembers anything; no subtask twice.</param>
public sealed record OperatorState(string Uid, string Name, IReadOnlyList<SegmentChain> Subtasks);

/// <summary>What one subtask remembers: a full segment and what changed since.</summary>
/// <param name="Subtask">The subtask, from 0.</param>
/// <param name="Segments">Oldest first; at least one.</param>
public sealed record SegmentChain(int Subtask, IReadOnlyList<SegmentFile> Segments);

/// <summary>A segment in a store.</summary>
/// <param name="Name">Its name there.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Checksum">As <see cref="Segment.Checksum"/> is: no other file passes for it.</param>
public sealed record SegmentFile(string Name, long Bytes, ulong Checksum);
