using Cep.Language;
using Cep.Language.Text;

namespace Cep.RulesService.Rules;

/// <summary>One file of a rule set.</summary>
/// <param name="Path">Relative to the set's folder, with <c>/</c> between its parts, as <c>fraud/card_testing.cep</c>.</param>
/// <param name="Text">The whole text.</param>
internal sealed record RuleFile(string Path, string Text);

/// <summary>The files of a rule set: what is compiled, tested and deployed together.</summary>
internal static class RuleFiles
{
    private const string RuleExtension = ".cep";
    private const int PathLengthMax = 200;

    /// <summary>The rule files, in the order in which they are compiled; not the files that lists are read from.</summary>
    public static IEnumerable<RuleFile> RulesOf(IEnumerable<RuleFile> files) =>
        files.Where(f => f.Path.EndsWith(RuleExtension, StringComparison.Ordinal)).OrderBy(f => f.Path, StringComparer.Ordinal);

    /// <summary>Reads the files of lists from among them.</summary>
    public static ListFileReader ListsOf(IReadOnlyList<RuleFile> files) => (rules, path) =>
    {
        var folder = rules.Path.LastIndexOf('/') is var slash and >= 0 ? rules.Path[..(slash + 1)] : "";
        return files.FirstOrDefault(f => f.Path == folder + path) is { } file ? new SourceText(file.Path, file.Text) : null;
    };

    /// <summary>What is wrong with the files as files, by the member of the request it is about; whatever their text says.</summary>
    public static Dictionary<string, string[]> Problems(IReadOnlyList<RuleFile>? files, LimitOptions limits)
    {
        var problems = new Dictionary<string, string[]>();
        if (files is not { Count: > 0 })
            problems["files"] = ["A rule set has at least one file."];
        else if (files.Count > limits.Files)
            problems["files"] = [$"A rule set has at most {limits.Files} files; these are {files.Count}."];
        else if (files.Sum(f => (long)(f?.Text?.Length ?? 0)) is var length && length > limits.RuleTextLength)
            problems["files"] = [$"The files of a rule set have at most {limits.RuleTextLength} characters; these have {length}."];
        else if (!files.Any(f => f?.Path?.EndsWith(RuleExtension, StringComparison.Ordinal) == true))
            problems["files"] = [$"A rule set has at least one file whose path ends in `{RuleExtension}`."];
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < (files?.Count ?? 0); i++)
        {
            if (files![i] is not { Path: { } path, Text: not null })
                problems[$"files[{i}]"] = ["A file has a `path` and a `text`."];
            else if (WhyNoPath(path) is { } why)
                problems[$"files[{i}].path"] = [why];
            else if (!seen.Add(path))
                problems[$"files[{i}].path"] = [$"Another file has the path `{path}`; paths that differ in case alone are one."];
        }
        return problems;
    }

    private static string? WhyNoPath(string path)
    {
        if (path.Length is 0 or > PathLengthMax)
            return $"A path has 1 to {PathLengthMax} characters.";
        if (path.Split('/').Any(part => part is "" or "." or ".."))
            return $"`{path}` is no relative path: it has a part that is empty, `.` or `..`.";
        return path.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '_' or '-' or ' ') ? null
            : $"`{path}` has a character that is none of letters, digits, `/ . _ -` and blank.";
    }
}
