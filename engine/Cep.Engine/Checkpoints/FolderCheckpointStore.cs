namespace Cep.Engine.Checkpoints;

/// <summary>Keeps checkpoints in a folder, an object a file.</summary>
/// <remarks>
/// A file is written under another name, forced to the disk, renamed, and its folder forced to the disk (on Windows the file system sees to the
/// last). A file <c>.lock</c> is held open, so that one process at a time writes; <c>.writing</c> has what is not finished and is emptied at the
/// beginning.
/// </remarks>
public sealed class FolderCheckpointStore : CheckpointStore
{
    private const string WritingFolder = ".writing";

    private readonly string _path;
    private readonly FileStream? _lock;
    private readonly Lock _folders = new();
    private long _written;

    private bool _leavesNoTrace;

    private FolderCheckpointStore(string path, FileStream? held) => (_path, _lock) = (path, held);

    /// <summary>Opens a folder to write and read; it is made when it is not there.</summary>
    /// <param name="path">The folder.</param>
    /// <exception cref="CheckpointStoreException">Another process has it open, or it cannot be written.</exception>
    public static FolderCheckpointStore Open(string path)
    {
        path = Path.GetFullPath(path);
        try
        {
            DurableFolder.Create(path);
            var store = new FolderCheckpointStore(path, TakeLock(path));
            store.ClearWriting();
            return store;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw StoreFailure.Of($"The checkpoint folder {path} cannot be opened", e);
        }
    }

    /// <summary>Opens a folder that is written once and given away: nothing of its own is left in it when the store is disposed.</summary>
    internal static FolderCheckpointStore OpenOnce(string path)
    {
        FolderCheckpointStore store = Open(path);
        store._leavesNoTrace = true;
        return store;
    }

    /// <summary>Opens a folder to read, also while another process writes to it.</summary>
    /// <param name="path">The folder.</param>
    /// <exception cref="CheckpointStoreException">There is no such folder.</exception>
    public static FolderCheckpointStore OpenReadOnly(string path)
    {
        path = Path.GetFullPath(path);
        return Directory.Exists(path) ? new FolderCheckpointStore(path, null) : throw new CheckpointStoreException($"There is no folder {path}.");
    }

    /// <inheritdoc/>
    public override async ValueTask WriteAsync(string name, IReadOnlyList<ReadOnlyMemory<byte>> content, CancellationToken cancellation = default)
    {
        CheckWritable();
        string path = PathOf(name);
        // Forcing to the disk blocks, whatever the rest does.
        await Task.Run(() => Write(path, content, cancellation), cancellation).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public override Stream? OpenRead(string name)
    {
        string path = PathOf(name);
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0, FileOptions.SequentialScan);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw StoreFailure.Of($"The file {path} cannot be read", e);
        }
    }

    /// <inheritdoc/>
    public override IReadOnlyList<StoredObject> List(string prefix)
    {
        try
        {
            return new DirectoryInfo(_path).EnumerateFiles("*", SearchOption.AllDirectories)
                .Select(f => new StoredObject(Path.GetRelativePath(_path, f.FullName).Replace(Path.DirectorySeparatorChar, '/'), f.Length))
                .Where(o => o.Name.StartsWith(prefix, StringComparison.Ordinal) && StoreName.IsValid(o.Name))
                .OrderBy(o => o.Name, StringComparer.Ordinal).ToArray();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw StoreFailure.Of($"The checkpoint folder {_path} cannot be read", e);
        }
    }

    /// <inheritdoc/>
    public override async ValueTask DeleteAsync(string name, CancellationToken cancellation = default)
    {
        CheckWritable();
        string path = PathOf(name);
        await Task.Run(() => Delete(path), cancellation).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        if (_leavesNoTrace)
        {
            TryDelete(Path.Combine(_path, WritingFolder), Directory.Delete);
            TryDelete(Path.Combine(_path, DurableFolder.LockFile), File.Delete);
        }

        _lock?.Dispose();
        base.Dispose();
    }

    private static FileStream TakeLock(string path) => DurableFolder.TryLock(path)
        ?? throw new CheckpointStoreException($"The checkpoint folder {path} is in use by another job. Give each job a folder of its own.");

    private void ClearWriting()
    {
        string writing = Path.Combine(_path, WritingFolder);
        if (Directory.Exists(writing)) Directory.Delete(writing, recursive: true);
        Directory.CreateDirectory(writing);
    }

    private string PathOf(string name)
    {
        StoreName.Check(name);
        return Path.Combine(_path, name.Replace('/', Path.DirectorySeparatorChar));
    }

    private void CheckWritable()
    {
        if (_lock is null) throw new InvalidOperationException($"The checkpoint folder {_path} was opened to read only.");
    }

    private void Write(string path, IReadOnlyList<ReadOnlyMemory<byte>> content, CancellationToken cancellation)
    {
        string writing = Path.Combine(_path, WritingFolder, Interlocked.Increment(ref _written).ToString());
        try
        {
            WriteToDisk(writing, content, cancellation);
            lock (_folders)
            {
                string folder = Path.GetDirectoryName(path)!;
                DurableFolder.Create(folder);
                File.Move(writing, path, overwrite: true);
                DurableFolder.Flush(folder);
            }
        }
        catch (Exception e)
        {
            TryDelete(writing, File.Delete);
            if (e is IOException or UnauthorizedAccessException) throw StoreFailure.Of($"The file {path} cannot be written", e);
            throw;
        }
    }

    private static void WriteToDisk(string path, IReadOnlyList<ReadOnlyMemory<byte>> content, CancellationToken cancellation)
    {
        using Microsoft.Win32.SafeHandles.SafeFileHandle file = File.OpenHandle(path, FileMode.Create, FileAccess.Write);
        long at = 0;
        foreach (ReadOnlyMemory<byte> piece in content)
        {
            cancellation.ThrowIfCancellationRequested();
            RandomAccess.Write(file, piece.Span, at);
            at += piece.Length;
        }

        RandomAccess.FlushToDisk(file);
    }

    private static void TryDelete(string path, Action<string> delete)
    {
        try
        {
            delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It is in nobody's way, and the next opening clears it.
        }
    }

    private void Delete(string path)
    {
        try
        {
            lock (_folders)
            {
                if (File.Exists(path)) File.Delete(path);
                for (string folder = Path.GetDirectoryName(path)!; folder.Length > _path.Length; folder = Path.GetDirectoryName(folder)!)
                {
                    if (!Directory.Exists(folder)) continue;
                    if (Directory.EnumerateFileSystemEntries(folder).Any()) break;
                    Directory.Delete(folder);
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw StoreFailure.Of($"The file {path} cannot be deleted", e);
        }
    }
}
