using Cep.Engine.Keys;

namespace Cep.Engine.Checkpoints;

/// <summary>What an operator's subtask is restored from: the entries of its key groups out of every segment there is of the operator, oldest first.</summary>
/// <remarks>
/// An entry takes the place of an earlier one with the same state and key, or deletes it. Operator state of all old subtasks comes to every new one.
/// One thread.
/// </remarks>
public sealed class StateReader
{
    private readonly List<(SegmentReader Reader, HashSet<string> ReplacedLater)> _segments = [];
    private readonly KeyGroupRange _groups;
    private int _current;

    /// <summary>Reads chains of segments, which are verified first.</summary>
    /// <param name="chains">One a subtask that wrote; each a list of names and bytes, oldest first.</param>
    /// <param name="groups">The key groups to read.</param>
    /// <exception cref="CorruptSnapshotException">A segment is damaged.</exception>
    public StateReader(IEnumerable<IReadOnlyList<(string Name, byte[] Bytes)>> chains, KeyGroupRange groups)
    {
        _groups = groups;
        foreach (IReadOnlyList<(string Name, byte[] Bytes)> chain in chains)
        {
            var replacedLater = new HashSet<string>();
            int first = _segments.Count;
            for (int i = chain.Count - 1; i >= 0; i--)
            {
                SegmentReader verified = SegmentReader.Verify(chain[i].Name, chain[i].Bytes);
                _segments.Insert(first, (new SegmentReader(chain[i].Name, chain[i].Bytes), [.. replacedLater]));
                replacedLater.UnionWith(verified.States.Where(state => verified.Replaces(state.Name)).Select(state => state.Name));
            }
        }
    }

    /// <summary>Reads the next entry.</summary>
    /// <returns>False when there is none.</returns>
    public bool Next(out SegmentEntry entry)
    {
        for (; _current < _segments.Count; _current++)
        {
            (SegmentReader reader, HashSet<string> replacedLater) = _segments[_current];
            while (reader.Next(out entry))
            {
                bool isMine = entry.KeyGroup == SegmentWriter.NonKeyed || _groups.Contains(entry.KeyGroup);
                if (isMine && (replacedLater.Count == 0 || !replacedLater.Contains(entry.State.Name))) return true;
            }
        }

        entry = default;
        return false;
    }
}
