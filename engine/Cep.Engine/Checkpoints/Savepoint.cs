namespace Cep.Engine.Checkpoints;

/// <summary>A snapshot of a whole job that its owner asked for and keeps: a folder that stands for itself and can be moved.</summary>
public sealed class Savepoint
{
    internal const string ManifestName = "savepoint.json";

    private Savepoint(CheckpointStore store, Manifest manifest) => (Store, Manifest) = (store, manifest);

    /// <summary>What it consists of.</summary>
    public Manifest Manifest { get; }

    internal CheckpointStore Store { get; }

    /// <summary>Opens a savepoint.</summary>
    /// <param name="folder">Its folder.</param>
    /// <exception cref="CorruptSnapshotException">There is none, or it is damaged, or of a newer version.</exception>
    public static Savepoint Open(string folder) => Open(folder, new FolderCheckpointStore(folder, isReadOnly: true));

    /// <summary>Opens a savepoint of any store.</summary>
    /// <inheritdoc cref="Open(string)"/>
    public static Savepoint Open(string name, CheckpointStore store)
    {
        byte[] bytes = store.ReadAsync(ManifestName, CancellationToken.None).AsTask().GetAwaiter().GetResult()
            ?? throw new CorruptSnapshotException(name, $"There is no savepoint here: it has no file {ManifestName}.");
        return new Savepoint(store, Manifest.Parse($"{name}/{ManifestName}", bytes));
    }
}
