namespace Cep.Tidy;

/// <summary>The checked-out project that the tests look at.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>The projects that are shipped, by name, with their folders.</summary>
    public static IReadOnlyDictionary<string, string> Projects { get; } = new[] { "engine", "cep", "rules-service" }
        .SelectMany(folder => Directory.GetFiles(Path.Combine(Root, folder), "*.csproj", SearchOption.AllDirectories))
        .ToDictionary(p => Path.GetFileNameWithoutExtension(p), p => Path.GetDirectoryName(p)!);

    /// <summary>Sources under a folder, without what is built.</summary>
    public static IEnumerable<string> Sources(string folder) => Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
        .Where(f => !Relative(f).Split('/').Any(part => part is "bin" or "obj"));

    public static IEnumerable<string> ShippedSources => Projects.Values.SelectMany(Sources);

    public static IEnumerable<string> AllSources => ShippedSources.Concat(Sources(Path.Combine(Root, "tests"))).Concat(Sources(Path.Combine(Root, "sample-rules")));

    public static string Relative(string path) => Path.GetRelativePath(Root, path).Replace('\\', '/');

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Cep.sln")))
                return folder.FullName;
        }
        throw new InvalidOperationException("No folder above the tests has Cep.sln.");
    }
}
