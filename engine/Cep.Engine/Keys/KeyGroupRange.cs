namespace Cep.Engine.Keys;

/// <summary>A contiguous range of key groups, both ends included.</summary>
/// <param name="First">The lowest key group of the range.</param>
/// <param name="Last">The highest key group of the range.</param>
public readonly record struct KeyGroupRange(int First, int Last)
{
    /// <summary>The number of key groups in the range.</summary>
    public int Count => Last - First + 1;

    /// <summary>Whether the range has this key group.</summary>
    public bool Contains(int keyGroup) => keyGroup >= First && keyGroup <= Last;

    /// <inheritdoc/>
    public override string ToString() => $"{First}..{Last}";
}
