using Cep.Language;
using Cep.Language.Text;

namespace Cep.Cli;

/// <summary>The files that lists are read from: those of a rule file lie in its folder, or below.</summary>
internal static class RuleListFiles
{
    /// <summary>Reads a file that a list names; see <see cref="ListFileReader"/>.</summary>
    public static SourceText? Read(SourceText rules, string path)
    {
        var file = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(rules.Path))!, path);
        return File.Exists(file) ? SourceText.FromUtf8(path, File.ReadAllBytes(file)) : null;
    }

    /// <summary>All such files that rule files name, as far as they can be read.</summary>
    public static IEnumerable<SourceText> NamedBy(IEnumerable<SourceText> files) =>
        files.SelectMany(f => ListFiles.NamedBy(f).Select(path => TryRead(f, path))).OfType<SourceText>();

    private static SourceText? TryRead(SourceText rules, string path)
    {
        try
        {
            return Read(rules, path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
