using System.Numerics;
using System.Runtime.InteropServices;

namespace Cep.Engine.Checkpoints;

/// <summary>The CRC-32C checksum (Castagnoli), which finds every change of up to 32 bits in a row.</summary>
internal static class Crc32C
{
    /// <summary>The checksum of some bytes.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="seed">What the checksum is to depend on besides.</param>
    public static uint Of(ReadOnlySpan<byte> bytes, uint seed = 0)
    {
        uint crc = ~seed;
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (ulong word in words) crc = BitOperations.Crc32C(crc, word);
        foreach (byte b in bytes[(words.Length * sizeof(ulong))..]) crc = BitOperations.Crc32C(crc, b);
        return ~crc;
    }
}
