using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;

namespace Cep.Engine.State.Serializers;

/// <summary>A growing buffer that a <see cref="StateSerializer{T}"/> writes to. One thread only.</summary>
/// <remarks>Whole numbers take as few bytes as they need, seven bits a byte; the other numbers are little-endian and of fixed size.</remarks>
public sealed class StateOutput
{
    private const int KeptCapacity = 1 << 20;

    private byte[] _buffer = new byte[256];

    /// <summary>The number of bytes written.</summary>
    public int Length { get; private set; }

    /// <summary>The bytes written; valid until the next call.</summary>
    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, Length);

    /// <summary>Forgets the bytes written, and room above 1 MiB.</summary>
    public void Clear()
    {
        Length = 0;
        if (_buffer.Length > KeptCapacity) _buffer = new byte[256];
    }

    /// <summary>One byte.</summary>
    public void Byte(byte value)
    {
        if (Length == _buffer.Length) Grow(1);
        _buffer[Length++] = value;
    }

    /// <summary>One byte, 1 for true.</summary>
    public void Bool(bool value) => Byte(value ? (byte)1 : (byte)0);

    /// <summary>Bytes as they are; the reader must know how many.</summary>
    public void Raw(scoped ReadOnlySpan<byte> bytes) => bytes.CopyTo(Room(bytes.Length));

    /// <summary>A whole number that is not negative, 1 to 10 bytes.</summary>
    public void Unsigned(ulong value)
    {
        if (_buffer.Length - Length < 10) Grow(10);
        int at = Length;
        while (value > 0x7F)
        {
            _buffer[at++] = (byte)((value & 0x7F) | 0x80);
            value >>= 7;
        }

        _buffer[at++] = (byte)value;
        Length = at;
    }

    /// <summary>A whole number, 1 to 10 bytes; few where it is near 0 on either side.</summary>
    public void Long(long value) => Unsigned(unchecked((ulong)((value << 1) ^ (value >> 63))));

    /// <summary>Four bytes.</summary>
    public void Float(float value) => BinaryPrimitives.WriteSingleLittleEndian(Room(4), value);

    /// <summary>Eight bytes.</summary>
    public void Double(double value) => BinaryPrimitives.WriteDoubleLittleEndian(Room(8), value);

    /// <summary>Sixteen bytes, trailing zeros kept: 1.50 stays 1.50.</summary>
    public void Decimal(decimal value)
    {
        Span<int> parts = stackalloc int[4];
        decimal.GetBits(value, parts);
        Span<byte> room = Room(16);
        for (int i = 0; i < 4; i++) BinaryPrimitives.WriteInt32LittleEndian(room[(4 * i)..], parts[i]);
    }

    /// <summary>Sixteen bytes in the order in which a Guid is read.</summary>
    public void Guid(Guid value) => value.TryWriteBytes(Room(16), bigEndian: true, out _);

    /// <summary>Ticks and kind.</summary>
    public void DateTime(DateTime value)
    {
        Byte((byte)value.Kind);
        Long(value.Ticks);
    }

    /// <summary>Ticks of the local time and minutes of the offset.</summary>
    public void DateTimeOffset(DateTimeOffset value)
    {
        Long(value.Ticks);
        Long(value.TotalOffsetMinutes);
    }

    /// <summary>A count of elements; -1 says that there is no collection.</summary>
    public void Count(int count) => Unsigned((ulong)(count + 1));

    /// <summary>Bytes with their length before them, or null.</summary>
    public void Bytes(byte[]? value)
    {
        Count(value?.Length ?? -1);
        Raw(value);
    }

    /// <summary>Numbers with their count before them, or null; eight bytes each.</summary>
    public void Doubles(double[]? values)
    {
        Count(values?.Length ?? -1);
        MemoryMarshal.AsBytes<double>(values).CopyTo(Room((values?.Length ?? 0) * sizeof(double)));
    }

    /// <summary>A text or null: UTF-8, or UTF-16 where half a surrogate pair stands in it.</summary>
    public void String(string? value)
    {
        if (value is null)
        {
            Unsigned(0);
            return;
        }

        int start = Length;
        int length = Encoding.UTF8.GetByteCount(value);
        Unsigned((ulong)length * 2 + 1);
        if (Utf8.FromUtf16(value, Room(length), out _, out _, replaceInvalidSequences: false) == OperationStatus.Done) return;
        Length = start;
        Unsigned((ulong)value.Length * 4 + 2);
        // Not by an Encoding, which puts U+FFFD for half a pair.
        MemoryMarshal.AsBytes(value.AsSpan()).CopyTo(Room(value.Length * 2));
    }

    private Span<byte> Room(int length)
    {
        if (_buffer.Length - Length < length) Grow(length);
        Length += length;
        return _buffer.AsSpan(Length - length, length);
    }

    private void Grow(int length) => Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, Length + length));
}
