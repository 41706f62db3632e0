using DiffPlex;
using DiffPlex.DiffBuilder;
using DiffPlex.DiffBuilder.Model;

namespace Cep.RulesService.Rules;

/// <summary>How a file differs.</summary>
internal enum FileChange
{
    /// <summary>Only the later version has it.</summary>
    Added,

    /// <summary>Only the earlier version has it.</summary>
    Removed,

    /// <summary>Both have it, with another text.</summary>
    Changed,
}

/// <summary>How a line differs.</summary>
internal enum LineChange
{
    /// <summary>Both have it.</summary>
    Same,

    /// <summary>Only the later version has it.</summary>
    Added,

    /// <summary>Only the earlier version has it.</summary>
    Removed,
}

/// <summary>A line of a file that differs, or near to one.</summary>
/// <param name="Change">How it differs.</param>
/// <param name="Before">Its number in the earlier version, from 1; null where it is not there.</param>
/// <param name="After">Its number in the later version, from 1; null where it is not there.</param>
/// <param name="Text">The line.</param>
internal sealed record DiffLine(LineChange Change, int? Before, int? After, string Text);

/// <summary>A file that differs.</summary>
/// <param name="Path">Its path.</param>
/// <param name="Change">How it differs.</param>
/// <param name="Lines">What differs, with up to three lines before and after; a gap in the numbers is a gap in the text.</param>
internal sealed record FileDiff(string Path, FileChange Change, IReadOnlyList<DiffLine> Lines);

/// <summary>How the text of one version differs from that of another.</summary>
/// <param name="From">The earlier one; null for nothing at all.</param>
/// <param name="To">The later one.</param>
/// <param name="Files">The files that differ, by path.</param>
internal sealed record RuleSetDiff(int? From, int To, IReadOnlyList<FileDiff> Files)
{
    private const int Context = 3;

    /// <summary>Compares the files of two versions.</summary>
    public static RuleSetDiff Of(int? from, IReadOnlyList<RuleFile> before, int to, IReadOnlyList<RuleFile> after)
    {
        var (old, now) = (before.ToDictionary(f => f.Path, f => f.Text), after.ToDictionary(f => f.Path, f => f.Text));
        var differing = old.Keys.Union(now.Keys).Where(p => old.GetValueOrDefault(p) != now.GetValueOrDefault(p)).Order(StringComparer.Ordinal);
        return new RuleSetDiff(from, to, differing.Select(p => Compare(p, old.GetValueOrDefault(p), now.GetValueOrDefault(p))).ToList());
    }

    private static FileDiff Compare(string path, string? before, string? after)
    {
        var change = before is null ? FileChange.Added : after is null ? FileChange.Removed : FileChange.Changed;
        return new FileDiff(path, change, Near(Lines(before ?? "", after ?? "")));
    }

    private static List<DiffLine> Lines(string before, string after)
    {
        var (old, now) = (0, 0);
        var lines = new List<DiffLine>();
        foreach (var piece in new InlineDiffBuilder(new Differ()).BuildDiffModel(before, after, ignoreWhitespace: false).Lines)
        {
            lines.Add(piece.Type switch
            {
                ChangeType.Inserted => new DiffLine(LineChange.Added, null, ++now, piece.Text),
                ChangeType.Deleted => new DiffLine(LineChange.Removed, ++old, null, piece.Text),
                _ => new DiffLine(LineChange.Same, ++old, ++now, piece.Text),
            });
        }
        return lines;
    }

    private static List<DiffLine> Near(List<DiffLine> lines)
    {
        var isNear = new bool[lines.Count];
        for (var i = 0; i < lines.Count; i++)
        {
            if (lines[i].Change == LineChange.Same)
                continue;
            for (var j = Math.Max(0, i - Context); j <= Math.Min(lines.Count - 1, i + Context); j++)
                isNear[j] = true;
        }
        return lines.Where((_, i) => isNear[i]).ToList();
    }
}
