namespace Cep.Differential.Cases;

/// <summary>A small generator of random numbers that gives the same ones everywhere (Steele, Lea, Flood: "Fast Splittable Pseudorandom Number Generators").</summary>
internal sealed class SplitMix64(ulong seed)
{
    private ulong _state = seed;

    /// <summary>The next 64 bits.</summary>
    public ulong Next()
    {
        unchecked
        {
            var z = _state += 0x9E3779B97F4A7C15;
            z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
            z = (z ^ z >> 27) * 0x94D049BB133111EB;
            return z ^ z >> 31;
        }
    }

    /// <summary>A number from 0 to <paramref name="count"/> - 1.</summary>
    public int Below(int count) => (int)((Next() >> 32) * (ulong)count >> 32);

    /// <summary>A number of a range, both ends included.</summary>
    public int From(int low, int high) => low + Below(high - low + 1);

    /// <summary>True as often as that.</summary>
    public bool Chance(int percent) => Below(100) < percent;

    /// <summary>One of several.</summary>
    public T OneOf<T>(params ReadOnlySpan<T> items) => items[Below(items.Length)];
}
