namespace Cep.Engine.Checkpoints;

/// <summary>What each writer goes on with: the full segment it wrote last and those that change it.</summary>
/// <param name="writers">Everybody who writes.</param>
/// <param name="maxSegments">The most segments in a chain.</param>
internal sealed class SegmentChains(IReadOnlyCollection<SnapshotWriter> writers, int maxSegments)
{
    // A writer that is not here has no chain that it can go on with.
    private readonly SortedDictionary<SnapshotWriter, List<SegmentFile>> _chains = new(Comparer<SnapshotWriter>.Create(Compare));

    /// <summary>The files that chains need.</summary>
    public IEnumerable<string> Names => _chains.Values.SelectMany(c => c).Select(f => f.Name);

    /// <summary>Who must write everything next: chains that are broken, were not begun, or cost more to read than half of what a new beginning does.</summary>
    public IReadOnlySet<SnapshotWriter> ToBeginAnew() => writers.Where(w => !_chains.TryGetValue(w, out List<SegmentFile>? chain) || IsLong(chain)).ToHashSet();

    /// <summary>The writer's chain begins with this segment, or is empty.</summary>
    public void Begin(SnapshotWriter writer, SegmentFile? file) => _chains[writer] = file is null ? [] : [file];

    /// <summary>The writer's chain goes on with this segment; a broken one stays broken.</summary>
    public void Append(SnapshotWriter writer, SegmentFile? file)
    {
        if (file is not null && _chains.TryGetValue(writer, out List<SegmentFile>? chain)) chain.Add(file);
    }

    /// <summary>A segment of the writer is lost: what it writes next must stand for itself.</summary>
    public void Break(SnapshotWriter writer) => _chains.Remove(writer);

    /// <summary>All chains that are not empty, ordered by uid and subtask.</summary>
    public IReadOnlyList<(string Uid, SegmentChain Chain)> Copy() =>
        _chains.Where(c => c.Value.Count > 0).Select(c => (c.Key.Uid, new SegmentChain(c.Key.Subtask, c.Value.ToArray()))).ToArray();

    private bool IsLong(List<SegmentFile> chain) =>
        chain.Count >= maxSegments || (chain.Count > 1 && chain.Skip(1).Sum(f => f.Bytes) > chain[0].Bytes / 2);

    private static int Compare(SnapshotWriter a, SnapshotWriter b)
    {
        int byUid = string.CompareOrdinal(a.Uid, b.Uid);
        return byUid != 0 ? byUid : a.Subtask.CompareTo(b.Subtask);
    }
}
