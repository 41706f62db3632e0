using System.Text.Json;
using System.Text.Json.Serialization;

namespace Cep.Conformance.Cases;

/// <summary>The case files: <c>../shared/conformance</c> beside the repository, which a plain clone does not have.</summary>
public static class CaseFiles
{
    private static readonly JsonSerializerOptions Format = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>The folder of <c>Cep.sln</c>, found upwards from the test assembly.</summary>
    public static string RepositoryRoot { get; } = Find(new DirectoryInfo(AppContext.BaseDirectory));

    /// <summary>The folder with everything that is shared between projects; it may be absent.</summary>
    public static string Shared { get; } = Path.GetFullPath(Path.Combine(RepositoryRoot, "..", "shared"));

    /// <summary>What is missing, as a sentence; null when the cases are there.</summary>
    public static string? Missing => Directory.Exists(Root) ? null : $"The conformance cases are not there: no folder {Path.GetRelativePath(RepositoryRoot, Root)} beside the repository.";

    /// <summary>Whether a missing folder is a failure: in continuous integration nothing may be skipped.</summary>
    public static bool IsRequired => Environment.GetEnvironmentVariable("CI") == "true";

    /// <summary>The files as <c>folder/name.jsonl</c>, sorted.</summary>
    /// <exception cref="DirectoryNotFoundException">The cases are not there, and they are required.</exception>
    public static IReadOnlyList<string> All()
    {
        if (Missing is { } missing)
            return IsRequired ? throw new DirectoryNotFoundException(missing) : [];
        return new[] { "flink", "random" }
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Root, folder), "*.jsonl").Select(f => folder + "/" + Path.GetFileName(f)))
            .Order(StringComparer.Ordinal).ToArray();
    }

    /// <summary>The cases of one of the files.</summary>
    public static IReadOnlyList<Case> Read(string file) => Parse(File.ReadLines(Path.Combine(Root, file)));

    /// <summary>Reads cases, one JSON object a line.</summary>
    public static IReadOnlyList<Case> Parse(IEnumerable<string> lines) => lines
        .Where(line => !string.IsNullOrWhiteSpace(line))
        .Select(line => JsonSerializer.Deserialize<Case>(line, Format) ?? throw new InvalidDataException("A line holds no case: " + line))
        .ToArray();

    /// <summary>The cases of a document <c>{"cases": […]}</c>, as one line each.</summary>
    public static IReadOnlyList<string> Lines(string document)
    {
        using var json = JsonDocument.Parse(document);
        return json.RootElement.GetProperty("cases").EnumerateArray().Select(c => c.GetRawText().ReplaceLineEndings(" ")).ToArray();
    }

    /// <summary>A part of a case, on one line.</summary>
    public static string Write(object part) => JsonSerializer.Serialize(part, part.GetType(), Format);

    private static string Root => Path.Combine(Shared, "conformance");

    private static string Find(DirectoryInfo? folder)
    {
        for (; folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Cep.sln")))
                return folder.FullName;
        }
        throw new DirectoryNotFoundException($"No folder above {AppContext.BaseDirectory} holds Cep.sln.");
    }
}
