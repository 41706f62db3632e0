using System.Runtime.InteropServices;

namespace Cep.Engine.Keys;

/// <summary>64-bit hashes of keys that are the same in every process, on every machine, in every version of the engine.</summary>
/// <remarks>
/// Which subtask owns a key, and where its state lies in a snapshot, follows from these numbers: they are pinned by tests and never change.
/// Values that are equal hash equal: <c>1.0m</c> and <c>1.00m</c>, <c>0.0</c> and <c>-0.0</c>, every NaN. Not for untrusted keys that try to
/// collide: the seed is fixed. Little-endian machines only, which is where .NET runs.
/// </remarks>
public static class StableHash
{
    // Odd constants without pattern: fractional parts of the square roots of 2, 3 and 5.
    private const ulong Seed = 0x6A09E667F3BCC909;
    private const ulong Step = 0xBB67AE8584CAA73B;
    private const ulong Finish = 0x3C6EF372FE94F82B;

    /// <summary>The hash of a whole number.</summary>
    public static ulong Of(long value) => Fold(unchecked((ulong)value) ^ Seed, Step);

    /// <summary>The hash of a truth value.</summary>
    public static ulong Of(bool value) => Of(value ? 1L : 0L);

    /// <summary>The hash of a binary floating-point number.</summary>
    public static ulong Of(double value)
    {
        if (value == 0) return Of(0L);
        return Of(double.IsNaN(value) ? 0x7FF8_0000_0000_0000 : BitConverter.DoubleToInt64Bits(value));
    }

    /// <summary>The hash of a decimal number; trailing zeros do not count.</summary>
    public static ulong Of(decimal value)
    {
        if (value == 0) return Of(0L);
        // Dividing by one with 28 zeros is how decimal drops the trailing zeros of its scale.
        value /= 1.0000000000000000000000000000m;
        Span<int> parts = stackalloc int[4];
        decimal.GetBits(value, parts);
        ReadOnlySpan<long> halves = MemoryMarshal.Cast<int, long>(parts);
        return Combine(Of(halves[0]), Of(halves[1]));
    }

    /// <summary>The hash of a text, by its UTF-16 code units: no culture, no normalisation, case counts.</summary>
    public static ulong Of(string value) => Of(value.AsSpan());

    /// <inheritdoc cref="Of(string)"/>
    public static ulong Of(ReadOnlySpan<char> value)
    {
        ulong hash = unchecked(Seed + (ulong)value.Length * Finish);
        foreach (ulong four in MemoryMarshal.Cast<char, ulong>(value)) hash = FoldOnce(hash ^ four, Step);
        ulong tail = 0;
        for (int i = value.Length & ~3; i < value.Length; i++) tail = (tail << 16) | value[i];
        return Fold(hash ^ tail, Step);
    }

    /// <summary>The hash of a key of several parts: fold the parts' hashes from the left. The order of the parts counts.</summary>
    public static ulong Combine(ulong first, ulong second) => Fold(unchecked(first * Finish) ^ second, Step ^ Seed);

    /// <summary>Folds, then spreads once more: every input bit reaches every output bit.</summary>
    private static ulong Fold(ulong value, ulong multiplier)
    {
        ulong mixed = unchecked(FoldOnce(value, multiplier) * Finish);
        return mixed ^ (mixed >> 32);
    }

    /// <summary>Multiplies to 128 bits and folds the halves.</summary>
    private static ulong FoldOnce(ulong value, ulong multiplier)
    {
        ulong high = Math.BigMul(value, multiplier, out ulong low);
        return high ^ low ^ value;
    }
}
