namespace Cep.Engine.Checkpoints;

/// <summary>A checkpoint that somebody waits for.</summary>
/// <param name="Savepoint">The store of a savepoint; null for a checkpoint.</param>
/// <param name="Change">What operators change to at its barrier; null for nothing.</param>
/// <param name="Properties">What the application keeps with checkpoints from this one on; null for what it kept before.</param>
internal sealed record CheckpointAsked(CheckpointStore? Savepoint, object? Change, IReadOnlyDictionary<string, string>? Properties)
{
    private readonly TaskCompletionSource<Manifest> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Done when it is complete; failed when it was given up or the job ended before.</summary>
    public Task<Manifest> Task => _done.Task;

    public void Done(Manifest manifest) => _done.TrySetResult(manifest);

    public void Failed(Exception problem) => _done.TrySetException(problem);
}

/// <summary>A checkpoint under way: who has not handed in yet, and what was stored of the others.</summary>
internal sealed class PendingCheckpoint(
    long id, SnapshotKind kind, IEnumerable<(string Uid, int Subtask)> writers, CheckpointAsked? asked, bool isLast, long startedMs)
{
    private readonly HashSet<(string Uid, int Subtask)> _missing = [.. writers];
    private readonly SortedDictionary<(string Uid, int Subtask), SegmentFile> _stored = [];

    public long Id => id;

    public SnapshotKind Kind => kind;

    public CheckpointAsked? Asked => asked;

    /// <summary>Whether the job ends with it.</summary>
    public bool IsLast => isLast;

    /// <summary>When it began, on the coordinator's clock.</summary>
    public long StartedMs => startedMs;

    /// <summary>Who has not handed in.</summary>
    public IReadOnlyCollection<(string Uid, int Subtask)> Missing => _missing;

    public bool IsMissing((string Uid, int Subtask) writer) => _missing.Contains(writer);

    public void Add((string Uid, int Subtask) writer, SegmentFile file) => _stored.Add(writer, file);

    /// <returns>Whether that was the last one.</returns>
    public bool Remove((string Uid, int Subtask) writer)
    {
        _missing.Remove(writer);
        return _missing.Count == 0;
    }

    /// <summary>What was stored for this checkpoint alone.</summary>
    public IReadOnlyList<OperatorState> Operators() => CheckpointHistory.Group(_stored.Select(s => (s.Key, (IReadOnlyList<SegmentFile>)[s.Value])));
}

/// <summary>What a coordinator knows of the job.</summary>
internal sealed class CheckpointJob(int parallelism, IReadOnlyList<(string Uid, int Subtask)> writers)
{
    public int Parallelism => parallelism;

    /// <summary>What the application keeps with each checkpoint.</summary>
    public IReadOnlyDictionary<string, string> Properties { get; set; } = new Dictionary<string, string>();

    /// <summary>Everyone who hands in at a barrier.</summary>
    public IReadOnlyList<(string Uid, int Subtask)> Writers() => writers;
}
