using Cep.Cli.Run;
using Xunit;

namespace Cep.Cli.Tests;

public sealed class RuleFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private RuleFolder Open()
    {
        _folder.Write("a.cep", "// one");
        string[] paths = [_folder.FullName];
        return new RuleFolder(paths, RuleFiles.Read(paths));
    }

    private static string? Text(RuleFolder folder) => folder.Look(out _) is { } files ? string.Join("|", files.Select(f => f.Text)) : null;

    [Fact]
    public void Files_that_stay_as_they_are_are_not_told()
    {
        var folder = Open();
        Assert.Equal<string?[]>([null, null, null], new string?[] { Text(folder), Text(folder), Text(folder) });
    }

    [Fact]
    public void An_edited_file_is_told_once_when_it_is_at_rest()
    {
        var folder = Open();
        _folder.Write("a.cep", "// tw");
        Assert.Null(Text(folder));
        _folder.Write("a.cep", "// two");
        Assert.Null(Text(folder));
        Assert.Equal("// two", Text(folder));
        Assert.Null(Text(folder));
    }

    [Fact]
    public void A_new_file_and_one_that_is_gone_are_changes()
    {
        var folder = Open();
        _folder.Write("b.cep", "// b");
        Assert.Equal<string?[]>([null, "// one|// b"], new string?[] { Text(folder), Text(folder) });
        File.Delete(_folder["a.cep"]);
        Assert.Equal<string?[]>([null, "// b"], new string?[] { Text(folder), Text(folder) });
    }

    [Fact]
    public void An_edit_that_is_taken_back_before_it_is_at_rest_is_none()
    {
        var folder = Open();
        _folder.Write("a.cep", "// two");
        Assert.Null(Text(folder));
        _folder.Write("a.cep", "// one");
        Assert.Equal<string?[]>([null, null], new string?[] { Text(folder), Text(folder) });
    }

    [Fact]
    public void Rules_that_are_gone_are_a_problem_that_is_told_once()
    {
        var folder = Open();
        File.Delete(_folder["a.cep"]);
        Assert.Null(folder.Look(out var problem));
        Assert.Equal($"There are no `.cep` files in the folder `{_folder.FullName}`.", problem);
        Assert.Null(folder.Look(out problem));
        Assert.Null(problem);
        _folder.Write("a.cep", "// two");
        Assert.Equal<string?[]>([null, "// two"], new string?[] { Text(folder), Text(folder) });
    }
}
