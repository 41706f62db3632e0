using Cep.Engine.Keys;

namespace Cep.Engine.Checkpoints;

/// <summary>Which entries of a segment a subtask is restored from.</summary>
/// <param name="keyGroups">The key groups that the subtask owns.</param>
/// <param name="places">For each state of the segment its place in <paramref name="states"/>, or <see cref="LeftOut"/>.</param>
/// <param name="states">The states of all segments.</param>
internal sealed class EntryFilter(KeyGroupRange keyGroups, int[] places, IReadOnlyList<StateSchema> states)
{
    /// <summary>The place of a state that a later segment replaces.</summary>
    public const int LeftOut = -1;

    // The schemas by the segment's own numbers.
    private readonly StateSchema?[] _schemas = [.. places.Select(p => p == LeftOut ? null : states[p])];

    /// <summary>Whether an entry counts, and which state it is of.</summary>
    public bool Passes(int keyGroup, ref int state, ref StateSchema schema)
    {
        if (_schemas[state] is not { } shown || (keyGroup != SegmentWriter.NonKeyed && !keyGroups.Contains(keyGroup))) return false;
        (schema, state) = (shown, places[state]);
        return true;
    }
}
