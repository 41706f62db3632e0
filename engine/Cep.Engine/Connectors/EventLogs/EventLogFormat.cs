using System.Buffers.Binary;
using Cep.Engine.Checkpoints;

namespace Cep.Engine.Connectors.EventLogs;

/// <summary>The bytes of an event log.</summary>
/// <remarks>
/// A segment file is a header and groups, one after the other. A <em>group</em> is what one write and one flush brought to the disk: whole batches, and as it is under one checksum, all of it is there or
/// nothing. Numbers are little-endian; checksums are CRC-32C, those of a group begun with the salt of its segment.
/// <code>
/// header  magic 8 | version 4 | salt 4 | base offset 8 | checksum 4
/// group   magic 4 | body bytes 4 | first offset 8 | time 8 | entries 4 | checksum of body 4 | checksum of the header so far 4 | body
/// body    for each entry: length 4 | payload
/// </code>
/// </remarks>
internal static class EventLogFormat
{
    public const uint Version = 1;
    public const int HeaderBytes = 28;
    public const int GroupHeaderBytes = 36;
    public const int LengthBytes = sizeof(uint);
    public const string Extension = ".log";

    private const int OffsetDigits = 20;

    /// <summary>What a segment file begins with.</summary>
    public static ReadOnlySpan<byte> Magic => "CEPELOG\n"u8;

    /// <summary>What a group begins with.</summary>
    public static ReadOnlySpan<byte> GroupMagic => [0xE1, 0x6C, 0x0D, 0x9B];

    /// <summary>The name of a segment's file: its base offset in 20 digits, so that names sort as offsets do.</summary>
    public static string FileName(long baseOffset) => baseOffset.ToString($"D{OffsetDigits}") + Extension;

    /// <summary>The base offset that a file name tells; null when it is not the name of a segment.</summary>
    public static long? BaseOffset(string fileName) =>
        fileName.Length == OffsetDigits + Extension.Length && fileName.EndsWith(Extension, StringComparison.Ordinal)
        && fileName.AsSpan(0, OffsetDigits).IndexOfAnyExceptInRange('0', '9') < 0 && long.TryParse(fileName.AsSpan(0, OffsetDigits), out long offset) ? offset : null;

    public static byte[] SegmentHeader(uint salt, long baseOffset)
    {
        byte[] header = new byte[HeaderBytes];
        Magic.CopyTo(header);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(8), Version);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(12), salt);
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(16), baseOffset);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(24), Crc32C.Of(header.AsSpan(0, 24)));
        return header;
    }

    /// <summary>Reads a segment's header.</summary>
    /// <returns>What is wrong with it, the end of a sentence; null when nothing is.</returns>
    public static string? ReadSegmentHeader(ReadOnlySpan<byte> header, long baseOffset, out uint salt)
    {
        salt = 0;
        if (header.Length < HeaderBytes) return "its header is cut off";
        if (Crc32C.Of(header[..24]) != BinaryPrimitives.ReadUInt32LittleEndian(header[24..])) return "its header does not have its checksum";
        if (!header.StartsWith(Magic)) return "it is not a segment of an event log";
        uint version = BinaryPrimitives.ReadUInt32LittleEndian(header[8..]);
        if (version != Version) return $"it has format version {version}, and this program reads version {Version}";
        long found = BinaryPrimitives.ReadInt64LittleEndian(header[16..]);
        if (found != baseOffset) return $"it begins with entry {found}, not with the one that its name tells";
        salt = BinaryPrimitives.ReadUInt32LittleEndian(header[12..]);
        return null;
    }

    /// <summary>Writes the header of a group before its body, which stands in its place already.</summary>
    public static void SealGroup(Span<byte> group, uint salt, long firstOffset, long timeMs, int count)
    {
        ReadOnlySpan<byte> body = group[GroupHeaderBytes..];
        GroupMagic.CopyTo(group);
        BinaryPrimitives.WriteInt32LittleEndian(group[4..], body.Length);
        BinaryPrimitives.WriteInt64LittleEndian(group[8..], firstOffset);
        BinaryPrimitives.WriteInt64LittleEndian(group[16..], timeMs);
        BinaryPrimitives.WriteInt32LittleEndian(group[24..], count);
        BinaryPrimitives.WriteUInt32LittleEndian(group[28..], Crc32C.Of(body, salt));
        BinaryPrimitives.WriteUInt32LittleEndian(group[32..], Crc32C.Of(group[..32], salt));
    }

    /// <summary>Reads the header of a group.</summary>
    /// <returns>False when these bytes are none.</returns>
    public static bool TryReadGroup(ReadOnlySpan<byte> from, uint salt, out GroupHeader header)
    {
        header = default;
        if (from.Length < GroupHeaderBytes || !from.StartsWith(GroupMagic)) return false;
        if (Crc32C.Of(from[..32], salt) != BinaryPrimitives.ReadUInt32LittleEndian(from[32..])) return false;
        header = new GroupHeader(
            BinaryPrimitives.ReadInt32LittleEndian(from[4..]),
            BinaryPrimitives.ReadInt64LittleEndian(from[8..]),
            BinaryPrimitives.ReadInt64LittleEndian(from[16..]),
            BinaryPrimitives.ReadInt32LittleEndian(from[24..]),
            BinaryPrimitives.ReadUInt32LittleEndian(from[28..]));
        return header.Count > 0 && header.BodyBytes >= (long)header.Count * LengthBytes;
    }

    /// <summary>Whether a body is the one of its header.</summary>
    public static bool IsBodyOf(ReadOnlySpan<byte> body, in GroupHeader header, uint salt) => Crc32C.Of(body, salt) == header.BodyChecksum;

    /// <summary>The entry at a place of a body.</summary>
    /// <param name="body">The body.</param>
    /// <param name="at">Where it begins; afterwards, where the next one does.</param>
    public static ReadOnlySpan<byte> TakeEntry(ReadOnlySpan<byte> body, scoped ref int at)
    {
        int length = BinaryPrimitives.ReadInt32LittleEndian(body[at..]);
        ReadOnlySpan<byte> payload = body.Slice(at + LengthBytes, length);
        at += LengthBytes + length;
        return payload;
    }
}

/// <summary>What stands before the entries of a group.</summary>
/// <param name="BodyBytes">The bytes that follow.</param>
/// <param name="FirstOffset">The offset of its first entry.</param>
/// <param name="TimeMs">When it was written, Unix milliseconds; never before that of the group before.</param>
/// <param name="Count">How many entries it has, at least one.</param>
/// <param name="BodyChecksum">The checksum of what follows.</param>
internal readonly record struct GroupHeader(int BodyBytes, long FirstOffset, long TimeMs, int Count, uint BodyChecksum)
{
    /// <summary>The offset of the entry after the group.</summary>
    public long EndOffset => FirstOffset + Count;

    /// <summary>The bytes of the group with its header.</summary>
    public int Bytes => EventLogFormat.GroupHeaderBytes + BodyBytes;
}
