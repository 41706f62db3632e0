namespace Cep.Cli.Tests;

/// <summary>Where things lie: this repository, and the recorded data that may lie beside it.</summary>
internal static class Repository
{
    /// <summary>The folder with the solution file.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The folder of recorded data, outside this repository; it need not exist.</summary>
    public static string SharedData { get; } = Path.Combine(Path.GetDirectoryName(Root)!, "shared", "data");

    public static string Sample(params string[] parts) => Path.Combine([Root, "sample-rules", .. parts]);

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Cep.sln"))) return folder.FullName;
        throw new DirectoryNotFoundException($"No folder above {AppContext.BaseDirectory} holds Cep.sln.");
    }
}
