using System.Globalization;

namespace Cep.Conditions;

/// <summary>A block of Internet addresses: all that begin with the same bits (CIDR, RFC 4632 and RFC 4291).</summary>
/// <remarks>An IPv4 address is the IPv6 address that stands for it, <c>::ffff:a.b.c.d</c>; so <c>::/0</c> holds it too.</remarks>
/// <param name="First">The first address.</param>
/// <param name="Last">The last address; at least the first.</param>
internal readonly record struct AddressBlock(UInt128 First, UInt128 Last)
{
    /// <summary>Reads a block.</summary>
    /// <exception cref="FormatException">The text is no block.</exception>
    public static AddressBlock Parse(string text) => TryParse(text, out var block, out var problem) ? block : throw new FormatException(problem);

    /// <summary>Reads a block: an address, or one with the number of leading bits that count behind a slash; the bits behind those must be 0.</summary>
    /// <param name="text">The text.</param>
    /// <param name="block">The block.</param>
    /// <param name="problem">What is wrong, as it follows "and": <c>that is no …</c>; null for nothing.</param>
    public static bool TryParse(string text, out AddressBlock block, out string? problem)
    {
        block = default;
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var address = slash < 0 ? text : text[..slash];
        if (!AddressText.TryParse(address, out var first))
        {
            problem = "that is no block of addresses such as `10.0.0.0/8` or `2001:db8::/32`";
            return false;
        }
        var width = address.Contains(':', StringComparison.Ordinal) ? 128 : 32;
        if (!TryParseBits(slash < 0 ? null : text[(slash + 1)..], width, out var bits))
        {
            problem = $"behind its slash a number of bits from 0 to {width} was expected";
            return false;
        }
        var rest = width - bits == 128 ? UInt128.MaxValue : (UInt128.One << (width - bits)) - 1;
        block = new AddressBlock(first & ~rest, first | rest);
        problem = block.First == first ? null : $"its address has bits behind the first {bits}; the block is `{AddressText.Format(block.First, width == 32)}/{bits}`";
        return problem is null;
    }

    private static bool TryParseBits(string? text, int width, out int bits)
    {
        bits = width;
        return text is null
            || (text.Length is 1 or 2 or 3 && (text.Length == 1 || text[0] != '0') && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out bits) && bits <= width);
    }
}
