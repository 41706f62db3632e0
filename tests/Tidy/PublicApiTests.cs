using System.Reflection;

namespace Cep.Tidy;

public class PublicApiTests
{
    /// <summary>Set to 1, the lists are written anew instead of compared.</summary>
    private const string Accept = "ACCEPT_PUBLIC_API";

    /// <summary>The members are listed in a file, so that a change of what others build on is seen where it is reviewed.</summary>
    [Theory]
    [InlineData("Cep")]
    [InlineData("Cep.Streaming")]
    public void Public_api_is_as_listed(string project)
    {
        var file = Path.Combine(Repository.Projects[project], "PublicApi.txt");
        var api = PublicApi.Of(Assembly.Load(project));
        if (Environment.GetEnvironmentVariable(Accept) == "1")
            File.WriteAllLines(file, api);
        var listed = File.ReadAllLines(file);
        var changes = listed.Except(api).Select(l => "- " + l).Concat(api.Except(listed).Select(l => "+ " + l)).ToArray();
        Assert.True(changes.Length == 0, $"""
            The public API of {project} is not as {Repository.Relative(file)} lists it:
            {string.Join(Environment.NewLine, changes)}
            If that is meant, accept it: {Accept}=1 dotnet test tests/Tidy
            """);
        Assert.Equal(listed.Order(StringComparer.Ordinal), listed);
    }

    [Fact]
    public void List_tells_what_a_caller_can_write()
    {
        var api = PublicApi.Of(typeof(Patterns.Pattern).Assembly);
        Assert.Contains("Cep.Patterns.Pattern sealed class", api);
        Assert.Contains("Cep.Patterns.Pattern.static Begin<T>(String name) : PatternBuilder<T>", api);
        Assert.Contains("Cep.Patterns.Pattern.required Steps { get; init } : IReadOnlyList<PatternStep>", api);
        Assert.Contains("Cep.Patterns.SkipKind.PastLast = 2", api);
        Assert.DoesNotContain(api, line => line.Contains("RunEvaluator", StringComparison.Ordinal));
    }
}
