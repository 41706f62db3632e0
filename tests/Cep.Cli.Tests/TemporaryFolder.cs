namespace Cep.Cli.Tests;

/// <summary>A folder of its own for one test, gone when the test is over.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cep-cli-tests-");

    public string FullName => _folder.FullName;

    public string this[string fileName] => Path.Combine(_folder.FullName, fileName);

    public string Write(string fileName, string text)
    {
        File.WriteAllText(this[fileName], text);
        return this[fileName];
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
