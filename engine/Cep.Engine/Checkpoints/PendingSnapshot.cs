namespace Cep.Engine.Checkpoints;

/// <summary>A checkpoint or savepoint that is under way: who has not handed in, and what the others have.</summary>
internal sealed class PendingSnapshot(
    long id, bool isSavepoint, long? requestId, long deadlineMs, IReadOnlySet<SnapshotWriter> full, IEnumerable<SnapshotWriter> writers)
{
    private readonly HashSet<SnapshotWriter> _missing = [.. writers];
    private readonly List<(SnapshotWriter Writer, SegmentFile File)> _stored = [];

    public long Id => id;

    public bool IsSavepoint => isSavepoint;

    public long? RequestId => requestId;

    public long DeadlineMs => deadlineMs;

    /// <summary>Who writes everything.</summary>
    public IReadOnlySet<SnapshotWriter> Full => full;

    public IReadOnlyCollection<SnapshotWriter> Missing => _missing;

    /// <summary>Whether everybody has handed in.</summary>
    public bool IsStored => _missing.Count == 0;

    /// <summary>Whether the manifest is being written, and so may exist.</summary>
    public bool IsManifestAsked { get; set; }

    public bool IsMissing(SnapshotWriter writer) => _missing.Contains(writer);

    /// <summary>A writer hands in.</summary>
    /// <returns>False when it has before, or is nobody who writes.</returns>
    public bool Store(SnapshotWriter writer, SegmentFile? file)
    {
        if (!_missing.Remove(writer)) return false;
        if (file is not null) _stored.Add((writer, file));
        return true;
    }

    /// <summary>What was stored, as chains of one segment.</summary>
    public IReadOnlyList<(string Uid, SegmentChain Chain)> Chains() =>
        _stored.OrderBy(s => s.Writer.Uid, StringComparer.Ordinal).ThenBy(s => s.Writer.Subtask)
            .Select(s => (s.Writer.Uid, new SegmentChain(s.Writer.Subtask, [s.File]))).ToArray();

    /// <summary>Whom a checkpoint waits for, the end of a sentence.</summary>
    public string WaitedFor()
    {
        if (IsStored) return ": its manifest was not written";
        string[] some = _missing.Select(w => w.ToString()).Order(StringComparer.Ordinal).Take(3).ToArray();
        string more = _missing.Count > some.Length ? $" and {_missing.Count - some.Length} more" : "";
        return $": nothing came of {string.Join(", ", some)}{more}";
    }
}
