using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Cep.Events;

/// <summary>Spans of time as rule text writes them: <c>500ms</c>, <c>30s</c>, <c>1h30m</c>, <c>-2d</c>; whole milliseconds.</summary>
public static class DurationText
{
    private static readonly (string Unit, ulong Ms)[] Units = [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1)];

    /// <summary>
    /// Reads whole numbers with their units, from the greatest unit to the least, each unit at most once; <c>-</c> before all of them negates.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> utf8, out long ms)
    {
        ms = 0;
        var isNegative = utf8.Length > 0 && utf8[0] == '-';
        var rest = isNegative ? utf8[1..] : utf8;
        if (rest.Length == 0)
            return false;
        Int128 sum = 0;
        for (var next = 0; rest.Length > 0;)
        {
            if (!char.IsAsciiDigit((char)rest[0]) || !Utf8Parser.TryParse(rest, out long number, out var digits))
                return false;
            rest = rest[digits..];
            if (!TryParseUnit(ref rest, ref next))
                return false;
            sum += (Int128)number * Units[next - 1].Ms;
        }
        sum = isNegative ? -sum : sum;
        if (sum < long.MinValue || sum > long.MaxValue)
            return false;
        ms = (long)sum;
        return true;
    }

    /// <summary>The shortest text without fractions; zero is <c>0s</c>.</summary>
    public static string Format(long ms)
    {
        if (ms == 0)
            return "0s";
        var text = ms < 0 ? "-" : "";
        var rest = ms < 0 ? (ulong)-(Int128)ms : (ulong)ms;
        foreach (var (unit, size) in Units)
        {
            if (rest >= size)
                text += (rest / size).ToString(CultureInfo.InvariantCulture) + unit;
            rest %= size;
        }
        return text;
    }

    /// <summary>Takes a unit off the text: one of those from <paramref name="next"/> on, which becomes the one after it.</summary>
    private static bool TryParseUnit(ref ReadOnlySpan<byte> rest, ref int next)
    {
        var letters = 0;
        while (letters < rest.Length && char.IsAsciiLetter((char)rest[letters]))
            letters++;
        for (var i = next; i < Units.Length; i++)
        {
            if (!Ascii.Equals(rest[..letters], Units[i].Unit))
                continue;
            rest = rest[letters..];
            next = i + 1;
            return true;
        }
        return false;
    }
}
