namespace Cep.Cli.Fmt;

/// <summary>Replaces a file's text in one step: whoever reads it meanwhile, and whatever fails, finds the old text or the new.</summary>
internal static class FileReplacement
{
    /// <summary>Writes a file beside the old one and puts it in its place, with its permissions; a link stays a link.</summary>
    /// <exception cref="IOException">It cannot be written; the file is as it was.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written; the file is as it was.</exception>
    public static void Write(string path, string text)
    {
        var target = File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
        // A file that its owner has protected is not replaced, although its folder would allow it.
        using (File.Open(target, FileMode.Open, FileAccess.Write, FileShare.ReadWrite)) { }
        // Not `*.cep`: nothing that looks for rule files takes it for one.
        var beside = $"{target}.{Environment.ProcessId}.tmp";
        try
        {
            WriteThrough(beside, text);
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(beside, File.GetUnixFileMode(target));
            File.Move(beside, target, overwrite: true);
        }
        finally
        {
            File.Delete(beside);
        }
    }

    private static void WriteThrough(string path, string text)
    {
        using var stream = new FileStream(path, FileMode.Create, FileAccess.Write);
        using (var writer = new StreamWriter(stream, leaveOpen: true))
            writer.Write(text);
        stream.Flush(flushToDisk: true);
    }
}
