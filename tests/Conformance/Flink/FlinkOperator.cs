using System.Diagnostics;
using Cep.Conformance.Cases;

namespace Cep.Conformance.Flink;

/// <summary>
/// Apache Flink's own CEP operator, asked about freshly generated cases: the programs of <c>../shared/flink</c>, which need Java and Python.
/// </summary>
internal static class FlinkOperator
{
    /// <summary>A case that Flink does not finish goes on using memory, and the cases after it in the same process get no answer in the end.</summary>
    private const int CasesPerProcess = 50;

    /// <summary>The profiles of patterns that can be generated.</summary>
    public static IReadOnlyList<string> Profiles { get; } = ["local", "iterative", "skip", "time", "group", "mixed"];

    /// <summary>What is missing, as a sentence; null when Flink can be asked.</summary>
    public static string? Missing =>
        !File.Exists(Program("ask")) ? $"Flink's operator is not there: no file {Path.GetRelativePath(CaseFiles.RepositoryRoot, Program("ask"))} beside the repository."
        : !IsOnPath("java") ? "Flink's operator needs Java: no `java` on the path."
        : !IsOnPath("python3") ? "Asking Flink's operator needs Python: no `python3` on the path."
        : null;

    /// <summary>Generates cases and lets Flink answer them; those that Flink refuses or does not finish are left out.</summary>
    public static IReadOnlyList<Case> Ask(int seed, int count, string profile)
    {
        var generated = CaseFiles.Lines(Run("python3", Program("random_cases.py"), seed.ToString(), count.ToString(), profile));
        var answered = generated.Chunk(CasesPerProcess).SelectMany(Answer).Where(c => c.Expect.Refused is null).ToArray();
        return answered.Length > 0 ? answered : throw new InvalidOperationException($"Flink's operator answered none of {count} cases.");
    }

    private static IReadOnlyList<Case> Answer(string[] cases)
    {
        var asked = Path.Combine(Path.GetTempPath(), $"flink-{Guid.NewGuid():N}.jsonl");
        try
        {
            File.WriteAllLines(asked, cases);
            return CaseFiles.Parse(Run("python3", Program("ask"), asked).Split('\n'));
        }
        finally
        {
            File.Delete(asked);
        }
    }

    private static string Program(string name) => Path.Combine(CaseFiles.Shared, "flink", name);

    private static bool IsOnPath(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Any(folder => File.Exists(Path.Combine(folder, program)));

    private static string Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{program} {string.Join(" ", arguments)} failed: {errors.Result}");
    }
}
