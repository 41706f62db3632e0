using Cep.Engine.Checkpoints;
using Microsoft.Win32.SafeHandles;

namespace Cep.Engine.Connectors.EventLogs;

/// <summary>The folder of an event log, and all that is done to the disk there. Tests put a failing one in its place.</summary>
internal class LogFolder(string path)
{
    public string Path { get; } = path;

    public string PathOf(string file) => System.IO.Path.Combine(Path, file);

    /// <summary>The base offsets of the segments that lie there, in order.</summary>
    public long[] Segments() => [.. Directory.EnumerateFiles(Path).Select(file => EventLogFormat.BaseOffset(System.IO.Path.GetFileName(file))).OfType<long>().Order()];

    public SafeFileHandle Create(string file) => File.OpenHandle(PathOf(file), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);

    public SafeFileHandle OpenWrite(string file) => File.OpenHandle(PathOf(file), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);

    public SafeFileHandle OpenRead(string file) => File.OpenHandle(PathOf(file), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);

    public virtual void Write(SafeFileHandle file, ReadOnlySpan<byte> bytes, long position) => RandomAccess.Write(file, bytes, position);

    /// <summary>Forces what was written to a file to the disk.</summary>
    public virtual void Flush(SafeFileHandle file) => RandomAccess.FlushToDisk(file);

    /// <summary>Forces the names of new files to the disk.</summary>
    public virtual void FlushNames() => DurableFolder.Flush(Path);

    /// <summary>Writes a small file, in the place of one of the same name if there is one; after a power cut it is the one or the other.</summary>
    public virtual void Replace(string file, ReadOnlySpan<byte> content)
    {
        string writing = PathOf(file + ".new");
        using (SafeFileHandle handle = File.OpenHandle(writing, FileMode.Create, FileAccess.Write))
        {
            RandomAccess.Write(handle, content, 0);
            RandomAccess.FlushToDisk(handle);
        }

        File.Move(writing, PathOf(file), overwrite: true);
        FlushNames();
    }

    public virtual void Delete(string file) => File.Delete(PathOf(file));
}
