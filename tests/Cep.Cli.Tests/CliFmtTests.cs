using System.Runtime.Versioning;
using System.Text;
using Xunit;

namespace Cep.Cli.Tests;

public sealed class CliFmtTests : IDisposable
{
    private const string Untidy = "stream a{ts timestamp // when\r\n  processing time}\r\n";
    private const string Tidy = "stream a {\n    ts  timestamp  // when\n    processing time\n}\n";
    private const string Wrong = "stream a {\n  ts timestamp,\n}\n";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Files_are_formatted_in_place_and_those_that_change_are_listed()
    {
        var untidy = _folder.Write("b.cep", Untidy);
        var tidy = _folder.Write("a.cep", Tidy);
        var before = new DateTime(2026, 1, 5, 0, 0, 0, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc(tidy, before);

        var result = CepProcess.Run("fmt", _folder.FullName);

        Assert.Equal((0, untidy + "\n", "1 of 2 files formatted\n"), (result.ExitCode, result.Output, result.Error));
        Assert.Equal((Tidy, Tidy), (File.ReadAllText(untidy), File.ReadAllText(tidy)));
        Assert.Equal(before, File.GetLastWriteTimeUtc(tidy));
        Assert.Equal(2, Directory.GetFiles(_folder.FullName).Length);
    }

    [Fact]
    public void Check_changes_nothing_and_has_an_exit_code_of_its_own()
    {
        var untidy = _folder.Write("b.cep", Untidy);
        _folder.Write("a.cep", Tidy);

        var result = CepProcess.Run("fmt", "--check", _folder.FullName);

        Assert.Equal((5, untidy + "\n", "1 of 2 files would change\n"), (result.ExitCode, result.Output, result.Error));
        Assert.Equal(Untidy, File.ReadAllText(untidy));
        Assert.Equal((0, ""), CepProcess.Run("fmt", "--check", _folder["a.cep"]) is var tidy ? (tidy.ExitCode, tidy.Output) : default);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void File_with_syntax_errors_is_left_as_it_is_and_told(bool isCheck)
    {
        var wrong = _folder.Write("a.cep", Wrong);
        var untidy = _folder.Write("b.cep", Untidy);

        var result = CepProcess.Run(["fmt", _folder.FullName, .. isCheck ? ["--check"] : Array.Empty<string>()]);

        Assert.Equal((1, untidy + "\n"), (result.ExitCode, result.Output));
        Assert.StartsWith($"{wrong}:2:15: error CEP0110: ", result.Error);
        Assert.EndsWith($"\n1 error; 1 of 2 files {(isCheck ? "would change" : "formatted")}\n", result.Error);
        Assert.Equal((Wrong, isCheck ? Untidy : Tidy), (File.ReadAllText(wrong), File.ReadAllText(untidy)));
    }

    [Fact]
    public void Standard_input_is_formatted_to_standard_output()
    {
        Check(Untidy, (0, Tidy, ""), "fmt", "-");
        Check(Tidy, (0, "", ""), "fmt", "-", "--check");
        Check(Untidy, (5, "", ""), "fmt", "-", "--check");
        Assert.Equal((1, ""), CepProcess.RunWithInput(Encoding.UTF8.GetBytes(Wrong), "fmt", "-") is var wrong ? (wrong.ExitCode, wrong.Output) : default);
        Assert.Equal(2, CepProcess.RunWithInput([], "fmt", "-", _folder.FullName).ExitCode);

        static void Check(string input, (int, string, string) expected, params string[] args)
        {
            var result = CepProcess.RunWithInput(Encoding.UTF8.GetBytes(input), args);
            Assert.Equal(expected, (result.ExitCode, result.Output, result.Error));
        }
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void Link_stays_a_link_and_permissions_stay()
    {
        var target = _folder.Write("target.txt", Untidy);
        File.SetUnixFileMode(target, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        File.CreateSymbolicLink(_folder["link.cep"], target);

        Assert.Equal(0, CepProcess.Run("fmt", _folder["link.cep"]).ExitCode);

        Assert.Equal(target, new FileInfo(_folder["link.cep"]).LinkTarget);
        Assert.Equal((Tidy, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead), (File.ReadAllText(target), File.GetUnixFileMode(target)));
    }

    [Fact]
    public void Samples_are_in_the_canonical_layout()
    {
        var result = CepProcess.Run("fmt", "--check", Repository.Sample());

        Assert.Equal((0, ""), (result.ExitCode, result.Output));
    }
}
