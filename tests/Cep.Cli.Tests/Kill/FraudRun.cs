using System.Diagnostics;
using Cep.SampleData;

namespace Cep.Cli.Tests.Kill;

/// <summary>Days of the fraud sample's events, on the disk for as long as the tests of a class run.</summary>
public sealed class FraudDays : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <param name="days">About 5,400 events each.</param>
    public FraudDays(int days) => FraudDay.Write(_folder.FullName, days);

    /// <summary>The events.</summary>
    public IEnumerable<string> Inputs => new[] { "auths.jsonl", "orders.csv", "shipments.jsonl" }.Select(f => _folder[f]);

    /// <summary>The file of the payments.</summary>
    public string Auths => _folder["auths.jsonl"];

    public void Dispose() => _folder.Dispose();
}

/// <summary>Runs of the fraud rules that write into one folder, each going on where the one before it ended.</summary>
/// <param name="days">The input.</param>
/// <param name="folder">Where outputs and checkpoints lie.</param>
/// <param name="rules">The rules; null for those of the sample.</param>
internal sealed class FraudRun(FraudDays days, string folder, string? rules = null)
{
    private static readonly string[] Names = ["matches", "timeouts", "late", "malformed"];

    /// <summary>The checkpoint folder.</summary>
    public string Checkpoints => Path.Combine(folder, "checkpoints");

    /// <summary>The file of the matches.</summary>
    public string Matches => Path.Combine(folder, Names[0]);

    /// <summary>Starts a run.</summary>
    /// <param name="interval">Between checkpoints; null to take none.</param>
    /// <param name="parallelism">The number of subtasks.</param>
    /// <param name="more">Other options.</param>
    public Process Start(string? interval, int parallelism = 2, params string[] more)
    {
        string[] checkpoints = interval is null ? [] : ["--checkpoint", Checkpoints, "--checkpoint-interval", interval];
        return CepProcess.Start(["run", rules ?? Repository.Sample("fraud", ""), "--input", .. days.Inputs, "--parallelism", $"{parallelism}", .. Outputs(), .. checkpoints, .. more]);
    }

    /// <summary>What is wrong with the outputs, beside those of another run; null when they are the same, byte for byte.</summary>
    public string? DifferenceTo(FraudRun other)
    {
        foreach (var name in Names)
        {
            var (mine, theirs) = (File.ReadAllBytes(Path.Combine(folder, name)), File.ReadAllBytes(other.PathOf(name)));
            if (!mine.AsSpan().SequenceEqual(theirs))
                return $"{name}: {mine.Length} bytes instead of {theirs.Length}, the same up to byte {mine.AsSpan().CommonPrefixLength(theirs)}";
            if (File.Exists(PathOf(name) + ".staged"))
                return $"{name} has a staged file although all is committed";
        }
        return null;
    }

    private string PathOf(string name) => Path.Combine(folder, name);

    private IEnumerable<string> Outputs() =>
        ["--output", PathOf(Names[0]), "--timeouts", PathOf(Names[1]), "--late", PathOf(Names[2]), "--malformed", PathOf(Names[3])];
}
