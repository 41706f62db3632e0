using System.Globalization;
using Cep.Engine.Checkpoints;

namespace Cep.Cli.Run;

/// <summary>The words in which checkpoints are told.</summary>
internal static class CheckpointWords
{
    /// <summary>Such as <c>checkpoint 17 of 14:02:11</c>, in local time; with the date when that is not today.</summary>
    public static string Name(Manifest manifest) => $"{(manifest.IsSavepoint ? "savepoint" : "checkpoint")} {manifest.CheckpointId} of {Time(manifest.CreatedMs, TimeProvider.System)}";

    /// <summary>Such as <c>1,234,567 events</c>.</summary>
    public static string Count(long count, string noun) => $"{count.ToString("N0", CultureInfo.InvariantCulture)} {noun}{(count == 1 ? "" : "s")}";

    /// <summary>Such as <c>812 bytes</c>, <c>3.4 MB</c>.</summary>
    public static string Size(long bytes) => bytes switch
    {
        < 10_000 => Count(bytes, "byte"),
        < 10_000_000 => (bytes / 1e3).ToString("N1", CultureInfo.InvariantCulture) + " kB",
        _ => (bytes / 1e6).ToString("N1", CultureInfo.InvariantCulture) + " MB",
    };

    /// <summary>A moment on the clock of whoever reads it: <c>14:02:11</c>, or <c>2026-03-02 14:02:11</c> for another day.</summary>
    public static string Time(long ms, TimeProvider clock)
    {
        var time = TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeMilliseconds(ms), clock.LocalTimeZone);
        var format = time.Date == clock.GetLocalNow().Date ? "HH:mm:ss" : "yyyy-MM-dd HH:mm:ss";
        return time.ToString(format, CultureInfo.InvariantCulture);
    }
}
