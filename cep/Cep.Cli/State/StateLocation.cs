using Cep.Engine.Checkpoints;

namespace Cep.Cli.State;

/// <summary>A checkpoint or savepoint that lies on the disk, verified from end to end.</summary>
/// <param name="Snapshot">What it holds.</param>
/// <param name="Refused">Newer checkpoints of the same folder that are not whole.</param>
internal sealed record StateLocation(Snapshot Snapshot, IReadOnlyList<RefusedCheckpoint> Refused)
{
    /// <summary>Finds a savepoint, or the newest whole checkpoint of a checkpoint folder, which may be in use.</summary>
    /// <param name="path">The folder.</param>
    /// <exception cref="UsageException">There is neither.</exception>
    /// <exception cref="CorruptSnapshotException">Nothing that lies there is whole.</exception>
    /// <exception cref="SnapshotVersionException">It was written by a newer version of the tool.</exception>
    /// <exception cref="CheckpointStoreException">It cannot be read.</exception>
    public static StateLocation Open(string path)
    {
        if (!Directory.Exists(path))
            throw new UsageException(File.Exists(path) ? $"`{path}` is a file; savepoints and checkpoints lie in folders." : $"There is no folder `{path}`.");
        if (File.Exists(Path.Combine(path, "manifest.json")))
            return new StateLocation(Savepoint.Open(path).Verify(), []);
        using var store = FolderCheckpointStore.OpenReadOnly(path);
        var history = CheckpointHistory.Load(store);
        return history.Latest is { } latest ? new StateLocation(latest, history.Refused)
            : throw new UsageException($"There is no savepoint and no complete checkpoint in `{path}`.");
    }
}
