using System.Diagnostics;
using System.Text;

namespace Cep.Cli.Tests;

/// <summary>What a process left behind.</summary>
internal sealed record ProcessResult(int ExitCode, string Output, string Error)
{
    public string[] OutputLines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}

/// <summary>Runs <c>dotnet</c> as a process of its own, to its end.</summary>
internal static class DotnetProcess
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>Gives it standard input, and what it writes back.</summary>
    public static ProcessResult Run(string folder, byte[] standardInput, IReadOnlyDictionary<string, string?> environment, params IEnumerable<string> args)
    {
        using var process = Start(folder, environment, args);
        process.StandardInput.BaseStream.Write(standardInput);
        return ToEnd(process);
    }

    /// <summary>Starts it, with all its standard streams redirected.</summary>
    public static Process Start(string folder, IReadOnlyDictionary<string, string?> environment, params IEnumerable<string> args)
    {
        // DOTNET_HOST_PATH is the dotnet that runs the tests; one found on the path may be another.
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", args)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return Process.Start(start)!;
    }

    /// <summary>Gives it no more input, and waits until it has ended.</summary>
    public static ProcessResult ToEnd(Process process)
    {
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        process.StandardInput.Close();
        if (!process.WaitForExit(Patience))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{process.StartInfo.FileName} {string.Join(' ', process.StartInfo.ArgumentList)} still ran after {Patience}.");
        }
        return new ProcessResult(process.ExitCode, output.Result, error.Result);
    }
}
