using Microsoft.Win32.SafeHandles;

namespace Cep.Engine.Connectors;

/// <summary>Where the bytes of a <see cref="LineSink{T}"/> go.</summary>
public sealed class ByteOutput
{
    private readonly Func<Stream> _open;

    private ByteOutput(string name, bool isInteractive, Func<Stream> open)
    {
        Name = name;
        IsInteractive = isInteractive;
        _open = open;
    }

    /// <summary>The name, for messages: a file's path as it was given.</summary>
    public string Name { get; }

    /// <summary>Whether someone watches.</summary>
    public bool IsInteractive { get; }

    /// <summary>A file, made or emptied when the job starts.</summary>
    public static ByteOutput File(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return new ByteOutput(path, false, () => new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, 0));
    }

    /// <summary>The process's standard output; interactive when it is a terminal.</summary>
    public static ByteOutput StandardOutput() => new("standard output", !Console.IsOutputRedirected, OpenStandardOutput);

    /// <summary>A stream, which is disposed at the end of the job.</summary>
    public static ByteOutput ToStream(string name, Stream stream, bool isInteractive = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return new ByteOutput(name, isInteractive, () => stream);
    }

    internal Stream Open() => _open();

    // On Unix the console's stream swallows the error of a pipe nobody reads any more, and the job would go on for nothing; a file stream on the
    // bare descriptor reports it. Not so for a regular file: there a file stream keeps its own position, and would write over what others share
    // the descriptor.
    private static Stream OpenStandardOutput()
    {
        if (OperatingSystem.IsWindows()) return Console.OpenStandardOutput();
        var bare = new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, 0);
        return bare.CanSeek ? Console.OpenStandardOutput() : bare;
    }
}
