using System.Diagnostics;
using System.Text;

namespace Cep.Cli.Tests;

/// <summary>What a run of the command line left behind.</summary>
internal sealed record CepResult(int ExitCode, string Output, string Error)
{
    public string[] OutputLines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}

/// <summary>Runs the built command line as a user would, as a process of its own, in the repository's root.</summary>
internal static class CepProcess
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    public static CepResult Run(params string[] args) => RunWithInput([], args);

    public static CepResult RunWithInput(byte[] standardInput, params string[] args)
    {
        // DOTNET_HOST_PATH is the dotnet that runs the tests; one found on the path may be another.
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            WorkingDirectory = Repository.Root,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        start.Environment["NO_COLOR"] = "1";
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "Cep.Cli.dll"));
        foreach (var arg in args) start.ArgumentList.Add(arg);

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        process.StandardInput.BaseStream.Write(standardInput);
        process.StandardInput.Close();
        if (!process.WaitForExit(Patience))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"cep {string.Join(' ', args)} still ran after {Patience}.");
        }

        return new CepResult(process.ExitCode, output.Result, error.Result);
    }
}
