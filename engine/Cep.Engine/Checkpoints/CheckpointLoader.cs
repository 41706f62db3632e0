namespace Cep.Engine.Checkpoints;

/// <summary>Finds the newest checkpoint of a store that is whole.</summary>
internal static class CheckpointLoader
{
    private const string Suffix = "/manifest.json";

    /// <summary>Reads the store.</summary>
    /// <param name="store">Where checkpoints lie.</param>
    /// <param name="refused">Told of each newer one that is damaged, and why.</param>
    /// <returns>What to go on from, null when there is nothing; every whole checkpoint; and the highest number in use.</returns>
    /// <exception cref="CorruptSnapshotException">There are checkpoints, and not one of them is whole.</exception>
    public static (RestoredJob? Job, IReadOnlyList<Manifest> Kept, long LastId) Load(CheckpointStore store, Action<CorruptSnapshotException> refused)
    {
        IReadOnlyList<string> names = store.ListAsync("", CancellationToken.None).AsTask().GetAwaiter().GetResult();
        RestoredJob? newest = null;
        CorruptSnapshotException? first = null;
        var kept = new List<Manifest>();
        foreach (string name in names.Where(name => name.EndsWith(Suffix, StringComparison.Ordinal)).Reverse())
        {
            try
            {
                byte[]? bytes = store.ReadAsync(name, CancellationToken.None).AsTask().GetAwaiter().GetResult();
                var manifest = Manifest.Parse(name, bytes);
                newest ??= RestoredJob.Read(store, manifest);
                kept.Add(manifest);
            }
            catch (CorruptSnapshotException problem)
            {
                first ??= problem;
                refused(problem);
            }
        }

        if (newest is null && first is not null) throw first;
        return (newest, kept, names.Select(IdOf).DefaultIfEmpty().Max());
    }

    private static long IdOf(string name) => long.TryParse(name.AsSpan(0, Math.Max(0, name.IndexOf('/'))), out long id) ? id : 0;
}
