namespace Cep.Engine.Checkpoints;

/// <summary>Which objects of a store are needed, and which are to be deleted.</summary>
/// <remarks>Nothing is deleted that a kept manifest or a live chain names, and no segment before a manifest that names it and may exist.</remarks>
internal sealed class RetainedCheckpoints
{
    private readonly int _retained;
    private readonly List<Manifest> _kept;

    // Objects that exist or may exist.
    private readonly HashSet<string> _segments = [];
    private readonly HashSet<string> _unwantedManifests = [];

    public RetainedCheckpoints(int retained, CheckpointHistory? history)
    {
        _retained = retained;
        _kept = [.. history?.Kept ?? []];
        foreach (string name in history?.Leftovers ?? []) Unwanted(name);
        foreach (SegmentFile file in _kept.SelectMany(m => m.Files)) _segments.Add(file.Name);
    }

    /// <summary>The checkpoints that are kept, oldest first.</summary>
    public IReadOnlyList<Manifest> Kept => _kept;

    /// <summary>A segment is stored.</summary>
    public void Stored(SegmentFile file) => _segments.Add(file.Name);

    /// <summary>A checkpoint is complete.</summary>
    public void Completed(Manifest manifest)
    {
        _kept.Add(manifest);
        while (_kept.Count > _retained)
        {
            Unwanted(CheckpointNames.ManifestOf(_kept[0].CheckpointId));
            _kept.RemoveAt(0);
        }
    }

    /// <summary>A manifest may have been written that is not to count.</summary>
    public void Abandoned(long checkpointId) => Unwanted(CheckpointNames.ManifestOf(checkpointId));

    public void Deleted(IEnumerable<string> names)
    {
        foreach (string name in names)
        {
            _segments.Remove(name);
            _unwantedManifests.Remove(name);
        }
    }

    /// <summary>What is to be deleted, manifests first.</summary>
    /// <param name="live">The segments that chains need.</param>
    public IReadOnlyList<string> ToDelete(IEnumerable<string> live)
    {
        var needed = new HashSet<string>(live);
        needed.UnionWith(_kept.SelectMany(m => m.Files).Select(f => f.Name));
        return [.. _unwantedManifests.Order(StringComparer.Ordinal), .. _segments.Where(s => !needed.Contains(s)).Order(StringComparer.Ordinal)];
    }

    private void Unwanted(string name)
    {
        if (CheckpointNames.IsManifest(name)) _unwantedManifests.Add(name);
        else _segments.Add(name);
    }
}
