namespace Cep.Language.Tests.Formatting;

/// <summary>A generator of random numbers of which a seed gives the same sequence on every runtime (Steele, Lea and Flood, 2014).</summary>
internal sealed class SplitMix64(ulong seed)
{
    private ulong _state = seed;

    /// <summary>A number from 0 to below <paramref name="bound"/>.</summary>
    public int Below(int bound)
    {
        unchecked
        {
            _state += 0x9E3779B97F4A7C15;
            var z = _state;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return (int)((z ^ (z >> 31)) % (ulong)bound);
        }
    }

    /// <summary>True once in <paramref name="bound"/> times.</summary>
    public bool OneIn(int bound) => Below(bound) == 0;

    /// <summary>One of several.</summary>
    public T Of<T>(params IReadOnlyList<T> items) => items[Below(items.Count)];
}
