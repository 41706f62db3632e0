using Cep.Engine.Keys;
using Cep.Engine.Runtime;

namespace Cep.Engine.Checkpoints;

/// <summary>What a job goes on from: a checkpoint or savepoint whose every file was found whole.</summary>
internal sealed class RestoredJob
{
    private readonly Dictionary<string, List<IReadOnlyList<(string Name, byte[] Bytes)>>> _chains = [];

    private RestoredJob(Manifest manifest) => Manifest = manifest;

    public Manifest Manifest { get; }

    /// <summary>Where the input stands.</summary>
    public SourcesState Sources { get; private set; } = new();

    /// <summary>The transaction of each output.</summary>
    public IReadOnlyDictionary<string, byte[]> SinkHandles { get; private set; } = new Dictionary<string, byte[]>();

    /// <summary>The operators it has state of.</summary>
    public IEnumerable<string> Uids => _chains.Keys;

    /// <summary>Reads all files.</summary>
    /// <exception cref="CorruptSnapshotException">One is missing or damaged.</exception>
    public static RestoredJob Read(CheckpointStore store, Manifest manifest)
    {
        var job = new RestoredJob(manifest);
        foreach (OperatorState op in manifest.Operators)
            job._chains[op.Uid] = [.. op.Subtasks.Select(chain => (IReadOnlyList<(string, byte[])>)[.. chain.Segments.Select(file => (file.Name, ReadFile(store, file)))])];
        job.Sources = job.StateOf(SourcesState.Uid, All) is { } sources ? SourcesState.From(sources) : new SourcesState();
        job.SinkHandles = job._chains.Keys.Where(uid => uid.StartsWith(SinkPrefix, StringComparison.Ordinal))
            .ToDictionary(uid => uid, uid => SinkCheckpoints.ReadHandle(job.StateOf(uid, All)!));
        return job;
    }

    /// <summary>What an operator's subtask is restored from; null when there is nothing of that operator.</summary>
    public StateReader? StateOf(string uid, KeyGroupRange groups) =>
        _chains.TryGetValue(uid, out List<IReadOnlyList<(string Name, byte[] Bytes)>>? chains) ? new StateReader(chains, groups) : null;

    /// <summary>Gives state to operators that have another uid now, and leaves out what may be left out.</summary>
    /// <param name="uids">The operators of the job.</param>
    /// <param name="renamed">New uids by old ones.</param>
    /// <param name="dropped">Old uids that may be left out.</param>
    /// <exception cref="InvalidOperationException">State is left that belongs to no operator.</exception>
    public void Map(IReadOnlyCollection<string> uids, IReadOnlyDictionary<string, string> renamed, IReadOnlySet<string> dropped)
    {
        foreach ((string old, string now) in renamed)
        {
            if (!_chains.Remove(old, out List<IReadOnlyList<(string Name, byte[] Bytes)>>? chains)) continue;
            if (!_chains.TryAdd(now, chains)) throw new InvalidOperationException($"The state of '{old}' cannot become that of '{now}', which has state of its own.");
        }

        List<string> left = [.. _chains.Keys.Where(uid => uid != SourcesState.Uid && !uid.StartsWith(SinkPrefix, StringComparison.Ordinal) && !uids.Contains(uid))];
        if (left.Find(uid => !dropped.Contains(uid)) is { } lost)
        {
            throw new InvalidOperationException(
                $"There is state of '{lost}', but the job has no operator of that uid. Its operators are {string.Join(", ", uids.Select(uid => $"'{uid}'"))}. "
                + "Say which of them it was renamed to, or that it may be dropped.");
        }

        foreach (string uid in left) _chains.Remove(uid);
    }

    private const string SinkPrefix = "sink/";

    private static KeyGroupRange All => new(0, KeyGroupAssignment.KeyGroups - 1);

    private static byte[] ReadFile(CheckpointStore store, SegmentFile file)
    {
        byte[] bytes = store.ReadAsync(file.Name, CancellationToken.None).AsTask().GetAwaiter().GetResult()
            ?? throw new CorruptSnapshotException(file.Name, "It is missing.");
        if (bytes.Length != file.Bytes) throw new CorruptSnapshotException(file.Name, $"It has {bytes.Length} bytes instead of {file.Bytes}.");
        SegmentReader.Verify(file.Name, bytes);
        return bytes;
    }
}
