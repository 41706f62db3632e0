using System.Runtime.ExceptionServices;
using Cep.Engine.Keys;

namespace Cep.Engine.Checkpoints;

/// <summary>A checkpoint or savepoint of which every byte has been verified, ready to be restored from.</summary>
public sealed class Snapshot
{
    private readonly IReadOnlyDictionary<string, SegmentSource> _segments;

    private Snapshot(Manifest manifest, IReadOnlyDictionary<string, SegmentSource> segments) => (Manifest, _segments) = (manifest, segments);

    /// <summary>What it consists of.</summary>
    public Manifest Manifest { get; }

    /// <summary>Verifies all segments of a manifest, several at a time, in constant memory.</summary>
    /// <param name="store">Where they lie.</param>
    /// <param name="manifest">What names them.</param>
    /// <exception cref="CorruptSnapshotException">One is missing, damaged, or not the one that the manifest names.</exception>
    /// <exception cref="SnapshotVersionException">One is of a version that is not known.</exception>
    /// <exception cref="CheckpointStoreException">The store could not be read.</exception>
    public static Snapshot Verify(CheckpointStore store, Manifest manifest)
    {
        var files = manifest.Operators.SelectMany(o => o.Subtasks.SelectMany(s => s.Segments.Select(f => (o.Uid, s.Subtask, File: f)))).ToArray();
        var segments = new SegmentSource[files.Length];
        var problems = new Exception?[files.Length];
        Parallel.For(0, files.Length, i =>
        {
            try
            {
                segments[i] = Verify(store, files[i].File, files[i].Uid, files[i].Subtask);
            }
            catch (Exception e)
            {
                problems[i] = e;
            }
        });

        // The first by the manifest's order, whichever was found first.
        if (Array.Find(problems, p => p is not null) is { } problem) ExceptionDispatchInfo.Throw(problem);
        return new Snapshot(manifest, segments.ToDictionary(s => s.Name));
    }

    /// <summary>What a subtask is restored from.</summary>
    /// <param name="uid">The uid of the operator that wrote the state.</param>
    /// <param name="keyGroups">The key groups that the subtask owns now.</param>
    /// <returns>A reader for one thread; of nothing when the operator wrote nothing.</returns>
    public StateReader ReaderOf(string uid, KeyGroupRange keyGroups)
    {
        OperatorState? state = Manifest.Operators.FirstOrDefault(o => o.Uid == uid);
        var chains = state?.Subtasks.Select(s => (IReadOnlyList<SegmentSource>)s.Segments.Select(f => _segments[f.Name]).ToArray());
        return new StateReader(keyGroups, chains ?? []);
    }

    private static SegmentSource Verify(CheckpointStore store, SegmentFile file, string uid, int subtask)
    {
        try
        {
            SegmentSource source = SegmentSource.Verify(file.Name, file.Bytes, () => Open(store, file));
            SegmentSummary summary = source.Summary;
            return summary.Checksum == file.Checksum && summary.OperatorUid == uid && summary.Subtask == subtask
                ? source
                : throw new CorruptSnapshotException(file.Name, "it is another segment than the one that was written");
        }
        catch (IOException e)
        {
            throw new CheckpointStoreException($"The snapshot file {file.Name} cannot be read: {e.Message}", e);
        }
    }

    private static Stream Open(CheckpointStore store, SegmentFile file)
    {
        Stream stream = store.OpenRead(file.Name) ?? throw new CorruptSnapshotException(file.Name, "it is missing");
        if (stream.Length == file.Bytes) return stream;
        long length = stream.Length;
        stream.Dispose();
        throw new CorruptSnapshotException(file.Name, $"it has {length} bytes instead of {file.Bytes}");
    }
}
