using System.Runtime.InteropServices;

namespace Cep.Engine.Checkpoints;

/// <summary>Keeps checkpoints as files of a folder, for one process at a time.</summary>
/// <remarks>
/// A file is written beside its place, flushed to the disk and renamed, and the folder is flushed after that; what a killed process left half-written is
/// removed at the next opening. (Flushing a folder is something only Unix has; elsewhere the file system is relied on.)
/// </remarks>
public sealed partial class FolderCheckpointStore : CheckpointStore, IDisposable
{
    private const string Half = ".half-written";
    private readonly string _folder;
    private readonly FileStream? _lock;

    /// <summary>Opens a folder, making it if need be.</summary>
    /// <param name="folder">Its path.</param>
    /// <param name="isReadOnly">Only to be read: it must be there, and may be in use.</param>
    /// <exception cref="IOException">It cannot be made or used, or another process uses it.</exception>
    public FolderCheckpointStore(string folder, bool isReadOnly = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        _folder = Path.GetFullPath(folder);
        if (isReadOnly) return;
        Directory.CreateDirectory(_folder);
        _lock = Lock(folder);
        foreach (string left in Directory.EnumerateFiles(_folder, "*" + Half, SearchOption.AllDirectories)) File.Delete(left);
    }

    /// <inheritdoc/>
    public override async ValueTask WriteAsync(string name, IReadOnlyList<ReadOnlyMemory<byte>> chunks, CancellationToken cancel)
    {
        string path = PathOf(name);
        string folder = Path.GetDirectoryName(path)!;
        Directory.CreateDirectory(folder);
        await using (var file = new FileStream(path + Half, FileMode.Create, FileAccess.Write, FileShare.None, 0))
        {
            foreach (ReadOnlyMemory<byte> chunk in chunks) await file.WriteAsync(chunk, cancel).ConfigureAwait(false);
            file.Flush(flushToDisk: true);
        }

        File.Move(path + Half, path, overwrite: true);
        for (string? above = folder; above is not null && above.Length >= _folder.Length; above = Path.GetDirectoryName(above)) Unix.FlushFolder(above);
    }

    /// <inheritdoc/>
    public override async ValueTask<byte[]?> ReadAsync(string name, CancellationToken cancel)
    {
        string path = PathOf(name);
        return File.Exists(path) ? await File.ReadAllBytesAsync(path, cancel).ConfigureAwait(false) : null;
    }

    /// <inheritdoc/>
    public override ValueTask<IReadOnlyList<string>> ListAsync(string prefix, CancellationToken cancel)
    {
        if (!Directory.Exists(_folder)) return new([]);
        IEnumerable<string> names = Directory.EnumerateFiles(_folder, "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(_folder, path).Replace('\\', '/'))
            .Where(name => name.StartsWith(prefix, StringComparison.Ordinal) && !name.EndsWith(Half, StringComparison.Ordinal) && name != LockName);
        return new([.. names.Order(StringComparer.Ordinal)]);
    }

    /// <inheritdoc/>
    public override ValueTask DeleteAsync(string name, CancellationToken cancel)
    {
        string path = PathOf(name);
        if (File.Exists(path)) File.Delete(path);
        string folder = Path.GetDirectoryName(path)!;
        if (folder != _folder && Directory.Exists(folder) && !Directory.EnumerateFileSystemEntries(folder).Any()) Directory.Delete(folder);
        return ValueTask.CompletedTask;
    }

    /// <summary>Lets others use the folder.</summary>
    public void Dispose() => _lock?.Dispose();

    private const string LockName = "lock";

    private FileStream Lock(string folder)
    {
        try
        {
            return new FileStream(Path.Combine(_folder, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException problem) when (problem is not (DirectoryNotFoundException or PathTooLongException))
        {
            throw new IOException($"The folder of checkpoints '{folder}' is in use by another process.", problem);
        }
    }

    private string PathOf(string name)
    {
        string path = Path.GetFullPath(Path.Combine(_folder, name));
        return path.StartsWith(_folder + Path.DirectorySeparatorChar, StringComparison.Ordinal)
            ? path
            : throw new IOException($"'{name}' does not lie in the folder of checkpoints.");
    }

    /// <summary>What the runtime's library has no call for.</summary>
    private static partial class Unix
    {
        public static void FlushFolder(string path)
        {
            if (OperatingSystem.IsWindows()) return;
            int descriptor = Open(path, 0);
            if (descriptor < 0) return;
            _ = Fsync(descriptor);
            _ = Close(descriptor);
        }

        [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
        private static partial int Open(string path, int flags);

        [LibraryImport("libc", EntryPoint = "fsync")]
        private static partial int Fsync(int descriptor);

        [LibraryImport("libc", EntryPoint = "close")]
        private static partial int Close(int descriptor);
    }
}
