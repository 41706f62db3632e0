using System.Globalization;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Cep.Cli.Control;

/// <summary>Where a run listens for <c>cep savepoint</c> and <c>cep stop</c>: a local socket in its checkpoint folder, for its user alone.</summary>
internal static class ControlSocket
{
    private const string Name = ".control";

    // The shortest limit of the systems that have such sockets is 104 bytes with a zero at the end.
    private const int PathBytesMax = 100;

    /// <summary>The socket of a checkpoint folder. Where the folder's path is too long for one, it lies among the temporary files under a name that follows from that path.</summary>
    public static string PathOf(string folder)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        var path = Path.Combine(full, Name);
        return Encoding.UTF8.GetByteCount(path) <= PathBytesMax ? path
            : Path.Combine(Path.GetTempPath(), string.Create(CultureInfo.InvariantCulture, $"cep-{Hash(full)}{Name}"));
    }

    /// <summary>Listens; a socket that a killed run left behind makes room.</summary>
    /// <exception cref="Exception">The system does not let it: a <see cref="SocketException"/>, an <see cref="IOException"/>, or an <see cref="UnauthorizedAccessException"/>.</exception>
    public static Socket Listen(string path)
    {
        // Whoever listens holds the folder's lock, so nobody else does.
        File.Delete(path);
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Bind(new UnixDomainSocketEndPoint(path));
            // Nobody can connect before the socket listens.
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            socket.Listen();
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static string Hash(string path) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(path)).AsSpan(0, 12));
}
