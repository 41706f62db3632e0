using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text;
using System.Text.RegularExpressions;

namespace Cep.Conditions;

/// <summary>What compiled expressions call. A public method named after a <see cref="Function"/> is its code, for arguments that are not null.</summary>
internal static class FunctionCode
{
    private const double EarthRadiusKm = 6371.0088;

    internal static Truth AsTruth(bool? value) => value is { } known ? known ? Truth.True : Truth.False : Truth.Unknown;

    // ---- text

    internal static bool? TextEquals(string? a, string? b) => a is null || b is null ? null : string.Equals(a, b);

    internal static int? CompareText(string? a, string? b) => a is null || b is null ? null : string.CompareOrdinal(a, b);

    internal static string? Concat(string? a, string? b) => a is null || b is null ? null : a + b;

    internal static bool? Contains(string? text, string? part) => text is null || part is null ? null : text.Contains(part, StringComparison.Ordinal);

    internal static bool? StartsWith(string? text, string? part) => text is null || part is null ? null : text.StartsWith(part, StringComparison.Ordinal);

    internal static bool? EndsWith(string? text, string? part) => text is null || part is null ? null : text.EndsWith(part, StringComparison.Ordinal);

    internal static bool? Matches(string? text, Regex pattern) => text is null ? null : pattern.IsMatch(text);

    /// <summary>A <c>like</c> pattern as a regular expression over the whole text.</summary>
    internal static Regex LikeRegex(string pattern)
    {
        var regex = new StringBuilder(@"\A");
        foreach (var c in pattern)
            regex.Append(c switch { '%' => ".*", '_' => ".", _ => Regex.Escape(c.ToString()) });
        return new Regex(regex.Append(@"\z").ToString(), RegexOptions.NonBacktracking | RegexOptions.Singleline | RegexOptions.CultureInvariant);
    }

    internal static bool? InTexts(FrozenSet<string> set, string? value) => value is null ? null : set.Contains(value);

    internal static bool? InValues<T>(FrozenSet<T> set, T? value) where T : struct => value is { } known ? set.Contains(known) : null;

    /// <summary>Unknown where the text is no address.</summary>
    internal static bool? InAddresses(AddressSet set, string? value) => value is not null && AddressText.TryParse(value, out var address) ? set.Contains(address) : null;

    public static string Lower(string s) => s.ToLowerInvariant();

    public static string Upper(string s) => s.ToUpperInvariant();

    public static string Trim(string s) => s.Trim();

    public static long Length(string s) => s.Length;

    public static string Substring(string s, long start) => s[(int)Math.Clamp(start, 0, s.Length)..];

    public static string Substring(string s, long start, long length)
    {
        // What lies before the text counts as part of the length.
        var end = (int)Int128.Clamp((Int128)start + length, 0, s.Length);
        var from = (int)Math.Clamp(start, 0, s.Length);
        return from < end ? s[from..end] : "";
    }

    public static string Replace(string s, string from, string to) => from.Length == 0 ? s : s.Replace(from, to, StringComparison.Ordinal);

    // ---- aggregates

    internal static long CountOf(object? set) => ((ImmutableHashSet<object>?)set)?.Count ?? 0;

    internal static double? StdDev(long count, double squares) => count < 2 ? null : Math.Sqrt(squares / (count - 1));

    internal static T? Greatest<T>(T? a, T? b) where T : struct => a is null ? b : b is null || Comparer<T>.Default.Compare(a.Value, b.Value) >= 0 ? a : b;

    internal static T? Least<T>(T? a, T? b) where T : struct => a is null ? b : b is null || Comparer<T>.Default.Compare(a.Value, b.Value) <= 0 ? a : b;

    internal static string? GreatestText(string? a, string? b) => a is null ? b : b is null || string.CompareOrdinal(a, b) >= 0 ? a : b;

    internal static string? LeastText(string? a, string? b) => a is null ? b : b is null || string.CompareOrdinal(a, b) <= 0 ? a : b;

    // ---- numbers

    public static long Abs(long x) => Math.Abs(x);

    public static double Abs(double x) => Math.Abs(x);

    public static decimal Abs(decimal x) => Math.Abs(x);

    public static long Ceil(long x) => x;

    public static double Ceil(double x) => Math.Ceiling(x);

    public static decimal Ceil(decimal x) => Math.Ceiling(x);

    public static long Floor(long x) => x;

    public static double Floor(double x) => Math.Floor(x);

    public static decimal Floor(decimal x) => Math.Floor(x);

    public static long Round(long x) => x;

    public static double Round(double x) => Math.Round(x);

    public static decimal Round(decimal x) => Math.Round(x);

    public static long Round(long x, long digits) => x;

    public static double Round(double x, long digits) => Math.Round(x, (int)Math.Clamp(digits, 0, 15));

    public static decimal Round(decimal x, long digits) => Math.Round(x, (int)Math.Clamp(digits, 0, 15));

    public static double? Sqrt(double x) => x < 0 ? null : Math.Sqrt(x);

    public static double Pow(double x, double y) => Math.Pow(x, y);

    public static double? Ln(double x) => x <= 0 ? null : Math.Log(x);

    public static double Exp(double x) => Math.Exp(x);

    /// <summary>The haversine formula.</summary>
    public static double DistanceKm(double lat1, double lon1, double lat2, double lon2)
    {
        var (phi1, phi2) = (double.DegreesToRadians(lat1), double.DegreesToRadians(lat2));
        var half1 = Math.Sin((phi2 - phi1) / 2);
        var half2 = Math.Sin(double.DegreesToRadians(lon2 - lon1) / 2);
        var chord = half1 * half1 + Math.Cos(phi1) * Math.Cos(phi2) * half2 * half2;
        return 2 * EarthRadiusKm * Math.Asin(Math.Min(1, Math.Sqrt(chord)));
    }

    // ---- time

    public static long Hour(long ms) => FloorMod(ms, 86_400_000) / 3_600_000;

    public static long Minute(long ms) => FloorMod(ms, 3_600_000) / 60_000;

    /// <summary>Day 0 of Unix time was a Thursday.</summary>
    public static long DayOfWeek(long ms) => FloorMod(FloorDiv(ms, 86_400_000) + 3, 7) + 1;

    public static long DateDiff(string unit, long from, long to) => (to - from) / Functions.Units[unit];

    private static long FloorMod(long a, long b) => ((a % b) + b) % b;

    private static long FloorDiv(long a, long b) => (a - FloorMod(a, b)) / b;
}
