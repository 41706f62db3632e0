using System.Globalization;
using System.Text;

namespace Cep.Engine.Checkpoints;

/// <summary>A checkpoint that is not used, and why.</summary>
/// <param name="Name">The name of its manifest.</param>
/// <param name="Reason">A whole sentence.</param>
public sealed record RefusedCheckpoint(string Name, string Reason);

/// <summary>What the checkpoints of a store are when a job begins.</summary>
/// <param name="Latest">The newest one that is whole, verified; null when no checkpoint was ever complete.</param>
/// <param name="Kept">The manifests of the checkpoints up to the latest, oldest first. Only the latest's segments have been verified.</param>
/// <param name="Refused">Those that are not whole, newest first.</param>
/// <param name="LastId">The highest number in use, unfinished ones too; 0 for none.</param>
/// <param name="Leftovers">Objects of checkpoints that no kept manifest names: to be deleted once a new checkpoint is complete. Manifests are first.</param>
public sealed record CheckpointHistory(
    Snapshot? Latest, IReadOnlyList<Manifest> Kept, IReadOnlyList<RefusedCheckpoint> Refused, long LastId, IReadOnlyList<string> Leftovers)
{
    private const int MaxManifestBytes = 256 << 20;

    /// <summary>Reads a store, and verifies from the newest checkpoint on until one is whole.</summary>
    /// <param name="store">The store.</param>
    /// <exception cref="CorruptSnapshotException">Checkpoints were complete, and none is whole any more.</exception>
    /// <exception cref="SnapshotVersionException">The newest one was written by a newer version of the program.</exception>
    /// <exception cref="CheckpointStoreException">The store could not be read.</exception>
    public static CheckpointHistory Load(CheckpointStore store)
    {
        IReadOnlyList<StoredObject> objects = store.List("");
        var lengths = objects.ToDictionary(o => o.Name, o => o.Bytes);
        var refused = new List<RefusedCheckpoint>();
        var kept = new List<Manifest>();
        Snapshot? latest = null;
        foreach (long id in Completed(store, lengths.Keys, refused))
        {
            try
            {
                Manifest manifest = ReadManifest(store, id, lengths);
                latest ??= Snapshot.Verify(store, manifest);
                kept.Insert(0, manifest);
            }
            catch (CorruptSnapshotException e)
            {
                refused.Add(new RefusedCheckpoint(CheckpointNames.ManifestOf(id), e.Message));
            }
        }

        if (latest is null && refused.Count > 0) throw CorruptSnapshotException.NoneIsWhole(refused[0]);
        return new CheckpointHistory(latest, kept, refused, lengths.Keys.Select(CheckpointNames.IdOf).DefaultIfEmpty().Max(), LeftoversOf(lengths.Keys, kept));
    }

    /// <summary>Makes a checkpoint complete: writes its manifest, and then that it is the last one.</summary>
    /// <param name="store">Where all its segments lie already.</param>
    /// <param name="manifest">What it consists of.</param>
    /// <param name="cancellation">Ends the attempt.</param>
    /// <exception cref="CheckpointStoreException">It could not be written; the checkpoint may exist nevertheless.</exception>
    public static async Task CompleteAsync(CheckpointStore store, Manifest manifest, CancellationToken cancellation = default)
    {
        await store.WriteAsync(CheckpointNames.ManifestOf(manifest.CheckpointId), [ManifestFormat.Write(manifest)], cancellation).ConfigureAwait(false);
        await store.WriteAsync(CheckpointNames.Latest, [LatestBytes(manifest.CheckpointId)], cancellation).ConfigureAwait(false);
    }

    /// <summary>The numbers that have a manifest or are said to, newest first.</summary>
    private static IEnumerable<long> Completed(CheckpointStore store, IEnumerable<string> names, List<RefusedCheckpoint> refused)
    {
        var ids = new SortedSet<long>(names.Where(CheckpointNames.IsManifest).Select(CheckpointNames.IdOf));
        if (ReadLatest(store) is { } latest)
        {
            if (latest > 0) ids.Add(latest);
            else if (ids.Count == 0) refused.Add(new RefusedCheckpoint(CheckpointNames.Latest, "It is damaged, and there is no manifest."));
        }

        return ids.Reverse();
    }

    private static Manifest ReadManifest(CheckpointStore store, long id, Dictionary<string, long> lengths)
    {
        string name = CheckpointNames.ManifestOf(id);
        Manifest manifest = ManifestFormat.Read(name, ReadAll(store, name) ?? throw new CorruptSnapshotException(name, "it is missing"));
        if (manifest.CheckpointId != id || manifest.IsSavepoint) throw new CorruptSnapshotException(name, "it is the manifest of another checkpoint");
        foreach (SegmentFile file in manifest.Files)
        {
            if (!lengths.TryGetValue(file.Name, out long bytes)) throw new CorruptSnapshotException(file.Name, "it is missing");
            if (bytes != file.Bytes) throw new CorruptSnapshotException(file.Name, $"it has {bytes} bytes instead of {file.Bytes}");
        }

        return manifest;
    }

    internal static byte[]? ReadAll(CheckpointStore store, string name)
    {
        using Stream? stream = store.OpenRead(name);
        if (stream is null) return null;
        if (stream.Length > MaxManifestBytes) throw new CorruptSnapshotException(name, $"it has {stream.Length} bytes, more than it can have");
        var bytes = new byte[stream.Length];
        int read = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return read == bytes.Length ? bytes : throw new CorruptSnapshotException(name, "it is cut off");
    }

    private static byte[] LatestBytes(long id)
    {
        string text = id.ToString(CultureInfo.InvariantCulture);
        return Encoding.ASCII.GetBytes($"{text} {Crc32C.Of(Encoding.ASCII.GetBytes(text)):x8}\n");
    }

    /// <summary>The number that was completed last, 0 when it is damaged; null when none was.</summary>
    private static long? ReadLatest(CheckpointStore store)
    {
        if (ReadAll(store, CheckpointNames.Latest) is not { } bytes) return null;
        string text = Encoding.ASCII.GetString(bytes).Split(' ')[0];
        bool isWhole = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long id) && id > 0 && bytes.AsSpan().SequenceEqual(LatestBytes(id));
        return isWhole ? id : 0;
    }

    private static string[] LeftoversOf(IEnumerable<string> names, List<Manifest> kept)
    {
        HashSet<string> named = kept.SelectMany(m => m.Files).Select(f => f.Name).Concat(kept.Select(m => CheckpointNames.ManifestOf(m.CheckpointId))).ToHashSet();
        return names.Where(n => CheckpointNames.IdOf(n) > 0 && !named.Contains(n)).OrderByDescending(CheckpointNames.IsManifest).ToArray();
    }
}
