using System.Text.RegularExpressions;

namespace Cep.Tidy;

public class SourceTests
{
    /// <summary>What shipped code does not use, and what it uses instead.</summary>
    public static TheoryData<string, string> Banned => new()
    {
        { @"\bDateTime(Offset)?\.(Utc)?Now\b", "TimeProvider" },
        { @"\bEnvironment\.TickCount", "TimeProvider" },
        { @"\bStopwatch\b", "TimeProvider" },
        { @"\bThread\.Sleep\b", "a wait for what is awaited" },
        { @"\bRandom\.Shared\b|\bnew Random\(\)", "a seed" },
        { @"\.GetAwaiter\(\)\.GetResult\(\)", "a thread that may block" },
        { @"#region", "a file of its own" },
        { @"\bdynamic\b", "types" },
    };

    [Theory]
    [MemberData(nameof(Banned))]
    public void Shipped_code_does_not_use(string symbol, string instead)
    {
        var found = Lines(Repository.ShippedSources).Where(l => Regex.IsMatch(WithoutComment(l.Text), symbol));
        Assert.True(!found.Any(), $"Use {instead}: {string.Join(", ", found.Select(l => l.Place))}");
    }

    [Fact]
    public void Nothing_is_left_to_fix_later()
    {
        // Spelled apart, so that this file does not find itself.
        var marks = string.Join('|', "TO" + "DO", "FIX" + "ME", "HA" + "CK", "XX" + "X");
        Assert.Empty(Lines(Repository.AllSources).Where(l => Regex.IsMatch(l.Text, $@"\b({marks})\b")).Select(l => l.Place));
    }

    [Fact]
    public void Namespace_is_the_path()
    {
        var wrong = Repository.ShippedSources.Where(f => !NamespacesOf(f).All(n => n == ExpectedNamespace(f)));
        Assert.Empty(wrong.Select(Repository.Relative));
    }

    [Fact]
    public void Names_do_not_say_manager_helper_or_util()
    {
        var wrong = Repository.AllSources.Where(f => Regex.IsMatch(Path.GetFileNameWithoutExtension(f), "(Manager|Helper|Helpers|Util|Utils|Utility|Utilities)$"));
        Assert.Empty(wrong.Select(Repository.Relative));
    }

    [Fact]
    public void Long_file_says_why_it_is_one_thing()
    {
        var wrong = Repository.ShippedSources.Where(f => File.ReadLines(f).Count() > 800 && !File.ReadLines(f).First().StartsWith("//", StringComparison.Ordinal));
        Assert.Empty(wrong.Select(Repository.Relative));
    }

    private static IEnumerable<(string Place, string Text)> Lines(IEnumerable<string> files) =>
        files.SelectMany(f => File.ReadLines(f).Select((text, i) => ($"{Repository.Relative(f)}:{i + 1}", text)));

    private static string WithoutComment(string line) => Regex.Replace(line, @"//.*", "");

    private static IEnumerable<string> NamespacesOf(string file) => File.ReadLines(file)
        .Select(l => Regex.Match(l, @"^namespace ([\w.]+);")).Where(m => m.Success).Select(m => m.Groups[1].Value);

    private static string ExpectedNamespace(string file)
    {
        var (project, folder) = Repository.Projects.Single(p => file.StartsWith(p.Value + Path.DirectorySeparatorChar, StringComparison.Ordinal));
        var path = Path.GetRelativePath(folder, Path.GetDirectoryName(file)!).Replace(Path.DirectorySeparatorChar, '.');
        return path == "." ? project : $"{project}.{path}";
    }
}
