using System.Diagnostics;

namespace Cep.Cli.Tests;

/// <summary>Runs the built command line as a user would, as a process of its own, in the repository's root.</summary>
internal static class CepProcess
{
    private static readonly Dictionary<string, string?> Plain = new() { ["NO_COLOR"] = "1" };

    public static ProcessResult Run(params string[] args) => RunWithInput([], args);

    /// <summary>Starts it; <see cref="DotnetProcess.ToEnd"/> waits for it.</summary>
    public static Process Start(params IEnumerable<string> args) => DotnetProcess.Start(Repository.Root, Plain, [Path.Combine(AppContext.BaseDirectory, "Cep.Cli.dll"), .. args]);

    public static ProcessResult RunWithInput(byte[] standardInput, params string[] args) =>
        DotnetProcess.Run(Repository.Root, standardInput, Plain, [Path.Combine(AppContext.BaseDirectory, "Cep.Cli.dll"), .. args]);
}
