using System.Xml.Linq;

namespace Cep.Tidy;

/// <summary>The compiler refuses a public member without a comment where it writes the comments to a file, which those who use a package read.</summary>
public class DocumentationTests
{
    private const string MissingComment = "CS1591";

    public static TheoryData<string> Libraries => new(Repository.Projects.Keys.Where(p => p is not ("Cep.Cli" or "Cep.RulesService")));

    [Theory]
    [MemberData(nameof(Libraries))]
    public void Library_has_its_comments_in_a_file_beside_it(string project)
    {
        var build = XDocument.Load(Path.Combine(Repository.Projects[project], project + ".csproj"));
        Assert.Equal("true", Assert.Single(build.Descendants("GenerateDocumentationFile")).Value);
        Assert.DoesNotContain(build.Descendants("NoWarn"), n => n.Value.Contains(MissingComment, StringComparison.Ordinal));
    }

    [Fact]
    public void Missing_comment_is_an_error()
    {
        var build = XDocument.Load(Path.Combine(Repository.Root, "Directory.Build.props"));
        Assert.Equal("true", Assert.Single(build.Descendants("TreatWarningsAsErrors")).Value);
        Assert.DoesNotContain(build.Descendants("NoWarn"), n => n.Value.Contains(MissingComment, StringComparison.Ordinal));
        Assert.DoesNotContain(MissingComment, File.ReadAllText(Path.Combine(Repository.Root, ".editorconfig")), StringComparison.Ordinal);
        Assert.Empty(Repository.ShippedSources.Where(f => File.ReadAllText(f).Contains(MissingComment, StringComparison.Ordinal)).Select(Repository.Relative));
    }
}
