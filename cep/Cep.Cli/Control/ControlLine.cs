using System.Text;

namespace Cep.Cli.Control;

/// <summary>One line of text on a stream.</summary>
internal static class ControlLine
{
    /// <summary>Reads up to a line feed or the end; empty when there is nothing.</summary>
    /// <exception cref="IOException">The other side is gone, or the line is too long.</exception>
    public static async Task<string> ReadAsync(Stream stream, CancellationToken cancel = default)
    {
        var bytes = new byte[ControlJson.LineBytesMax];
        for (var length = 0; length < bytes.Length;)
        {
            var read = await stream.ReadAsync(bytes.AsMemory(length), cancel).ConfigureAwait(false);
            var end = bytes.AsSpan(length, read).IndexOf((byte)'\n');
            if (end >= 0 || read == 0)
                return Encoding.UTF8.GetString(bytes, 0, length + Math.Max(end, 0));
            length += read;
        }
        throw new IOException("The line is too long.");
    }

    /// <summary>Writes a line.</summary>
    /// <exception cref="IOException">The other side is gone.</exception>
    public static async Task WriteAsync(Stream stream, string line) => await stream.WriteAsync(Encoding.UTF8.GetBytes(line + "\n")).ConfigureAwait(false);
}
