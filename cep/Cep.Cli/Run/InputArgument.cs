namespace Cep.Cli.Run;

/// <summary>What a user writes behind <c>--input</c>: <c>[STREAM=]FILE</c>.</summary>
/// <param name="Stream">The stream's name; null when it is left out.</param>
/// <param name="Path">The file as it was written; <c>-</c> for standard input.</param>
internal readonly record struct InputArgument(string? Stream, string Path)
{
    /// <summary>Standard input.</summary>
    public const string StandardInput = "-";

    /// <summary>Takes the text apart at its first <c>=</c>, unless a file has the whole text as its name, or what stands before is no stream's name.</summary>
    /// <param name="text">What the user wrote.</param>
    /// <param name="fileExists">Whether there is a file of that path.</param>
    public static InputArgument Parse(string text, Func<string, bool> fileExists)
    {
        var at = text.IndexOf('=');
        return at > 0 && IsName(text.AsSpan(0, at)) && !fileExists(text)
            ? new InputArgument(text[..at].Trim('`'), text[(at + 1)..])
            : new InputArgument(null, text);
    }

    private static bool IsName(ReadOnlySpan<char> text)
    {
        if (text is ['`', .., '`'] and { Length: > 2 })
            return true;
        foreach (var c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c != '_')
                return false;
        }
        return !char.IsAsciiDigit(text[0]);
    }
}
