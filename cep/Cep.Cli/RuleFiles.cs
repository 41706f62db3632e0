using Cep.Cli.Terminal;
using Cep.Language;
using Cep.Language.Diagnostics;
using Cep.Language.Text;
using Cep.Rules;

namespace Cep.Cli;

/// <summary>Finds and reads the rule files that a command line names.</summary>
internal static class RuleFiles
{
    private const string Extension = ".cep";

    /// <summary>Reads files and folders into one pattern set; of a folder, all <c>*.cep</c> in it and below, in ordinal order of their paths.</summary>
    /// <remarks>A file that is named twice, or by itself and by its folder, is read once.</remarks>
    /// <exception cref="UsageException">A path names nothing, cannot be read, or holds no rules.</exception>
    public static IReadOnlyList<SourceText> Read(IReadOnlyList<string> paths)
    {
        var files = paths.SelectMany(FilesOf).DistinctBy(Path.GetFullPath).ToList();
        return files.ConvertAll(Read);
    }

    /// <summary>Reads and compiles; null where the rules have errors, which then stand on standard error, as do warnings.</summary>
    /// <exception cref="UsageException">As <see cref="Read(IReadOnlyList{string})"/>.</exception>
    public static RuleSet? Compile(IReadOnlyList<string> paths) => Compile(Read(paths));

    /// <summary>Compiles files that were read; null where the rules have errors, which then stand on standard error, as do warnings.</summary>
    public static RuleSet? Compile(IReadOnlyList<SourceText> files) => CompileAll(files).RuleSet;

    /// <summary>Compiles files that were read, with their tests; errors and warnings then stand on standard error.</summary>
    public static RuleCompilation CompileAll(IReadOnlyList<SourceText> files)
    {
        var compilation = RuleCompiler.Compile(files, RuleListFiles.Read);
        Tell(compilation.Diagnostics);
        if (compilation.HasErrors)
            Console.Error.WriteLine($"{DiagnosticText.Counts(compilation.Diagnostics)} in {DiagnosticText.Count(files.Count, "file")}");
        return compilation;
    }

    /// <summary>Prints diagnostics on standard error, an empty line after each.</summary>
    public static void Tell(IEnumerable<Diagnostic> diagnostics)
    {
        var style = TextStyle.OfError;
        foreach (var diagnostic in diagnostics)
            Console.Error.WriteLine(DiagnosticText.Of(diagnostic, style) + "\n");
    }

    private static IEnumerable<string> FilesOf(string path)
    {
        if (File.Exists(path))
            return [path];
        if (!Directory.Exists(path))
            throw new UsageException($"There is no file or folder `{path}`.");
        var options = new EnumerationOptions { RecurseSubdirectories = true, MatchCasing = MatchCasing.CaseSensitive };
        var files = Directory.EnumerateFiles(path, "*" + Extension, options).Order(StringComparer.Ordinal).ToList();
        return files.Count > 0 ? files : throw new UsageException($"There are no `{Extension}` files in the folder `{path}`.");
    }

    private static SourceText Read(string path)
    {
        try
        {
            return SourceText.FromUtf8(path, File.ReadAllBytes(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"`{path}` cannot be read: {e.Message}");
        }
    }
}
