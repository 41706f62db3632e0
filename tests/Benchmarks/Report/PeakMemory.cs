using System.Diagnostics;

namespace Cep.Benchmarks.Report;

/// <summary>The greatest resident memory of the process since the last reset.</summary>
/// <remarks>Linux keeps it and lets it be reset; on other systems it is the peak since the process began.</remarks>
internal static class PeakMemory
{
    private const string ResetFile = "/proc/self/clear_refs";
    private const string StatusFile = "/proc/self/status";
    private const string Field = "VmHWM:";

    public static long Bytes => OperatingSystem.IsLinux() ? ReadKib() * 1024 : Process.GetCurrentProcess().PeakWorkingSet64;

    public static void Reset()
    {
        // "5" resets the peak; see proc(5).
        if (OperatingSystem.IsLinux())
            File.WriteAllText(ResetFile, "5");
    }

    private static long ReadKib()
    {
        var line = File.ReadLines(StatusFile).Single(l => l.StartsWith(Field, StringComparison.Ordinal));
        return long.Parse(line[Field.Length..].Replace("kB", "", StringComparison.Ordinal));
    }
}
