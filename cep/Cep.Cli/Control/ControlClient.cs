using System.Net.Sockets;
using System.Text.Json;

namespace Cep.Cli.Control;

/// <summary>Asks something of the run that uses a checkpoint folder.</summary>
internal static class ControlClient
{
    /// <summary>Asks, and waits for the answer.</summary>
    /// <exception cref="UsageException">Nothing runs there, or it is another user's.</exception>
    /// <exception cref="IOException">The run ended before it answered.</exception>
    public static async Task<ControlReply> AskAsync(string folder, ControlRequest request)
    {
        using var stream = new NetworkStream(Connect(folder), ownsSocket: true);
        await ControlLine.WriteAsync(stream, JsonSerializer.Serialize(request, ControlJson.Default.ControlRequest)).ConfigureAwait(false);
        var line = await ControlLine.ReadAsync(stream).ConfigureAwait(false);
        return line.Length == 0 ? throw new IOException("it ended before it answered") : JsonSerializer.Deserialize(line, ControlJson.Default.ControlReply)!;
    }

    private static Socket Connect(string folder)
    {
        if (!Directory.Exists(folder))
            throw new UsageException($"There is no folder `{folder}`.");
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(ControlSocket.PathOf(folder)));
            return socket;
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw new UsageException(e.SocketErrorCode switch
            {
                SocketError.AccessDenied => $"The run with the checkpoint folder `{folder}` belongs to another user.",
                // No socket, or one that a killed run left behind.
                _ => $"No `cep run` is running with the checkpoint folder `{folder}`.",
            });
        }
    }
}
