using Cep.Cli.Run;
using Xunit;

namespace Cep.Cli.Tests;

public sealed class CliOutputTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Files_that_can_be_written_are_no_problem()
    {
        var outputs = new OutputFiles(_folder["m.jsonl"], _folder["l.jsonl"], null, null);

        Assert.Empty(outputs.Problems(["-", _folder["in.jsonl"]]));
    }

    [Fact]
    public void What_is_there_is_not_touched()
    {
        var path = _folder.Write("m.jsonl", "old");

        Assert.Empty(new OutputFiles(path, null, null, null).Problems([]));
        Assert.Equal("old", File.ReadAllText(path));
    }

    [Fact]
    public void An_input_is_not_overwritten()
    {
        var input = _folder.Write("in.jsonl", "{}");

        Assert.Equal(
            [$"`{input}` is given to --input and to --late; each needs a file of its own."],
            new OutputFiles(null, input, null, null).Problems([Path.GetRelativePath(Directory.GetCurrentDirectory(), input)]));
    }

    [Fact]
    public void Two_outputs_need_two_files() => Assert.Equal(
        [$"`{_folder["x"]}` is given to --output and to --malformed; each needs a file of its own."],
        new OutputFiles(_folder["x"], null, null, _folder["x"]).Problems([]));

    [Fact]
    public void A_folder_is_no_file() => Assert.Equal(
        [$"`{_folder.FullName}`, given to --timeouts, cannot be written: it is a folder."],
        new OutputFiles(null, null, _folder.FullName, null).Problems([]));

    [Fact]
    public void The_folder_of_an_output_must_be_there()
    {
        var path = Path.Combine(_folder["none"], "x");

        Assert.Equal([$"`{path}`, given to --output, cannot be written: there is no folder `{_folder["none"]}`."], new OutputFiles(path, null, null, null).Problems([]));
    }

    [Fact]
    public void An_empty_name_is_no_file() => Assert.Equal(["--late needs a file."], new OutputFiles(null, "", null, null).Problems([]));
}
