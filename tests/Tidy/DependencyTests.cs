using System.Xml.Linq;

namespace Cep.Tidy;

public class DependencyTests
{
    /// <summary>Who may know whom. The engine and the matching core know nobody, least of all each other.</summary>
    public static TheoryData<string, string[]> Allowed => new()
    {
        { "Cep.Engine", [] },
        { "Cep", [] },
        { "Cep.Language", ["Cep"] },
        { "Cep.Streaming", ["Cep", "Cep.Engine"] },
        { "Cep.Cli", ["Cep.Language", "Cep.Streaming"] },
        { "Cep.RulesService", ["Cep.Language", "Cep.Streaming"] },
    };

    [Theory]
    [MemberData(nameof(Allowed))]
    public void Project_references_only_what_the_architecture_allows(string project, string[] allowed)
    {
        var file = Path.Combine(Repository.Projects[project], project + ".csproj");
        var references = XDocument.Load(file).Descendants("ProjectReference")
            .Select(r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value.Replace('\\', '/')));
        Assert.Empty(references.Except(allowed));
    }

    [Fact]
    public void Every_shipped_project_has_a_rule() => Assert.Equal(Repository.Projects.Keys.Order(), Allowed.Select(row => (string)row[0]).Order());

    [Theory]
    [InlineData("Cep", "System.IO")]
    [InlineData("Cep", "System.Threading")]
    [InlineData("Cep", "System.Net")]
    [InlineData("Cep.Language", "System.Net")]
    public void Pure_project_does_not_use(string project, string space)
    {
        var users = Repository.Sources(Repository.Projects[project])
            .Where(f => File.ReadLines(f).Any(l => l.StartsWith("using " + space, StringComparison.Ordinal)));
        Assert.Empty(users.Select(Repository.Relative));
    }
}
