namespace Cep.Events;

/// <summary>
/// The 64-bit hash of a key, by which keys are divided among key groups. It is part of what is stored: the same values have the same hash
/// in every process, on every machine and in every version.
/// </summary>
/// <remarks>
/// A chain of 64-bit words: the kind of each value, then the value. Each step is a bijection of the state, so two keys of one whole number never
/// collide. Values that are equal hash alike: 1.0 and 1.00, 0.0 and -0.0, an int and a long. Not meant to withstand someone who picks keys to collide.
/// A method named after a <see cref="Conditions.ValueKind"/> adds a value of that kind.
/// </remarks>
internal static class KeyHash
{
    /// <summary>The hash before the first value.</summary>
    public const ulong Start = 0x243F_6A88_85A3_08D3;

    private const ulong BoolTag = 1;
    private const ulong LongTag = 2;
    private const ulong DoubleTag = 3;
    private const ulong DecimalTag = 4;
    private const ulong StringTag = 5;
    private const ulong TimestampTag = 6;
    private const ulong DurationTag = 7;

    public static ulong Bool(ulong hash, bool value) => Add(Add(hash, BoolTag), value ? 1UL : 0UL);

    public static ulong Long(ulong hash, long value) => Add(Add(hash, LongTag), unchecked((ulong)value));

    public static ulong Timestamp(ulong hash, long value) => Add(Add(hash, TimestampTag), unchecked((ulong)value));

    public static ulong Duration(ulong hash, long value) => Add(Add(hash, DurationTag), unchecked((ulong)value));

    public static ulong Double(ulong hash, double value)
    {
        // One zero and one not-a-number.
        var canonical = value == 0 ? 0.0 : double.IsNaN(value) ? double.NaN : value;
        return Add(Add(hash, DoubleTag), BitConverter.DoubleToUInt64Bits(canonical));
    }

    public static ulong Decimal(ulong hash, decimal value)
    {
        // Division by one with 28 decimals drops the zeros at the end.
        var canonical = value == 0 ? 0m : value / 1.0000000000000000000000000000m;
        Span<int> bits = stackalloc int[4];
        decimal.GetBits(canonical, bits);
        hash = Add(hash, DecimalTag);
        hash = Add(hash, Word(bits[0], bits[1]));
        return Add(hash, Word(bits[2], bits[3]));
    }

    public static ulong String(ulong hash, string value)
    {
        // Length and kind in one word: the texts of two fields cannot flow into each other.
        hash = Add(hash, StringTag | (ulong)value.Length << 8);
        var text = value.AsSpan();
        for (; text.Length >= 4; text = text[4..])
            hash = Add(hash, text[0] | (ulong)text[1] << 16 | (ulong)text[2] << 32 | (ulong)text[3] << 48);
        if (text.Length == 0)
            return hash;
        var rest = 0UL;
        for (var i = 0; i < text.Length; i++)
            rest |= (ulong)text[i] << (16 * i);
        return Add(hash, rest);
    }

    /// <summary>Spreads every bit of the state over the whole hash (the finalizer of MurmurHash3).</summary>
    public static ulong Finish(ulong hash)
    {
        unchecked
        {
            hash = (hash ^ (hash >> 33)) * 0xFF51_AFD7_ED55_8CCD;
            hash = (hash ^ (hash >> 33)) * 0xC4CE_B9FE_1A85_EC53;
            return hash ^ (hash >> 33);
        }
    }

    private static ulong Add(ulong hash, ulong word)
    {
        unchecked
        {
            hash = (hash ^ word) * 0x9E37_79B9_7F4A_7C15;
            return hash ^ (hash >> 29);
        }
    }

    private static ulong Word(int low, int high) => unchecked((uint)low | (ulong)(uint)high << 32);
}
