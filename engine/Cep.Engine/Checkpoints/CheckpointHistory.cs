using System.Collections.Frozen;
using System.Text;

namespace Cep.Engine.Checkpoints;

/// <summary>What lies in the store: the checkpoints that are kept, and the chain that each writer goes on with. For the coordinator's thread.</summary>
/// <remarks>A file is deleted only when no kept manifest and no chain names it, and after the manifests that did.</remarks>
internal sealed class CheckpointHistory(CheckpointStore store, int retained, IEnumerable<Manifest> kept, long lastId)
{
    // A chain is begun anew when reading its changes costs about half as much again as reading its base.
    private const int MaxSegments = 16;

    private readonly List<Manifest> _kept = [.. kept.OrderBy(manifest => manifest.CheckpointId)];
    private readonly SortedDictionary<(string Uid, int Subtask), List<SegmentFile>> _chains = [];
    private readonly HashSet<string> _files = [.. kept.SelectMany(manifest => manifest.Files).Select(file => file.Name)];
    private long _lastId = lastId;

    /// <summary>A number that no checkpoint of this store has had.</summary>
    public long NextId() => ++_lastId;

    /// <summary>The name of a checkpoint's manifest.</summary>
    public static string ManifestName(long id) => $"{id:D10}/manifest.json";

    /// <summary>Who must write all it remembers, because its chain is broken, long, or not begun.</summary>
    public IReadOnlySet<(string Uid, int Subtask)> ToWriteInFull(IEnumerable<(string Uid, int Subtask)> writers) =>
        writers.Where(writer => !_chains.TryGetValue(writer, out List<SegmentFile>? chain) || IsLong(chain)).ToFrozenSet();

    /// <summary>Stores a segment.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public SegmentFile Store(Segment segment, PendingCheckpoint checkpoint, (string Uid, int Subtask) writer)
    {
        CheckpointStore to = checkpoint.Asked?.Savepoint ?? store;
        var file = new SegmentFile($"{checkpoint.Id:D10}/{FileName(writer.Uid)}-{writer.Subtask}.segment", segment.Bytes);
        to.WriteAsync(file.Name, segment.Chunks, CancellationToken.None).AsTask().GetAwaiter().GetResult();
        if (segment.Kind == SnapshotKind.Savepoint || checkpoint.Kind == SnapshotKind.Savepoint) return file;
        _files.Add(file.Name);
        if (segment.Kind == SnapshotKind.Full || !_chains.TryGetValue(writer, out List<SegmentFile>? chain)) _chains[writer] = chain = [];
        chain.Add(file);
        return file;
    }

    /// <summary>A segment of this writer is lost: what it writes next must stand for itself.</summary>
    public void Break((string Uid, int Subtask) writer) => _chains.Remove(writer);

    /// <summary>What all writers remember, as chains.</summary>
    public IReadOnlyList<OperatorState> Operators() => Group(_chains.Select(c => (c.Key, (IReadOnlyList<SegmentFile>)c.Value.ToArray())));

    /// <summary>Makes a checkpoint complete, and removes those that are not kept any more.</summary>
    /// <exception cref="IOException">The manifest cannot be written.</exception>
    public void Write(Manifest manifest, CheckpointStore? savepoint)
    {
        string name = savepoint is null ? ManifestName(manifest.CheckpointId) : Savepoint.ManifestName;
        (savepoint ?? store).WriteAsync(name, [manifest.ToBytes()], CancellationToken.None).AsTask().GetAwaiter().GetResult();
        if (savepoint is not null) return;
        _kept.Add(manifest);
        while (_kept.Count > retained)
        {
            Delete(ManifestName(_kept[0].CheckpointId));
            _kept.RemoveAt(0);
        }

        DeleteUnused();
    }

    /// <summary>Groups chains by operator.</summary>
    public static IReadOnlyList<OperatorState> Group(IEnumerable<((string Uid, int Subtask) Writer, IReadOnlyList<SegmentFile> Chain)> chains) =>
        [.. chains.GroupBy(c => c.Writer.Uid).Select(g => new OperatorState(g.Key, [.. g.Select(c => new SegmentChain(c.Chain))]))];

    private static bool IsLong(List<SegmentFile> chain) =>
        chain.Count >= MaxSegments || chain.Skip(1).Sum(file => file.Bytes) > chain[0].Bytes / 2;

    private void DeleteUnused()
    {
        HashSet<string> used = [.. _kept.SelectMany(manifest => manifest.Files).Select(file => file.Name)];
        used.UnionWith(_chains.Values.SelectMany(chain => chain).Select(file => file.Name));
        foreach (string unused in _files.Where(file => !used.Contains(file)).ToList())
        {
            Delete(unused);
            _files.Remove(unused);
        }
    }

    private void Delete(string name)
    {
        try
        {
            store.DeleteAsync(name, CancellationToken.None).AsTask().GetAwaiter().GetResult();
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            // What cannot be deleted costs room, nothing else.
        }
    }

    /// <summary>A uid as part of a file's name: what is no letter or digit becomes its code.</summary>
    private static string FileName(string uid)
    {
        var name = new StringBuilder();
        foreach (char c in uid)
        {
            if (char.IsAsciiLetterOrDigit(c) || c == '-') name.Append(c);
            else name.Append('_').Append(((int)c).ToString("x4", System.Globalization.CultureInfo.InvariantCulture));
        }

        return name.ToString();
    }
}
