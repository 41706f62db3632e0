using Cep.Engine.Checkpoints;
using Cep.Engine.Keys;

namespace Cep.Cli.State;

/// <summary>What an operator remembers in one state.</summary>
/// <param name="Schema">What the state is.</param>
/// <param name="Entries">Its entries by key group and key: the bytes of each.</param>
internal sealed record StateInventory(StateSchema Schema, IReadOnlyDictionary<(int KeyGroup, string Key), byte[]> Entries)
{
    /// <summary>The bytes of keys and values, without what a file adds to them.</summary>
    public long Bytes => Entries.Sum(e => (e.Key.Key.Length / 2) + (long)e.Value.Length);
}

/// <summary>What one operator remembers, as it would be restored: deletions and what was replaced are gone.</summary>
internal static class OperatorInventory
{
    /// <summary>Reads all states of an operator, in the order of their names.</summary>
    /// <param name="snapshot">Where they lie.</param>
    /// <param name="uid">The operator.</param>
    public static IReadOnlyList<StateInventory> Of(Snapshot snapshot, string uid)
    {
        using var reader = snapshot.ReaderOf(uid, new KeyGroupRange(0, KeyGroupAssignment.KeyGroups - 1));
        var states = new SortedDictionary<string, (StateSchema Schema, Dictionary<(int, string), byte[]> Entries)>(StringComparer.Ordinal);
        foreach (var schema in reader.States)
            states[schema.Name] = (schema, []);
        while (reader.Next(out var entry))
        {
            // Operator state of several subtasks is several things, even under one key.
            var group = entry.KeyGroup == SegmentWriter.NonKeyed ? -1 - entry.Subtask : entry.KeyGroup;
            var key = (group, Convert.ToHexString(entry.Key));
            if (entry.IsDelete)
                states[entry.State.Name].Entries.Remove(key);
            else
                states[entry.State.Name].Entries[key] = entry.Value.ToArray();
        }
        return states.Values.Select(s => new StateInventory(s.Schema, s.Entries)).ToList();
    }
}
