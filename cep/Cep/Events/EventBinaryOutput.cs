using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;

namespace Cep.Events;

/// <summary>A growing buffer of bytes, and how plain values are put into it: whole numbers as varints, texts with their length before them.</summary>
/// <remarks>Reading back is <see cref="EventBinaryInput"/>'s. Not thread-safe.</remarks>
internal sealed class EventBinaryOutput
{
    private byte[] _bytes = new byte[256];
    private int _count;

    /// <summary>How many bytes have been written.</summary>
    public int Count => _count;

    /// <summary>What has been written; valid until the next write.</summary>
    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _count);

    /// <summary>Forgets what has been written and keeps the buffer.</summary>
    public void Clear() => _count = 0;

    public void Byte(byte value) => Take(1)[0] = value;

    public void Bytes(ReadOnlySpan<byte> value) => value.CopyTo(Take(value.Length));

    /// <summary>Seven bits a byte, the lowest first.</summary>
    public void Unsigned(ulong value)
    {
        var target = Take(10);
        var length = 0;
        for (; value >= 0x80; value >>= 7)
            target[length++] = (byte)(value & 0x7F | 0x80);
        target[length++] = (byte)value;
        _count -= 10 - length;
    }

    /// <summary>A whole number, small ones of either sign in few bytes.</summary>
    public void Long(long value) => Unsigned(unchecked((ulong)(value << 1 ^ value >> 63)));

    public void Bool(bool value) => Byte(value ? (byte)1 : (byte)0);

    public void Double(double value) => BinaryPrimitives.WriteDoubleLittleEndian(Take(8), value);

    /// <summary>Sign and number of decimal places, then the digits as a whole number: 1.50 stays 1.50.</summary>
    public void Decimal(decimal value)
    {
        Span<int> parts = stackalloc int[4];
        decimal.GetBits(value, parts);
        Byte((byte)((parts[3] >> 16 & 0xFF) << 1 | (parts[3] < 0 ? 1 : 0)));
        Unsigned(unchecked((uint)parts[0] | (ulong)(uint)parts[1] << 32));
        Unsigned(unchecked((uint)parts[2]));
    }

    /// <summary>UTF-8; a text that has no UTF-8, because half a surrogate pair stands in it, as UTF-16. The length's lowest bit says which.</summary>
    public void String(string value)
    {
        var (start, length) = (_count, Encoding.UTF8.GetByteCount(value));
        Unsigned((ulong)length << 1);
        if (Utf8.FromUtf16(value, Take(length), out _, out _, replaceInvalidSequences: false) == OperationStatus.Done)
            return;
        _count = start;
        Unsigned((ulong)value.Length * 2 << 1 | 1);
        // As it stands: an encoding would put a replacement character where half a pair is.
        MemoryMarshal.AsBytes(value.AsSpan()).CopyTo(Take(value.Length * 2));
    }

    private Span<byte> Take(int length)
    {
        if (_bytes.Length - _count < length)
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _count + length));
        var taken = _bytes.AsSpan(_count, length);
        _count += length;
        return taken;
    }
}
