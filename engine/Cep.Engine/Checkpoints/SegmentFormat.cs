using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using Cep.Engine.Keys;

namespace Cep.Engine.Checkpoints;

/// <summary>Owns the bytes of a segment: the one place that knows their layout.</summary>
/// <remarks>
/// <code>
/// segment  prefix  header block  data block*  footer block
/// prefix   "CEPS"  version (4)  CRC-32C of these eight bytes (4); the same in every version
/// block    length of the content (4)  checksum (4)  content
/// header   0x01  snapshot kind (1)  subtask  operator uid
/// data     0x02  record*
/// record   op + 4 × state, and then
///          op 0 declare   1 when the state replaces, or 0  name  kind  key schema  value schema
///          op 1 put       key group + 1  key  value
///          op 2 delete    key group + 1  key
/// footer   0x03  states: count, { replaces, name, kind, key schema, value schema }
///                entries  lowest key group + 1  highest key group + 1  segment checksum (8)
/// </code>
/// Numbers in brackets are bytes, little endian. Other numbers are varints: seven bits a byte, lowest first. Texts are UTF-8 and, as keys and values
/// are, preceded by their length. A record lies in one block, so that it can be read where it is; a block is about 64 KiB, more when one record is.
/// <para>A block's checksum is the CRC-32C of its place (0 for the header), its length, and its content: nothing can be changed, moved or left out
/// unseen. The segment's checksum is folded from the blocks' before the footer; a manifest repeats it, so that no segment passes for another.</para>
/// <para>The entries' key groups say which subtasks need the segment; 0 stands for entries without a key. Lowest above highest: no entries.</para>
/// </remarks>
internal static class SegmentFormat
{
    /// <summary>The version that is written, and the newest that is read.</summary>
    public const uint Version = 1;

    public const int PrefixBytes = 12;
    public const int BlockHeaderBytes = 8;

    /// <summary>The content of a block, unless one record is longer.</summary>
    public const int BlockBytes = 64 << 10;

    /// <summary>The most bytes a key and its value have together.</summary>
    public const int MaxEntryBytes = 1 << 30;

    public const byte HeaderBlock = 1;
    public const byte DataBlock = 2;
    public const byte FooterBlock = 3;

    public const int OpBits = 2;
    public const int Declare = 0;
    public const int Put = 1;
    public const int Delete = 2;

    /// <summary>The longest varint.</summary>
    public const int MaxVarintBytes = 10;

    public static ReadOnlySpan<byte> Magic => "CEPS"u8;

    public static void WritePrefix(Span<byte> to)
    {
        Magic.CopyTo(to);
        BinaryPrimitives.WriteUInt32LittleEndian(to[4..], Version);
        BinaryPrimitives.WriteUInt32LittleEndian(to[8..], Crc32C.Of(to[..8]));
    }

    /// <summary>Checks the prefix.</summary>
    /// <returns>The version.</returns>
    public static uint ReadPrefix(string name, ReadOnlySpan<byte> prefix)
    {
        if (!prefix[..4].SequenceEqual(Magic)) throw new CorruptSnapshotException(name, "it is no segment, it does not begin with CEPS");
        if (Crc32C.Of(prefix[..8]) != BinaryPrimitives.ReadUInt32LittleEndian(prefix[8..]))
            throw new CorruptSnapshotException(name, "the checksum of its first bytes is wrong");
        uint version = BinaryPrimitives.ReadUInt32LittleEndian(prefix[4..]);
        return version is >= 1 and <= Version ? version : throw new SnapshotVersionException(name, version, Version);
    }

    /// <summary>The checksum of a block.</summary>
    /// <param name="place">How many blocks are before it.</param>
    /// <param name="content">Its content.</param>
    public static uint BlockChecksum(int place, ReadOnlySpan<byte> content) =>
        Crc32C.Of(content, BitOperations.Crc32C((uint)place, (uint)content.Length));

    /// <summary>The segment's checksum with one more block.</summary>
    public static ulong Fold(ulong checksum, int length, uint blockChecksum) =>
        StableHash.Combine(checksum, ((ulong)(uint)length << 32) | blockChecksum);

    /// <summary>Writes a varint.</summary>
    /// <returns>The bytes written, at most <see cref="MaxVarintBytes"/>.</returns>
    public static int WriteVarint(Span<byte> to, ulong value)
    {
        int at = 0;
        for (; value >= 0x80; value >>= 7) to[at++] = unchecked((byte)(value | 0x80));
        to[at] = (byte)value;
        return at + 1;
    }

    public static int TextBytes(string text) => MaxVarintBytes + Encoding.UTF8.GetByteCount(text);

    /// <summary>Writes a text with its length.</summary>
    /// <returns>The bytes written, at most <see cref="TextBytes"/>.</returns>
    public static int WriteText(Span<byte> to, string text)
    {
        int at = WriteVarint(to, (ulong)Encoding.UTF8.GetByteCount(text));
        return at + Encoding.UTF8.GetBytes(text, to[at..]);
    }

    public static int SchemaBytes(StateSchema schema) =>
        1 + TextBytes(schema.Name) + TextBytes(schema.Kind) + TextBytes(schema.Key) + TextBytes(schema.Value);

    /// <summary>Writes a state and whether it replaces what earlier segments have of it.</summary>
    /// <returns>The bytes written, at most <see cref="SchemaBytes"/>.</returns>
    public static int WriteSchema(Span<byte> to, StateSchema schema, bool replaces)
    {
        to[0] = replaces ? (byte)1 : (byte)0;
        int at = 1;
        at += WriteText(to[at..], schema.Name);
        at += WriteText(to[at..], schema.Kind);
        at += WriteText(to[at..], schema.Key);
        at += WriteText(to[at..], schema.Value);
        return at;
    }
}
