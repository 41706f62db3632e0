using Cep.Engine.Keys;

namespace Cep.Engine.Checkpoints;

/// <summary>What one subtask of an operator is restored from: the entries of its key groups, and all operator state, of every subtask that wrote the snapshot.</summary>
/// <remarks>
/// A subtask wrote a *chain*: a full segment and what changed since. Chains come one after the other, the segments of a chain oldest first: an
/// entry stands for an earlier one of the same state, key group and key, and a deletion ends it. What a later segment of the chain replaces is left out.
/// Segments are opened as they are reached. Not thread-safe.
/// </remarks>
public sealed class StateReader : IDisposable
{
    private readonly KeyGroupRange _keyGroups;
    private readonly List<(SegmentSource Source, int[] Places)> _segments = [];
    private readonly List<StateSchema> _states = [];
    private SegmentReader? _reader;
    private EntryFilter? _filter;
    private int _next;

    /// <summary>Reads chains of segments.</summary>
    /// <param name="keyGroups">The key groups that the subtask owns now.</param>
    /// <param name="chains">The chains, each oldest segment first.</param>
    public StateReader(KeyGroupRange keyGroups, IEnumerable<IReadOnlyList<SegmentSource>> chains)
    {
        _keyGroups = keyGroups;
        foreach (IReadOnlyList<SegmentSource> chain in chains)
        {
            for (int i = 0; i < chain.Count; i++) Add(chain[i], chain.Skip(i + 1));
        }
    }

    /// <summary>The states that entries may be of; several of one name when schemas differ.</summary>
    public IReadOnlyList<StateSchema> States => _states;

    /// <summary>Whether there is nothing to restore from: no segment has entries for the subtask.</summary>
    public bool IsEmpty => _segments.Count == 0;

    /// <summary>Reads one chain from memory.</summary>
    /// <param name="keyGroups">The key groups that the subtask owns now.</param>
    /// <param name="chain">The segments of one subtask, oldest first.</param>
    public static StateReader Of(KeyGroupRange keyGroups, params IEnumerable<Segment> chain) => new(keyGroups, [chain.Select(SegmentSource.Of).ToArray()]);

    /// <summary>Reads the next entry.</summary>
    /// <param name="entry">Valid until the next call; <see cref="SegmentEntry.StateIndex"/> is a place in <see cref="States"/>.</param>
    /// <returns>False at the end.</returns>
    /// <exception cref="CorruptSnapshotException">A segment was damaged after it had been verified.</exception>
    public bool Next(out SegmentEntry entry)
    {
        while (_reader is not null || OpenNext())
        {
            if (_reader!.Next(_filter, out entry)) return true;
            Dispose();
        }

        entry = default;
        return false;
    }

    /// <summary>Closes the segment that stands open.</summary>
    public void Dispose()
    {
        _reader?.Dispose();
        _reader = null;
    }

    private void Add(SegmentSource source, IEnumerable<SegmentSource> later)
    {
        SegmentSummary summary = source.Summary;
        if (!ConcernsSubtask(summary)) return;
        HashSet<string> replaced = later.SelectMany(s => s.Summary.Replaced).ToHashSet();
        _segments.Add((source, summary.States.Select(s => replaced.Contains(s.Name) ? EntryFilter.LeftOut : IndexOf(s)).ToArray()));
    }

    private bool ConcernsSubtask(SegmentSummary summary)
    {
        if (summary.FirstKeyGroup > summary.LastKeyGroup) return false;
        return summary.FirstKeyGroup == SegmentWriter.NonKeyed || (summary.FirstKeyGroup <= _keyGroups.Last && summary.LastKeyGroup >= _keyGroups.First);
    }

    private int IndexOf(StateSchema schema)
    {
        int index = _states.IndexOf(schema);
        if (index >= 0) return index;
        _states.Add(schema);
        return _states.Count - 1;
    }

    private bool OpenNext()
    {
        if (_next == _segments.Count) return false;
        (SegmentSource source, int[] places) = _segments[_next++];
        _filter = new EntryFilter(_keyGroups, places, _states);
        _reader = new SegmentReader(source.Name, source.Open(), source.Summary.Bytes);
        return true;
    }
}
