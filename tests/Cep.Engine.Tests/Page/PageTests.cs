using System.Text.RegularExpressions;
using Xunit;

namespace Cep.Engine.Tests.Page;

/// <summary>The programs of <c>engine/README.md</c> are files beside this one: the page has them as they are, and they print what it says.</summary>
public sealed partial class PageTests
{
    [Fact]
    public void Every_program_is_on_the_page_as_it_is_compiled()
    {
        string[] names = ["WordCount", "HourlySales", "SilentSensors"];
        Assert.Equal(names.Select(name => Read($"tests/Cep.Engine.Tests/Page/{name}.cs").TrimEnd()), Fences("csharp"));
    }

    [Fact]
    public void Programs_print_what_the_page_says()
    {
        Action<TextWriter>[] programs = [WordCount.Run, HourlySales.Run, SilentSensors.Run];
        Assert.Equal(Fences(""), programs.Select(Printed));
    }

    private static string Printed(Action<TextWriter> program)
    {
        using var console = new StringWriter { NewLine = "\n" };
        program(console);
        return console.ToString().TrimEnd();
    }

    private static string[] Fences(string language) =>
        [.. Fence().Matches(Read("engine/README.md")).Where(m => m.Groups["language"].Value == language).Select(m => m.Groups["text"].Value)];

    private static string Read(string path) => File.ReadAllText(Path.Combine(Root(), path)).ReplaceLineEndings("\n");

    private static string Root()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "ARCHITECTURE.md"))) folder = Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException("The test does not run in the repository.");
        return folder;
    }

    [GeneratedRegex("^```(?<language>.*)\n(?<text>(?s:.*?)\n?)\n```$", RegexOptions.Multiline)]
    private static partial Regex Fence();
}
