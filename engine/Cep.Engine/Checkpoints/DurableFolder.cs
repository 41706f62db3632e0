using System.Runtime.InteropServices;
using System.Text;

namespace Cep.Engine.Checkpoints;

/// <summary>Folders whose entries survive a power cut.</summary>
internal static class DurableFolder
{
    /// <summary>The file that is held open in a folder that is in use.</summary>
    public const string LockFile = ".lock";

    /// <summary>Makes a folder and those above it, where they are not there.</summary>
    public static void Create(string path)
    {
        if (Directory.Exists(path)) return;
        string? above = Path.GetDirectoryName(path);
        if (above is not null) Create(above);
        Directory.CreateDirectory(path);
        if (above is not null) Flush(above);
    }

    /// <summary>Forces the names in a folder to the disk. Does nothing on Windows, where renaming a file is enough.</summary>
    /// <exception cref="IOException">The system cannot.</exception>
    public static void Flush(string path)
    {
        if (OperatingSystem.IsWindows()) return;
        int folder = Open(Encoding.UTF8.GetBytes(path + '\0'), 0);
        if (folder < 0) throw Failed(path);
        try
        {
            if (Synchronize(folder) != 0) throw Failed(path);
        }
        finally
        {
            _ = CloseFile(folder);
        }
    }

    /// <summary>Takes a folder for this process, by a file in it that is held open.</summary>
    /// <returns>Lets go of it when disposed; null when another has it.</returns>
    /// <exception cref="IOException">The file cannot be made.</exception>
    public static FileStream? TryLock(string path)
    {
        try
        {
            return new FileStream(Path.Combine(path, LockFile), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (e.GetType() == typeof(IOException) && !StoreFailure.IsNoSpace(e))
        {
            return null;
        }
    }

    private static IOException Failed(string path)
    {
        int error = Marshal.GetLastPInvokeError();
        return new IOException($"{Marshal.GetPInvokeErrorMessage(error)}: {path}", error);
    }

    // .NET opens no folders, so the C library is called.
    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    private static extern int Open(byte[] path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static extern int Synchronize(int file);

    [DllImport("libc", EntryPoint = "close", SetLastError = true)]
    private static extern int CloseFile(int file);
}
