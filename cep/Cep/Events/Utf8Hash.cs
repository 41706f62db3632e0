using System.Buffers.Binary;

namespace Cep.Events;

/// <summary>A fast hash of UTF-8 bytes for tables in memory; it may change between versions.</summary>
internal static class Utf8Hash
{
    private const ulong Multiplier = 0x9E37_79B9_7F4A_7C15;

    public static uint Of(ReadOnlySpan<byte> utf8)
    {
        unchecked
        {
            var hash = (ulong)utf8.Length * Multiplier;
            while (utf8.Length >= 8)
            {
                hash = Mix(hash, BinaryPrimitives.ReadUInt64LittleEndian(utf8));
                utf8 = utf8[8..];
            }
            if (utf8.Length >= 4)
            {
                hash = Mix(hash, BinaryPrimitives.ReadUInt32LittleEndian(utf8));
                utf8 = utf8[4..];
            }
            foreach (var b in utf8)
                hash = Mix(hash, b);
            return (uint)(hash >> 32);
        }
    }

    private static ulong Mix(ulong hash, ulong word)
    {
        unchecked
        {
            hash = (hash ^ word) * Multiplier;
            return hash ^ (hash >> 32);
        }
    }
}
