using System.Buffers.Binary;
using System.Text;

namespace Cep.Engine.Checkpoints;

/// <summary>Reads the parts of a block's content; whatever does not fit is reported as damage.</summary>
internal struct SegmentCursor(SegmentBlocks blocks)
{
    private readonly byte[] _buffer = blocks.Content.Array!;
    private readonly int _end = blocks.Content.Offset + blocks.Content.Count;

    // After the block's kind.
    private int _at = blocks.Content.Offset + 1;

    public readonly bool IsAtEnd => _at >= _end;

    public byte Byte() => Bytes(1)[0];

    public bool Bool() => Byte() switch { 0 => false, 1 => true, byte other => throw blocks.Corrupt($"a truth value is {other}") };

    public ulong Varint()
    {
        byte[] buffer = _buffer;
        int at = _at;
        if (at < _end && buffer[at] < 0x80)
        {
            _at = at + 1;
            return buffer[at];
        }

        return LongVarint();
    }

    /// <summary>A varint that is at most <paramref name="most"/>.</summary>
    public int Number(int most, string what)
    {
        ulong value = Varint();
        if (value > (ulong)most) ThrowTooLarge(value, most, what);
        return (int)value;
    }

    public ReadOnlySpan<byte> Bytes(int count)
    {
        if (count > _end - _at) throw blocks.Corrupt("a record goes past the end of its block");
        var bytes = new ReadOnlySpan<byte>(_buffer, _at, count);
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

    private ulong LongVarint()
    {
        ulong value = 0;
        for (int shift = 0; _at < _end && shift < 64; shift += 7)
        {
            byte next = _buffer[_at++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80) return value;
        }

        throw blocks.Corrupt("a number does not end");
    }

    // Apart, so that what is asked of every entry stays small.
    private readonly void ThrowTooLarge(ulong value, int most, string what) => throw blocks.Corrupt($"{what} is {value}, the most is {most}");
}
