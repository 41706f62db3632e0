namespace Cep.Engine.Keys;

/// <summary>Maps a key's hash to its key group, and a key group to the subtask that owns it.</summary>
/// <remarks>
/// Key groups are the unit in which work and state move between subtasks. Their number is fixed, so the group of a key never changes; which subtask
/// owns a group depends on the parallelism only: <c>floor(group × parallelism / 128)</c>, which gives each subtask one contiguous range.
/// </remarks>
public static class KeyGroupAssignment
{
    /// <summary>The number of key groups, and so the highest parallelism of an operator.</summary>
    public const int KeyGroups = 128;

    /// <summary>The key group of a key with this hash, 0 to 127.</summary>
    /// <param name="hash">A 64-bit hash that is the same in every process, as <see cref="StableHash"/> gives it.</param>
    public static int KeyGroupOf(ulong hash)
    {
        // A partitioner may hand over a weak hash (the key itself); one multiplication and the top bits spread it.
        unchecked
        {
            return (int)(((hash ^ (hash >> 32)) * 0x9E3779B97F4A7C15) >> 57);
        }
    }

    /// <summary>The subtask that owns a key group.</summary>
    /// <param name="keyGroup">0 to 127.</param>
    /// <param name="parallelism">1 to 128.</param>
    public static int SubtaskOf(int keyGroup, int parallelism) => keyGroup * parallelism / KeyGroups;

    /// <summary>The key groups a subtask owns.</summary>
    /// <param name="subtask">0 to <paramref name="parallelism"/> - 1.</param>
    /// <param name="parallelism">1 to 128.</param>
    public static KeyGroupRange RangeOf(int subtask, int parallelism) =>
        new(FirstOf(subtask, parallelism), FirstOf(subtask + 1, parallelism) - 1);

    // The least group g with floor(g × p / 128) = s is ceil(s × 128 / p).
    private static int FirstOf(int subtask, int parallelism) => (subtask * KeyGroups + parallelism - 1) / parallelism;
}
