using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Cep.Engine.State.Serializers;

/// <summary>The bytes that a <see cref="StateSerializer{T}"/> reads. One thread only.</summary>
/// <remarks>Every method throws <see cref="InvalidDataException"/> where the bytes end too early or are no such value; nothing is allocated for a length
/// that the bytes cannot have.</remarks>
public sealed class StateInput
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private byte[] _buffer = new byte[256];
    private int _length;

    /// <summary>The number of bytes read.</summary>
    public int Position { get; private set; }

    /// <summary>The number of bytes that are left.</summary>
    public int Left => _length - Position;

    /// <summary>Begins with other bytes; they are copied.</summary>
    public void Reset(scoped ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > _buffer.Length) _buffer = new byte[bytes.Length];
        bytes.CopyTo(_buffer);
        _length = bytes.Length;
        Position = 0;
    }

    /// <summary>Says that the value ends here.</summary>
    /// <exception cref="InvalidDataException">Bytes are left.</exception>
    public void End()
    {
        if (Left > 0) throw new InvalidDataException($"The value ends at byte {Position} and {Left} more follow.");
    }

    /// <summary>One byte.</summary>
    public byte Byte()
    {
        if (Position == _length) throw CutOff(1);
        return _buffer[Position++];
    }

    /// <summary>One byte, 0 or 1.</summary>
    public bool Bool() => Byte() switch
    {
        0 => false,
        1 => true,
        byte other => throw new InvalidDataException($"Byte {Position - 1} is {other}, and can be 0 or 1."),
    };

    /// <summary>The next bytes; valid until <see cref="Reset"/>.</summary>
    public ReadOnlySpan<byte> Raw(int length) => Take(length);

    /// <summary>A whole number that is not negative.</summary>
    public ulong Unsigned()
    {
        ulong value = 0;
        int shift = 0;
        byte next;
        do
        {
            next = Byte();
            if (shift == 63 && next > 1) throw new InvalidDataException($"The number before byte {Position} does not fit 64 bits.");
            value |= (ulong)(next & 0x7F) << shift;
            shift += 7;
        }
        while (next > 0x7F);
        return value;
    }

    /// <summary>A whole number of either sign.</summary>
    public long Long()
    {
        ulong value = Unsigned();
        return unchecked((long)(value >> 1) ^ -(long)(value & 1));
    }

    /// <summary>A whole number from <paramref name="min"/> to <paramref name="max"/>, both included.</summary>
    public long Long(long min, long max)
    {
        long value = Long();
        return value >= min && value <= max ? value : throw new InvalidDataException($"The number before byte {Position} is {value}, and can be {min} to {max}.");
    }

    /// <summary>A whole number from 0 to <paramref name="max"/>, both included.</summary>
    public ulong Unsigned(ulong max)
    {
        ulong value = Unsigned();
        return value <= max ? value : throw new InvalidDataException($"The number before byte {Position} is {value}, and can be {max} at most.");
    }

    /// <summary>Four bytes.</summary>
    public float Float() => BinaryPrimitives.ReadSingleLittleEndian(Take(4));

    /// <summary>Eight bytes.</summary>
    public double Double() => BinaryPrimitives.ReadDoubleLittleEndian(Take(8));

    /// <summary>Sixteen bytes.</summary>
    public decimal Decimal()
    {
        ReadOnlySpan<byte> bytes = Take(16);
        Span<int> parts = stackalloc int[4];
        for (int i = 0; i < 4; i++) parts[i] = BinaryPrimitives.ReadInt32LittleEndian(bytes[(4 * i)..]);
        bool isDecimal = (parts[3] & 0x7F00FFFF) == 0 && ((parts[3] >> 16) & 0xFF) <= 28;
        return isDecimal ? new decimal(parts) : throw new InvalidDataException($"The 16 bytes before byte {Position} are no decimal.");
    }

    /// <summary>Sixteen bytes.</summary>
    public Guid Guid() => new(Take(16), bigEndian: true);

    /// <summary>Ticks and kind.</summary>
    public DateTime DateTime()
    {
        byte kind = Byte();
        long ticks = Long(0, System.DateTime.MaxValue.Ticks);
        return kind <= 2 ? new DateTime(ticks, (DateTimeKind)kind) : throw new InvalidDataException($"The time before byte {Position} is of no kind.");
    }

    /// <summary>Ticks of the local time and minutes of the offset.</summary>
    public DateTimeOffset DateTimeOffset()
    {
        long ticks = Long(0, System.DateTime.MaxValue.Ticks);
        long offset = Long(-14 * 60, 14 * 60);
        long utcTicks = ticks - offset * TimeSpan.TicksPerMinute;
        return utcTicks >= 0 && utcTicks <= System.DateTime.MaxValue.Ticks
            ? new DateTimeOffset(ticks, TimeSpan.FromMinutes(offset))
            : throw new InvalidDataException($"The time before byte {Position} is out of range.");
    }

    /// <summary>A count of elements of a byte or more each; -1 where there is no collection.</summary>
    public int Count()
    {
        ulong count = Unsigned();
        return count <= (ulong)Left + 1
            ? (int)count - 1
            : throw new InvalidDataException($"The count before byte {Position} is {count - 1}, and {Left} bytes are left.");
    }

    /// <summary>Bytes with their length before them, or null.</summary>
    public byte[]? Bytes()
    {
        int length = Count();
        return length < 0 ? null : Take(length).ToArray();
    }

    /// <summary>Numbers with their count before them, or null.</summary>
    public double[]? Doubles()
    {
        int count = Count();
        if (count < 0) return null;
        if (count > Left / sizeof(double)) throw CutOff((long)count * sizeof(double));
        return MemoryMarshal.Cast<byte, double>(Take(count * sizeof(double))).ToArray();
    }

    /// <summary>A text or null.</summary>
    public string? String()
    {
        ulong header = Unsigned();
        if (header == 0) return null;
        bool isUtf16 = (header & 1) == 0;
        ulong length = (header - 1) >> 1;
        if (length > (ulong)Left) throw CutOff((long)Math.Min(length, int.MaxValue));
        ReadOnlySpan<byte> text = Take((int)length);
        try
        {
            return isUtf16 ? new string(MemoryMarshal.Cast<byte, char>(text)) : StrictUtf8.GetString(text);
        }
        catch (DecoderFallbackException e)
        {
            throw new InvalidDataException($"The text before byte {Position} is no UTF-8.", e);
        }
    }

    private ReadOnlySpan<byte> Take(int length)
    {
        if (length > Left) throw CutOff(length);
        Position += length;
        return _buffer.AsSpan(Position - length, length);
    }

    private InvalidDataException CutOff(long needed) => new($"The value is cut off: {needed} bytes are needed at byte {Position} and {Left} are left.");
}
