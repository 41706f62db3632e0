using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace Cep.Cli.Tests;

/// <summary>The files that one run over a sample wrote.</summary>
/// <param name="Folder">Where they lie.</param>
internal sealed record SampleRun(string Folder)
{
    public string Matches => Path.Combine(Folder, "matches");

    public string Timeouts => Path.Combine(Folder, "timeouts");

    public string Late => Path.Combine(Folder, "late");

    public string Malformed => Path.Combine(Folder, "malformed");

    public static IEnumerable<JsonNode> Parse(string file) => File.ReadLines(file).Select(line => JsonNode.Parse(line)!);
}

/// <summary>Runs rules over events, each combination once; what the runs wrote is there until the tests of a class are over.</summary>
public sealed class SampleRuns : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ConcurrentDictionary<string, Lazy<SampleRun>> _runs = new();

    public void Dispose() => _folder.Dispose();

    /// <param name="name">Tells these rules and inputs from others.</param>
    /// <param name="rules">A rule file, or a folder of them.</param>
    /// <param name="inputs">Files of events.</param>
    /// <param name="parallelism">The number of threads that match.</param>
    internal SampleRun Of(string name, string rules, IEnumerable<string> inputs, int parallelism) =>
        _runs.GetOrAdd($"{name}-{parallelism}", folder => new(() => Run(_folder[folder], rules, inputs, parallelism))).Value;

    private static SampleRun Run(string folder, string rules, IEnumerable<string> inputs, int parallelism)
    {
        var run = new SampleRun(Directory.CreateDirectory(folder).FullName);
        var result = CepProcess.Run(
            ["run", rules, "--input", .. inputs, "--parallelism", $"{parallelism}",
            "--output", run.Matches, "--timeouts", run.Timeouts, "--late", run.Late, "--malformed", run.Malformed]);
        return result.ExitCode == 0 ? run : throw new InvalidOperationException($"cep run {rules} ended with {result.ExitCode}: {result.Error}");
    }
}
