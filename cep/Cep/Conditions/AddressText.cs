using System.Globalization;

namespace Cep.Conditions;

/// <summary>Reads Internet addresses as they are written, without making anything: it is asked once an event.</summary>
internal static class AddressText
{
    /// <summary>What stands before an IPv4 address in the IPv6 address that stands for it.</summary>
    private static readonly UInt128 Mapped = (UInt128)0xFFFF << 32;

    /// <summary>Reads an IPv4 address of four decimal numbers, or an IPv6 address (RFC 4291, section 2.2) without a zone.</summary>
    /// <remarks>Numbers with a zero before them are refused: some programs read them as octal.</remarks>
    /// <param name="text">The text, with nothing around it.</param>
    /// <param name="address">The address; of IPv4 the IPv6 address that stands for it.</param>
    public static bool TryParse(ReadOnlySpan<char> text, out UInt128 address)
    {
        if (text.Contains(':'))
            return TryParseV6(text, out address);
        var isAddress = TryParseV4(text, out var v4);
        address = Mapped | v4;
        return isAddress;
    }

    /// <summary>Writes an address.</summary>
    /// <param name="address">The address.</param>
    /// <param name="isV4">Whether it is written as the IPv4 address that it stands for.</param>
    public static string Format(UInt128 address, bool isV4) => isV4
        ? string.Join('.', Enumerable.Range(0, 4).Select(i => (byte)((address >> (24 - (8 * i))) & 0xFF)))
        : Shortened(Enumerable.Range(0, 8).Select(i => (ushort)((address >> (112 - (16 * i))) & 0xFFFF)).ToArray());

    /// <summary>The groups in hexadecimal, with <c>::</c> for the zeros at the end, as a block of addresses has them.</summary>
    private static string Shortened(ushort[] groups)
    {
        var count = Array.FindLastIndex(groups, g => g != 0) + 1;
        var text = string.Join(':', groups.Take(count).Select(g => g.ToString("x", CultureInfo.InvariantCulture)));
        return count < 8 ? text + "::" : text;
    }

    private static bool TryParseV4(ReadOnlySpan<char> text, out uint address)
    {
        address = 0;
        for (var part = 0; part < 4; part++)
        {
            var end = part < 3 ? text.IndexOf('.') : text.Length;
            if (end is < 1 or > 3 || (end > 1 && text[0] == '0') || !byte.TryParse(text[..end], NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                return false;
            address = (address << 8) | number;
            text = part < 3 ? text[(end + 1)..] : default;
        }
        return true;
    }

    private static bool TryParseV6(ReadOnlySpan<char> text, out UInt128 address)
    {
        address = 0;
        Span<ushort> groups = stackalloc ushort[8];
        // Where the zeros that `::` stands for belong; -1 for nowhere.
        var (count, zerosAt) = (0, -1);
        if (text.StartsWith("::"))
        {
            zerosAt = 0;
            text = text[2..];
        }
        while (!text.IsEmpty)
        {
            if (!TryTakeGroup(ref text, groups, ref count))
                return false;
            if (text.IsEmpty)
                break;
            text = text[1..];
            if (text.IsEmpty || (text[0] == ':' && zerosAt >= 0))
                return false;
            if (text[0] == ':')
            {
                zerosAt = count;
                text = text[1..];
            }
        }
        if (zerosAt < 0 ? count != 8 : count > 7)
            return false;
        for (var i = 0; i < count; i++)
            address |= (UInt128)groups[i] << (16 * (zerosAt >= 0 && i >= zerosAt ? count - 1 - i : 7 - i));
        return true;
    }

    /// <summary>Takes a group of up to four hexadecimal digits, or at the end an IPv4 address for two groups; a colon or nothing is left behind it.</summary>
    private static bool TryTakeGroup(ref ReadOnlySpan<char> text, scoped Span<ushort> groups, ref int count)
    {
        var end = text.IndexOf(':') is >= 0 and var colon ? colon : text.Length;
        if (end == text.Length && text.Contains('.'))
        {
            if (count > 6 || !TryParseV4(text, out var v4))
                return false;
            (groups[count], groups[count + 1]) = ((ushort)(v4 >> 16), (ushort)(v4 & 0xFFFF));
            count += 2;
        }
        else
        {
            if (count == 8 || end is < 1 or > 4 || !ushort.TryParse(text[..end], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out groups[count]))
                return false;
            count++;
        }
        text = text[end..];
        return true;
    }
}

/// <summary>A set of Internet addresses, made of blocks and asked often.</summary>
internal sealed class AddressSet
{
    /// <summary>Ranges that do not touch, ascending.</summary>
    private readonly UInt128[] _first;
    private readonly UInt128[] _last;

    public AddressSet(IEnumerable<AddressBlock> blocks)
    {
        var ranges = new List<AddressBlock>();
        foreach (var block in blocks.OrderBy(b => b.First).ThenBy(b => b.Last))
        {
            if (ranges.Count > 0 && (block.First <= ranges[^1].Last || block.First - 1 == ranges[^1].Last))
                ranges[^1] = ranges[^1] with { Last = UInt128.Max(block.Last, ranges[^1].Last) };
            else
                ranges.Add(block);
        }
        (_first, _last) = (ranges.Select(r => r.First).ToArray(), ranges.Select(r => r.Last).ToArray());
    }

    /// <summary>Whether an address is in one of the blocks.</summary>
    public bool Contains(UInt128 address)
    {
        var at = Array.BinarySearch(_first, address);
        // The range that begins at the address, or else the last that begins before it.
        var range = at >= 0 ? at : ~at - 1;
        return range >= 0 && address <= _last[range];
    }

    /// <summary>The ranges in text, the same for all ways to say them.</summary>
    public override string ToString() =>
        string.Join(' ', _first.Zip(_last, (first, last) => string.Create(CultureInfo.InvariantCulture, $"{first:x}-{last:x}")));
}
