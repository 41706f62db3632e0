using Cep.Language.Text;

namespace Cep.Cli.Run;

/// <summary>Rule files, and the files of their lists, that may be edited while they are read: tells when they have changed and are at rest again.</summary>
/// <remarks>
/// An editor may write a file in pieces, or write a new one and rename it. So a change counts once two looks in a row find the same, and a look that finds a file
/// missing finds nothing yet.
/// </remarks>
/// <param name="paths">Files and folders, as on the command line.</param>
/// <param name="known">What is known of them.</param>
internal sealed class RuleFolder(IReadOnlyList<string> paths, IReadOnlyList<SourceText> known)
{
    private IReadOnlyList<SourceText> _known = WithLists(known);
    private IReadOnlyList<SourceText>? _last;
    private string? _problem;

    /// <summary>Looks once more.</summary>
    /// <param name="problem">Why nothing can be read; told once for as long as it stays the same.</param>
    /// <returns>The files, where they have changed since those that were given out last; else null.</returns>
    public IReadOnlyList<SourceText>? Look(out string? problem)
    {
        var files = TryRead(out var reason);
        problem = reason == _problem ? null : reason;
        _problem = reason;
        if (files is null)
            return null;
        var all = WithLists(files);
        var isAtRest = _last is not null && AreSame(all, _last);
        _last = all;
        if (!isAtRest || AreSame(all, _known))
            return null;
        _known = all;
        return files;
    }

    private IReadOnlyList<SourceText>? TryRead(out string? problem)
    {
        try
        {
            problem = null;
            return RuleFiles.Read(paths);
        }
        catch (UsageException e)
        {
            problem = e.Message;
            return null;
        }
    }

    private static IReadOnlyList<SourceText> WithLists(IReadOnlyList<SourceText> files) => [.. files, .. RuleListFiles.NamedBy(files)];

    private static bool AreSame(IReadOnlyList<SourceText> files, IReadOnlyList<SourceText> others) =>
        files.Select(f => (f.Path, f.Text)).SequenceEqual(others.Select(f => (f.Path, f.Text)));
}
