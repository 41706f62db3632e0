using Xunit;

namespace Cep.Cli.Tests;

public sealed class CliCheckTests : IDisposable
{
    private const string Stream = "stream auths { card_id string amount decimal ts timestamp watermark for ts delay 5s }\n";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Rules_without_errors_are_counted()
    {
        _folder.Write("streams.cep", Stream);
        _folder.Write("rule.cep", "rule big { from auths key card_id match a: auths where amount > 5 within 1m }");

        var result = CepProcess.Run("check", _folder.FullName);

        Assert.Equal((0, "ok: 1 rule, 1 stream in 2 files\n", ""), (result.ExitCode, result.Output, result.Error));
    }

    [Fact]
    public void Every_error_is_printed_with_its_place_and_counted()
    {
        var file = _folder.Write("rules.cep", Stream + "rule big { from auths key card_id match a: auths where amout > 5 -> b: auth within 1m }\n");

        var result = CepProcess.Run("check", file);

        Assert.Equal(1, result.ExitCode);
        Assert.StartsWith($"{file}:2:56: error ", result.Output);
        Assert.Contains("\n      = help: did you mean `amount`?\n\n", result.Output);
        Assert.EndsWith("\n2 errors in 1 file\n", result.Output);
        Assert.Equal("", result.Error);
    }

    [Fact]
    public void A_warning_is_no_error()
    {
        var file = _folder.Write("rules.cep", Stream + "rule many { from auths key card_id match a: auths -> b+: auths within 1m }");

        var result = CepProcess.Run("check", file);

        Assert.Equal(0, result.ExitCode);
        Assert.Contains(": warning ", result.Output);
        Assert.EndsWith("\nok: 1 rule, 1 stream in 1 file, 1 warning\n", result.Output);
    }

    [Fact]
    public void Files_are_read_in_ordinal_order_and_once_and_those_of_folders_below_too()
    {
        Directory.CreateDirectory(_folder["sub"]);
        var b = _folder.Write("b.cep", "oops");
        _folder.Write("B.cep", "oops");
        _folder.Write(Path.Combine("sub", "a.cep"), "oops");
        _folder.Write("notes.txt", "oops");

        var result = CepProcess.Run("check", _folder.FullName, b);

        var files = result.OutputLines.Where(l => l.Contains(": error ")).Select(l => Path.GetRelativePath(_folder.FullName, l[..l.IndexOf(':')]));
        Assert.Equal(["B.cep", "b.cep", "sub/a.cep"], files);
        Assert.EndsWith("3 errors in 3 files\n", result.Output);
    }

    [Fact]
    public void A_wrong_call_is_told_on_standard_error_and_is_no_rule_error()
    {
        Check("There is no file or folder `nowhere`.", "check", "nowhere");
        Check($"There are no `.cep` files in the folder `{_folder.FullName}`.", "check", _folder.FullName);
        Check("There is no option `--quite`.", "check", "nowhere", "--quite");
        Check("No rules are given: name rule files or folders first, before the options.", "run", "--input", "a.jsonl", "rules/");
        Check("There is no command `chekc`; did you mean `check`?", "chekc");

        static void Check(string sentence, params string[] args)
        {
            var result = CepProcess.Run(args);
            Assert.Equal((2, ""), (result.ExitCode, result.Output));
            Assert.StartsWith($"error: {sentence}\n", result.Error);
        }
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("check", "--help")]
    [InlineData("fmt", "--help")]
    [InlineData("explain", "--help")]
    [InlineData("run", "--help")]
    [InlineData("savepoint", "--help")]
    [InlineData("stop", "--help")]
    [InlineData("state", "show", "--help")]
    public void Help_has_examples_and_exit_codes_and_fits_a_terminal(params string[] args)
    {
        var result = CepProcess.Run(args);

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Contains("\nUsage:\n  cep ", result.Output);
        Assert.Contains("\nExamples:\n", result.Output);
        Assert.Contains("\nExit codes:\n    0  ", result.Output);
        Assert.All(result.OutputLines.TakeWhile(l => l != "Examples:"), l => Assert.True(l.TrimEnd().Length <= 80, l));
    }
}
