using System.Globalization;

namespace Cep.Benchmarks.Report;

/// <summary>Numbers in cells.</summary>
internal static class Format
{
    public static string Count(long value) => Text(value, "N0");

    public static string Millions(double value) => Text(value / 1e6, "N2") + " M";

    public static string Percent(double ratio) => Text(ratio, ratio < 0.1 ? "P1" : "P0");

    public static string Bytes(double value) => Text(value, "N1");

    public static string Mebibytes(long bytes) => Text(bytes / (double)(1 << 20), "N0");

    private static string Text(IFormattable value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
