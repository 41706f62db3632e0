using System.Text.RegularExpressions;

namespace Cep.Embedding;

/// <summary>What the README shows of the library in a program of one's own.</summary>
internal static partial class Readme
{
    private const string Heading = "## In a .NET program";

    private static readonly string Section = SectionOf(File.ReadAllText(Path.Combine(Repository.Root, "README.md")).ReplaceLineEndings("\n"));

    /// <summary>The programs in C#, each whole, in order.</summary>
    public static IReadOnlyList<string> Programs { get; } = Fences("csharp");

    /// <summary>What a program is said to print, where the page says it.</summary>
    public static IReadOnlyList<string> Outputs { get; } = Fences("");

    /// <summary>The commands that make a new program, each its words.</summary>
    public static IReadOnlyList<string[]> Commands { get; } =
        [.. Section.Split('\n').Where(l => l.StartsWith("    dotnet ", StringComparison.Ordinal)).Select(l => l.Trim().Split(' '))];

    private static string SectionOf(string readme)
    {
        var from = readme.IndexOf(Heading, StringComparison.Ordinal);
        return readme[from..readme.IndexOf("\n## ", from + Heading.Length, StringComparison.Ordinal)];
    }

    private static string[] Fences(string language) =>
        [.. Fence().Matches(Section).Where(m => m.Groups["language"].Value == language).Select(m => m.Groups["text"].Value)];

    [GeneratedRegex("^```(?<language>.*)\n(?<text>(?s:.*?)\n)```$", RegexOptions.Multiline)]
    private static partial Regex Fence();
}
