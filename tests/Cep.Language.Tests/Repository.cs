using Cep.Language.Text;

namespace Cep.Language.Tests;

/// <summary>The checked-out repository that the tests run in.</summary>
internal static class Repository
{
    /// <summary>The folder with the solution file.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Reads a file that a list of the sample rules names, whatever the rule file is called.</summary>
    public static SourceText? ReadSampleList(SourceText rules, string path) => Directory.GetDirectories(Path.Combine(Root, "sample-rules"))
        .Select(folder => Path.Combine(folder, path)).Where(File.Exists).Select(file => SourceText.FromUtf8(path, File.ReadAllBytes(file))).FirstOrDefault();

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Cep.sln")))
            folder = folder.Parent ?? throw new InvalidOperationException("The tests run outside of the repository.");
        return folder.FullName;
    }
}
