using System.Diagnostics;
using System.Text;
using Xunit;

namespace Cep.Cli.Tests;

public sealed class CliSignalTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly TemporaryFolder _folder = new();
    private readonly string _rules;

    public CliSignalTests() => _rules = _folder.Write(
        "rules.cep", "stream ticks { n int ts timestamp watermark for ts delay 0s } rule every { from ticks match t: ticks within 1s }");

    public void Dispose() => _folder.Dispose();

    private static string Ticks(int first, int count) => string.Concat(Enumerable.Range(first, count).Select(n => $"{{\"n\":{n},\"ts\":{n * 1000L}}}\n"));

    private Process Start()
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(false), StandardOutputEncoding = Encoding.UTF8, StandardErrorEncoding = Encoding.UTF8,
        };
        foreach (var arg in new[] { Path.Combine(AppContext.BaseDirectory, "Cep.Cli.dll"), "run", _rules, "--input", "-" })
            start.ArgumentList.Add(arg);
        return Process.Start(start)!;
    }

    /// <summary>Whether whoever started the tests has interruptions ignored, as a shell does for what it runs in the background: the tool then ignores them too.</summary>
    private static bool IsInterruptIgnored =>
        File.Exists("/proc/self/status")
        && File.ReadLines("/proc/self/status").First(line => line.StartsWith("SigIgn:", StringComparison.Ordinal)) is var line
        && (Convert.ToUInt64(line["SigIgn:".Length..].Trim(), 16) & 1UL << 1) != 0;

    private static int ExitCodeOf(Process process)
    {
        if (process.WaitForExit(Patience))
            return process.ExitCode;
        process.Kill();
        throw new TimeoutException($"The tool still ran after {Patience}.");
    }

    [Fact]
    public void Matches_of_a_live_input_come_at_once_and_an_interruption_flushes_and_sums_up()
    {
        using var process = Start();
        process.StandardInput.Write(Ticks(1, 10));
        process.StandardInput.Flush();
        var first = process.StandardOutput.ReadLine();
        var (signal, expected) = IsInterruptIgnored ? ("-TERM", 143) : ("-INT", 130);
        using var kill = Process.Start("kill", [signal, $"{process.Id}"]);

        var exitCode = ExitCodeOf(process);

        Assert.Contains("\"n\":1,", first);
        Assert.Equal(expected, exitCode);
        Assert.Contains("matches   timeouts", process.StandardError.ReadToEnd());
    }

    [Fact]
    public void A_reader_that_has_had_enough_ends_the_run_quietly()
    {
        using var process = Start();
        process.StandardInput.Write(Ticks(1, 10));
        process.StandardInput.Flush();
        process.StandardOutput.ReadLine();
        process.StandardOutput.Close();
        try
        {
            for (var n = 11; !process.HasExited; n += 1_000)
                process.StandardInput.Write(Ticks(n, 1_000));
        }
        catch (IOException)
        {
            // The tool reads no more: it has ended.
        }

        Assert.Equal((0, ""), (ExitCodeOf(process), process.StandardError.ReadToEnd()));
    }
}
