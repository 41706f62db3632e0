using System.Buffers.Binary;
using System.Text;

namespace Cep.Engine.Checkpoints;

/// <summary>Reads the parts of a block's content; whatever does not fit is reported as damage.</summary>
internal struct SegmentCursor(SegmentBlocks blocks)
{
    private int _at = 1;

    public readonly bool IsAtEnd => _at >= blocks.Content.Length;

    public byte Byte() => Bytes(1)[0];

    public bool Bool() => Byte() switch { 0 => false, 1 => true, byte other => throw blocks.Corrupt($"a truth value is {other}") };

    public ulong Varint()
    {
        ReadOnlySpan<byte> content = blocks.Content.Span;
        ulong value = 0;
        for (int shift = 0; _at < content.Length && shift < 64; shift += 7)
        {
            byte next = content[_at++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80) return value;
        }

        throw blocks.Corrupt("a number does not end");
    }

    /// <summary>A varint that is at most <paramref name="most"/>.</summary>
    public int Number(int most, string what)
    {
        ulong value = Varint();
        return value <= (ulong)most ? (int)value : throw blocks.Corrupt($"{what} is {value}, the most is {most}");
    }

    public ReadOnlySpan<byte> Bytes(int count)
    {
        if (count > blocks.Content.Length - _at) throw blocks.Corrupt("a record goes past the end of its block");
        ReadOnlySpan<byte> bytes = blocks.Content.Span.Slice(_at, count);
        _at += count;
        return bytes;
    }

    public ReadOnlySpan<byte> Prefixed() => Bytes(Number(int.MaxValue, "a length"));

    public string Text() => Encoding.UTF8.GetString(Prefixed());

    public ulong Checksum() => BinaryPrimitives.ReadUInt64LittleEndian(Bytes(sizeof(ulong)));

    public (StateSchema Schema, bool Replaces) Schema()
    {
        bool replaces = Bool();
        return (new StateSchema(Text(), Text(), Text(), Text()), replaces);
    }
}
