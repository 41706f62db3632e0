namespace Cep.Events;

/// <summary>Timestamps as text: ISO-8601 in, the shortest UTC form out. Times are Unix milliseconds from year 1 to year 9999.</summary>
public static class TimestampText
{
    /// <summary>The first millisecond of year 1.</summary>
    public const long MinMs = -62_135_596_800_000;

    /// <summary>The last millisecond of year 9999.</summary>
    public const long MaxMs = 253_402_300_799_999;

    /// <summary>The longest text that <see cref="Format(long, Span{byte})"/> writes, in bytes.</summary>
    public const int MaxLength = 24;

    /// <summary>Whether a text form exists: the time lies in the years 1 to 9999.</summary>
    public static bool IsInRange(long ms) => ms is >= MinMs and <= MaxMs;

    /// <summary>
    /// Reads <c>2026-01-05</c>, <c>2026-01-05T10:00</c>, <c>2026-01-05 10:00:00</c> or <c>2026-01-05T10:00:00.25+01:00</c>: a date, or a date and
    /// time with <c>T</c> or a space between them, a fraction of any length (cut to milliseconds), and <c>Z</c>, an offset, or nothing for UTC.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> utf8, out long ms)
    {
        ms = 0;
        if (utf8.Length < 10 || utf8[4] != '-' || utf8[7] != '-')
            return false;
        var (century, year, month, day) = (Two(utf8, 0), Two(utf8, 2), Two(utf8, 5), Two(utf8, 8));
        // A negative number is a pair that is not two digits.
        if ((century | year | month | day) < 0)
            return false;
        year += century * 100;
        if (year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month))
            return false;
        ms = (new DateTime(year, month, day).Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMillisecond;
        return utf8.Length == 10 || (utf8[10] is (byte)'T' or (byte)' ' && TryParseTime(utf8[11..], ref ms) && IsInRange(ms));
    }

    /// <summary>Writes <c>2026-01-05T10:00:00Z</c>, with milliseconds only where they are not zero.</summary>
    /// <returns>How many bytes were written.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The time is not <see cref="IsInRange"/>.</exception>
    public static int Format(long ms, Span<byte> utf8)
    {
        if (!IsInRange(ms))
            throw new ArgumentOutOfRangeException(nameof(ms), ms, "The time does not lie in the years 1 to 9999.");
        var time = DateTime.UnixEpoch.AddTicks(ms * TimeSpan.TicksPerMillisecond);
        PutTwo(utf8, 0, time.Year / 100);
        PutTwo(utf8, 2, time.Year % 100);
        utf8[4] = (byte)'-';
        PutTwo(utf8, 5, time.Month);
        utf8[7] = (byte)'-';
        PutTwo(utf8, 8, time.Day);
        utf8[10] = (byte)'T';
        PutTwo(utf8, 11, time.Hour);
        utf8[13] = (byte)':';
        PutTwo(utf8, 14, time.Minute);
        utf8[16] = (byte)':';
        PutTwo(utf8, 17, time.Second);
        var length = 19;
        if (time.Millisecond != 0)
        {
            utf8[19] = (byte)'.';
            utf8[20] = (byte)('0' + time.Millisecond / 100);
            PutTwo(utf8, 21, time.Millisecond % 100);
            length = 23;
        }
        utf8[length] = (byte)'Z';
        return length + 1;
    }

    /// <summary>The text of a time as a string; of one that is out of range its number of milliseconds.</summary>
    public static string Format(long ms)
    {
        if (!IsInRange(ms))
            return ms.ToString(System.Globalization.CultureInfo.InvariantCulture);
        Span<byte> utf8 = stackalloc byte[MaxLength];
        return System.Text.Encoding.ASCII.GetString(utf8[..Format(ms, utf8)]);
    }

    /// <summary>Adds a time of day and its offset to the milliseconds of a day.</summary>
    private static bool TryParseTime(ReadOnlySpan<byte> utf8, ref long ms)
    {
        if (!TryParseHourMinute(utf8, out var minutes))
            return false;
        ms += minutes * 60_000L;
        var rest = utf8[5..];
        if (rest.Length >= 3 && rest[0] == ':')
        {
            var second = Two(rest, 1);
            if (second is < 0 or > 59)
                return false;
            ms += second * 1_000;
            rest = rest[3..];
            if (rest.Length > 0 && rest[0] == '.' && !TryParseFraction(ref rest, ref ms))
                return false;
        }
        return TryParseOffset(rest, ref ms);
    }

    private static bool TryParseFraction(ref ReadOnlySpan<byte> rest, ref long ms)
    {
        var digits = 1;
        for (var weight = 100; digits < rest.Length && char.IsAsciiDigit((char)rest[digits]); digits++, weight /= 10)
            ms += (rest[digits] - '0') * weight;
        rest = rest[digits..];
        return digits > 1;
    }

    private static bool TryParseOffset(ReadOnlySpan<byte> rest, ref long ms)
    {
        if (rest.Length == 0 || (rest.Length == 1 && rest[0] == 'Z'))
            return true;
        if (rest.Length != 6 || rest[0] is not ((byte)'+' or (byte)'-') || !TryParseHourMinute(rest[1..], out var minutes))
            return false;
        // A local time ahead of UTC is an earlier instant.
        ms += (rest[0] == '+' ? -minutes : minutes) * 60_000L;
        return true;
    }

    /// <summary>Reads <c>hh:mm</c> at the start as minutes, below one day.</summary>
    private static bool TryParseHourMinute(ReadOnlySpan<byte> utf8, out int minutes)
    {
        minutes = 0;
        if (utf8.Length < 5 || utf8[2] != ':')
            return false;
        var (hour, minute) = (Two(utf8, 0), Two(utf8, 3));
        minutes = hour * 60 + minute;
        return hour is >= 0 and <= 23 && minute is >= 0 and <= 59;
    }

    /// <summary>The number of two digits, or a negative number where they are none.</summary>
    private static int Two(ReadOnlySpan<byte> utf8, int at)
    {
        var (tens, ones) = (utf8[at] - '0', utf8[at + 1] - '0');
        return tens is >= 0 and <= 9 && ones is >= 0 and <= 9 ? tens * 10 + ones : -1;
    }

    private static void PutTwo(Span<byte> utf8, int at, int number)
    {
        utf8[at] = (byte)('0' + number / 10);
        utf8[at + 1] = (byte)('0' + number % 10);
    }
}
