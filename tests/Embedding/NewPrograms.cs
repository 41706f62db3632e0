namespace Cep.Embedding;

/// <summary>A folder outside the repository where programs are made, built and run as a user does: on the package, with the commands of the README.</summary>
/// <remarks>Packages come from that folder alone, and stay in it: nothing is asked of a network, and nothing old is taken from a cache.</remarks>
public sealed class NewPrograms : IDisposable
{
    private const string Feed = "packages";

    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, string?> _environment;

    /// <summary>Packs the library as it was built for this test.</summary>
    public NewPrograms()
    {
        _environment = Environment.GetEnvironmentVariables().Keys.Cast<string>()
            .Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToDictionary(name => name, _ => (string?)null);
        foreach (var (name, value) in new[]
                 {
                     ("NUGET_PACKAGES", _folder["restored"]), ("DOTNET_NOLOGO", "1"), ("NO_COLOR", "1"), ("DOTNET_CLI_TELEMETRY_OPTOUT", "1"),
                     // A server that stays behind would hold the ends of the pipes.
                     ("MSBUILDDISABLENODEREUSE", "1"), ("DOTNET_CLI_USE_MSBUILD_SERVER", "0"), ("UseSharedCompilation", "false"),
                 })
            _environment[name] = value;
        _folder.Write("NuGet.config", $"""<configuration><packageSources><clear /><add key="{Feed}" value="{Feed}" /></packageSources></configuration>""");

        var pack = Readme.Commands[0];
        Assert.Equal(["dotnet", "pack", "cep/Cep", "--output", Feed], pack);
        Dotnet(Repository.Root, "", [.. pack[1..^1], _folder[Feed], "--no-build", "--configuration", Configuration]);
    }

    private static string Configuration => new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    /// <summary>Makes a program from a template and gives it the package.</summary>
    public void Create(string name, string template, string program)
    {
        var (create, add) = (Readme.Commands[1], Readme.Commands[2]);
        Assert.Equal(["dotnet", "new", "console", "--output", "Alerts"], create);
        Assert.Equal(["dotnet", "add", "Alerts", "package", "Cep", "--source", "$PWD/" + Feed], add);
        Dotnet(_folder.FullName, "", "new", template, "--output", name);
        Dotnet(_folder.FullName, "", "add", name, "package", "Cep", "--source", _folder[Feed]);
        Write(Path.Combine(name, "Program.cs"), program);
    }

    /// <summary>Adds or replaces a file.</summary>
    public void Write(string file, string text) => _folder.Write(file, text);

    /// <summary>Builds and runs a program; a warning of the compiler is an error.</summary>
    /// <returns>What it prints.</returns>
    public string Run(string name, string standardInput = "") =>
        Dotnet(_folder.FullName, standardInput, "run", "--project", name, "--no-launch-profile", "--property:TreatWarningsAsErrors=true");

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();

    private string Dotnet(string folder, string standardInput, params string[] args)
    {
        var result = DotnetProcess.Run(folder, System.Text.Encoding.UTF8.GetBytes(standardInput), _environment, args);
        Assert.True(result.ExitCode == 0, $"dotnet {string.Join(' ', args)}\n{result.Output}{result.Error}");
        return result.Output.ReplaceLineEndings("\n");
    }
}
