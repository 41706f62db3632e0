namespace Cep.Cli.Run;

/// <summary>Where the outputs of a run go.</summary>
/// <param name="Matches">A file; null for standard output.</param>
/// <param name="Late">A file; null for nowhere.</param>
/// <param name="Timeouts">A file; null for nowhere.</param>
/// <param name="Malformed">A file; null for nowhere.</param>
/// <param name="Errors">A file; null for nowhere.</param>
/// <param name="Changes">A file; null for nowhere.</param>
internal sealed record OutputFiles(string? Matches, string? Late, string? Timeouts, string? Malformed, string? Errors = null, string? Changes = null)
{
    private IEnumerable<(string Option, string Path)> All => new (string Option, string? Path)[]
    {
        ("--output", Matches), ("--late", Late), ("--timeouts", Timeouts), ("--malformed", Malformed), ("--errors", Errors), ("--changes", Changes),
    }.Where(o => o.Path is not null)!;

    /// <summary>What is wrong with the outputs, whole sentences; empty when a run can write them.</summary>
    /// <remarks>A file that is not there is made, for only that shows whether it can be; and is gone again: a run that goes on from a checkpoint
    /// has to know whether its output was moved away.</remarks>
    /// <param name="inputs">The files the run reads.</param>
    public IEnumerable<string> Problems(IEnumerable<string> inputs)
    {
        var taken = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var input in inputs.Where(i => i != InputArgument.StandardInput))
            taken.TryAdd(Path.GetFullPath(input), "--input");
        foreach (var (option, path) in All)
        {
            if (path.Length == 0)
                yield return $"{option} needs a file.";
            else if (!taken.TryAdd(Path.GetFullPath(path), option))
                yield return $"`{path}` is given to {taken[Path.GetFullPath(path)]} and to {option}; each needs a file of its own.";
            else if (WhyNotWritable(path) is { } reason)
                yield return $"`{path}`, given to {option}, cannot be written: {reason}";
        }
    }

    private static string? WhyNotWritable(string path)
    {
        if (Directory.Exists(path))
            return "it is a folder.";
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder && !Directory.Exists(folder))
            return $"there is no folder `{Path.GetDirectoryName(path)}`.";
        try
        {
            var isNew = !File.Exists(path);
            new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite).Dispose();
            if (isNew)
                File.Delete(path);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e.Message;
        }
    }
}
