using System.Globalization;

namespace Cep.SampleData;

/// <summary>How values look in the sample files. Whole numbers in, text out: no floating point that could round differently elsewhere.</summary>
internal static class Wire
{
    public const long Second = 1_000;
    public const long Minute = 60 * Second;
    public const long Hour = 60 * Minute;

    /// <summary>Epoch milliseconds of midnight UTC.</summary>
    public static long Midnight(int year, int month, int day) =>
        new DateTimeOffset(year, month, day, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();

    /// <summary><c>2026-03-02T08:15:30.250Z</c>.</summary>
    public static string Utc(long timeMs) =>
        DateTimeOffset.FromUnixTimeMilliseconds(timeMs).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>The same instant on a clock one hour ahead of UTC: <c>2026-03-02T09:15:30.250+01:00</c>.</summary>
    public static string CentralEurope(long timeMs) =>
        DateTimeOffset.FromUnixTimeMilliseconds(timeMs).ToOffset(TimeSpan.FromHours(1)).ToString("yyyy-MM-dd'T'HH:mm:ss.fffzzz", CultureInfo.InvariantCulture);

    /// <summary>1999 cents is <c>19.99</c>.</summary>
    public static string Cents(int cents) => (cents / 100m).ToString("0.00", CultureInfo.InvariantCulture);

    /// <summary>705 tenths is <c>70.5</c>.</summary>
    public static string Tenths(int tenths) => (tenths / 10m).ToString("0.0", CultureInfo.InvariantCulture);

    /// <summary>525200 ten-thousandths of a degree is <c>52.5200</c>.</summary>
    public static string Degrees(int tenThousandths) => (tenThousandths / 10_000m).ToString("0.0000", CultureInfo.InvariantCulture);
}
