namespace Cep.Engine.Checkpoints;

/// <summary>A folder that has all that a job remembered at one barrier. It stands for itself: it may be moved, copied, kept, and restored from by any number of jobs.</summary>
/// <remarks>Names in it are relative, and its manifest is written last: a folder without is no savepoint.</remarks>
public sealed class Savepoint
{
    private Savepoint(CheckpointStore store, string place, Manifest manifest) => (Store, Place, Manifest) = (store, place, manifest);

    /// <summary>Where it lies, to read only.</summary>
    public CheckpointStore Store { get; }

    /// <summary>The folder, for people.</summary>
    public string Place { get; }

    /// <summary>What it consists of.</summary>
    public Manifest Manifest { get; }

    /// <summary>Opens a folder to write a savepoint to; it is made when it is not there.</summary>
    /// <param name="folder">The folder.</param>
    /// <returns>Where to write its segments, by <see cref="SegmentName"/>, and then to <see cref="CompleteAsync"/>. Disposed by the caller, always.</returns>
    /// <exception cref="CheckpointStoreException">The folder is not empty, or cannot be written.</exception>
    public static CheckpointStore Create(string folder)
    {
        folder = Path.GetFullPath(folder);
        if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any())
            throw new CheckpointStoreException($"The folder {folder} is not empty. A savepoint needs a folder of its own.");
        return FolderCheckpointStore.OpenOnce(folder);
    }

    /// <summary>What a subtask's segment is called in a savepoint.</summary>
    /// <param name="uid">The operator's uid.</param>
    /// <param name="subtask">The subtask, from 0.</param>
    public static string SegmentName(string uid, int subtask) => CheckpointNames.SavepointSegmentOf(uid, subtask);

    /// <summary>Writes the manifest, which makes the savepoint complete.</summary>
    /// <param name="store">Where all its segments lie already.</param>
    /// <param name="manifest">What it consists of.</param>
    /// <param name="cancellation">Ends the attempt.</param>
    /// <exception cref="CheckpointStoreException">It could not be written.</exception>
    public static ValueTask CompleteAsync(CheckpointStore store, Manifest manifest, CancellationToken cancellation = default) =>
        store.WriteAsync(CheckpointNames.SavepointManifest, [ManifestFormat.Write(manifest with { IsSavepoint = true })], cancellation);

    /// <summary>Opens a savepoint, wherever its folder is now.</summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="CheckpointStoreException">There is no savepoint, or it cannot be read.</exception>
    /// <exception cref="CorruptSnapshotException">Its manifest is damaged.</exception>
    /// <exception cref="SnapshotVersionException">It was written by a newer version of the program.</exception>
    public static Savepoint Open(string folder) => Open(FolderCheckpointStore.OpenReadOnly(folder), Path.GetFullPath(folder));

    /// <summary>Opens a savepoint that lies elsewhere.</summary>
    /// <param name="store">The savepoint's store, and nothing else's.</param>
    /// <param name="place">What people call it.</param>
    /// <inheritdoc cref="Open(string)"/>
    public static Savepoint Open(CheckpointStore store, string place)
    {
        byte[] bytes = CheckpointHistory.ReadAll(store, CheckpointNames.SavepointManifest)
            ?? throw new CheckpointStoreException($"There is no savepoint in {place}: it has no {CheckpointNames.SavepointManifest}.");
        Manifest manifest = ManifestFormat.Read(CheckpointNames.SavepointManifest, bytes);
        return manifest.IsSavepoint
            ? new Savepoint(store, place, manifest)
            : throw new CheckpointStoreException($"There is no savepoint in {place}, but one checkpoint of several. Give the folder above it as the checkpoint folder.");
    }

    /// <summary>Verifies every byte of it.</summary>
    /// <inheritdoc cref="Snapshot.Verify(CheckpointStore, Manifest)"/>
    public Snapshot Verify() => Snapshot.Verify(Store, Manifest);
}
