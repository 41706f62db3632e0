namespace Cep.Language.Binding;

/// <summary>Which paths a list may be read from: rules may come from far away, and must not read what is none of theirs.</summary>
internal static class ListPath
{
    /// <summary>Why a path is refused, a whole sentence; null where it is not.</summary>
    public static string? WhyNot(string path)
    {
        if (path.Trim().Length == 0) return "The path of the file with the values was expected, but this is empty.";
        if (path.Any(char.IsControl)) return "There is a control character in this path.";
        if (path.Contains('\\', StringComparison.Ordinal)) return $"The path `{path}` has a backslash; its parts are separated by `/` on every system.";
        if (path[0] == '/' || (path.Length > 1 && path[1] == ':'))
            return $"The path `{path}` is absolute; a list is read from the folder of the rule file, or from one below it.";
        return path.Split('/').Contains("..")
            ? $"The path `{path}` leads out of a folder by `..`; a list is read from the folder of the rule file, or from one below it." : null;
    }
}
