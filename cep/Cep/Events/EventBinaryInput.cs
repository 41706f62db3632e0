using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Cep.Events;

/// <summary>Reads back what <see cref="EventBinaryOutput"/> wrote.</summary>
/// <remarks>Every method throws <see cref="InvalidDataException"/> where the bytes end too early or are no such value. Not thread-safe.</remarks>
internal sealed class EventBinaryInput(ReadOnlyMemory<byte> bytes)
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>How many bytes have been read.</summary>
    public int Position { get; private set; }

    /// <summary>How many are left.</summary>
    public int Left => bytes.Length - Position;

    public byte Byte() => Take(1)[0];

    public ReadOnlySpan<byte> Bytes(int length) => Take(length);

    /// <summary>A part of the bytes as an input of its own; it is read past here.</summary>
    public EventBinaryInput Part(int length)
    {
        var from = Position;
        Take(length);
        return new EventBinaryInput(bytes.Slice(from, length));
    }

    /// <summary>The checksum of all the bytes, read or not.</summary>
    public uint Checksum(Func<ReadOnlySpan<byte>, uint> checksum) => checksum(bytes.Span);

    public ulong Unsigned()
    {
        var value = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var b = Byte();
            if (shift == 63 && b > 1)
                break;
            value |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80)
                return value;
        }
        throw new InvalidDataException($"The number before byte {Position} has more than 64 bits.");
    }

    public long Long()
    {
        var value = Unsigned();
        return unchecked((long)(value >> 1) ^ -(long)(value & 1));
    }

    /// <summary>A number from 0 to <paramref name="limit"/>.</summary>
    /// <param name="limit">The greatest that makes sense, inclusive; below 0 for none.</param>
    /// <param name="what">What it counts or names, for the message.</param>
    public int Number(int limit, string what)
    {
        var value = Unsigned();
        if (limit >= 0 && value <= (ulong)limit)
            return (int)value;
        throw new InvalidDataException(limit < 0 ? $"There is a {what}, and can be none." : $"The {what} is {value}, and can be {limit} at most.");
    }

    public bool Bool() => Byte() switch
    {
        0 => false,
        1 => true,
        var b => throw new InvalidDataException($"Byte {Position - 1} is {b}, neither true nor false."),
    };

    public double Double() => BinaryPrimitives.ReadDoubleLittleEndian(Take(8));

    public decimal Decimal()
    {
        var signAndPlaces = Byte();
        var (low, high) = (Unsigned(), Unsigned());
        if (signAndPlaces >> 1 > 28 || high > uint.MaxValue)
            throw new InvalidDataException($"The bytes before byte {Position} are no decimal.");
        return unchecked(new decimal((int)low, (int)(low >> 32), (int)high, (signAndPlaces & 1) != 0, (byte)(signAndPlaces >> 1)));
    }

    public string String()
    {
        var lengthAndForm = Unsigned();
        if (lengthAndForm >> 1 > (ulong)Left)
            throw new InvalidDataException($"The text at byte {Position} is cut off.");
        var text = Take((int)(lengthAndForm >> 1));
        if ((lengthAndForm & 1) != 0)
            return text.Length % 2 == 0 ? MemoryMarshal.Cast<byte, char>(text).ToString() : throw new InvalidDataException($"The text before byte {Position} is no UTF-16.");
        try
        {
            return Utf8.GetString(text);
        }
        catch (DecoderFallbackException e)
        {
            throw new InvalidDataException($"The text before byte {Position} is no UTF-8.", e);
        }
    }

    private ReadOnlySpan<byte> Take(int length)
    {
        if (length > Left)
            throw new InvalidDataException($"The bytes end at {bytes.Length}; {length - Left} more are needed.");
        Position += length;
        return bytes.Span.Slice(Position - length, length);
    }
}
