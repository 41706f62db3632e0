namespace Cep.Engine.Checkpoints;

/// <summary>What a segment says of itself, known once its checksums have been checked from end to end.</summary>
/// <param name="OperatorUid">The operator that wrote it.</param>
/// <param name="Subtask">The subtask that wrote it.</param>
/// <param name="Kind">What it holds.</param>
/// <param name="States">The states, in the order in which they are numbered.</param>
/// <param name="Replaced">The names of the states that replace what earlier segments of the chain have of them.</param>
/// <param name="Entries">The number of entries, deletions among them.</param>
/// <param name="FirstKeyGroup">The lowest key group, <see cref="SegmentWriter.NonKeyed"/> when there is operator state; above the last when there are no entries.</param>
/// <param name="LastKeyGroup">The highest key group.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Checksum">Tells it from every other segment.</param>
public sealed record SegmentSummary(
    string OperatorUid,
    int Subtask,
    SnapshotKind Kind,
    IReadOnlyList<StateSchema> States,
    IReadOnlySet<string> Replaced,
    long Entries,
    int FirstKeyGroup,
    int LastKeyGroup,
    long Bytes,
    ulong Checksum);
