using System.Buffers.Binary;
using System.Numerics;

namespace Cep.Engine.Checkpoints;

/// <summary>Owns the bytes of a segment: the one place that knows their layout.</summary>
/// <remarks>
/// <code>
/// segment  "CEPS"  version  frame { subtask  kind  uid }  block*  frame of length 0, with the count of entries in place of a checksum of nothing
/// block    frame { item* }
/// item     0  state  flags  name  kind  key  value            declares a state; states are numbered from 0 in the order of declaration
///          1  state  key group + 1  key  value                puts an entry
///          2  state  key group + 1  key                       deletes one
/// frame    length (4)  CRC-32C of the content (4)  content
/// </code>
/// Lengths, states and key groups are varints but for a frame's; little-endian. Text is UTF-8. A length stands before each text, key and value.
/// </remarks>
internal static class SegmentFormat
{
    /// <summary>The version that is written. Others are refused.</summary>
    public const byte Version = 1;

    public const byte Declare = 0;
    public const byte Put = 1;
    public const byte Delete = 2;
    public const byte Replaces = 1;
    public const int FrameHeaderBytes = 8;
    public const int EndBytes = FrameHeaderBytes + sizeof(long);

    public static ReadOnlySpan<byte> Magic => "CEPS"u8;

    /// <summary>CRC-32C, with the usual inversions, so that a run of zeros is not its own checksum.</summary>
    public static uint Checksum(ReadOnlySpan<byte> content)
    {
        uint crc = uint.MaxValue;
        while (content.Length >= sizeof(ulong))
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(content));
            content = content[sizeof(ulong)..];
        }

        foreach (byte one in content) crc = BitOperations.Crc32C(crc, one);
        return ~crc;
    }
}
