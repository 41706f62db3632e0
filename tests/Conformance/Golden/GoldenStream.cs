namespace Cep.Conformance.Golden;

/// <summary>SplitMix64, the generator that the golden streams are defined by.</summary>
public struct SplitMix64(ulong seed)
{
    private ulong _state = seed;

    /// <summary>The next 64 bits.</summary>
    public ulong Next()
    {
        unchecked
        {
            var z = _state += 0x9E3779B97F4A7C15;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }
    }

    /// <summary>A whole number from 0 to <paramref name="bound"/> - 1, from the upper half of the next bits.</summary>
    public int Below(int bound) => (int)(((Next() >> 32) * (uint)bound) >> 32);

    /// <summary>A number from 0 to 1, exclusive, with 53 bits.</summary>
    public double Fraction() => (Next() >> 11) * (1.0 / (1L << 53));
}

/// <summary>An event of a golden stream.</summary>
/// <param name="TimeMs">Event time: its position + 1.</param>
/// <param name="Key">The key; 0 where the stream has none.</param>
/// <param name="Type">G1: 0 to 9. G2: 0 to 4 for A to E.</param>
/// <param name="Price">G2: 0 to 100. G1: 0.</param>
public readonly record struct GoldenEvent(long TimeMs, int Key, int Type, double Price);

/// <summary>Streams that anyone can rebuild from seed 42.</summary>
public static class GoldenStream
{
    /// <summary>G1: ten types, evenly.</summary>
    public static IEnumerable<GoldenEvent> Types(int count)
    {
        var random = new SplitMix64(42);
        for (var i = 0; i < count; i++)
            yield return new GoldenEvent(i + 1, 0, random.Below(10), 0);
    }

    /// <summary>G2: keys, five types with 20, 3, 17, 25 and 35 percent, and prices.</summary>
    public static IEnumerable<GoldenEvent> Prices(int count, int keys)
    {
        var random = new SplitMix64(42);
        for (var i = 0; i < count; i++)
        {
            var key = random.Below(keys);
            var type = random.Below(100) switch { < 20 => 0, < 23 => 1, < 40 => 2, < 65 => 3, _ => 4 };
            yield return new GoldenEvent(i + 1, key, type, random.Fraction() * 100);
        }
    }
}
