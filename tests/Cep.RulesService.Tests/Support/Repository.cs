namespace Cep.RulesService.Tests.Support;

/// <summary>The checked-out project.</summary>
internal static class Repository
{
    /// <summary>Its folder.</summary>
    public static string Root { get; } = Find();

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Cep.sln")))
                return folder.FullName;
        }
        throw new InvalidOperationException("No folder above the tests has Cep.sln.");
    }
}
