using System.IO.Compression;

namespace Cep.Engine.Connectors;

/// <summary>Where the bytes of a <see cref="StreamSource{T}"/> come from. Gzip is recognised by its first bytes, and by a file name ending in
/// <c>.gz</c>.</summary>
/// <remarks>
/// Gzip data that is cut short is an error, not an end: the runtime's switch <c>System.IO.Compression.UseStrictValidation</c> is turned on for the
/// process unless the application has set it.
/// </remarks>
public sealed class ByteInput
{
    private const string StrictGzip = "System.IO.Compression.UseStrictValidation";
    private readonly Func<Stream> _open;

    static ByteInput()
    {
        if (!AppContext.TryGetSwitch(StrictGzip, out _)) AppContext.SetSwitch(StrictGzip, true);
    }

    private ByteInput(string name, bool isLive, bool canReopen, Func<Stream> open)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        Name = name;
        IsLive = isLive;
        CanReopen = canReopen;
        _open = open;
    }

    /// <summary>The name, for messages: a file's path as it was given.</summary>
    public string Name { get; }

    /// <summary>Whether reading may wait for data that does not exist yet.</summary>
    public bool IsLive { get; }

    /// <summary>Whether it can be read again from its beginning, as a file can and a pipe cannot.</summary>
    public bool CanReopen { get; }

    /// <summary>A file, opened when the job reads it.</summary>
    /// <param name="path">The path, absolute or relative to the working directory.</param>
    public static ByteInput File(string path) =>
        new(path, false, true, () => new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 64 * 1024, FileOptions.SequentialScan));

    /// <summary>The process's standard input; live.</summary>
    public static ByteInput StandardInput() => new("standard input", true, false, Console.OpenStandardInput);

    /// <summary>A stream, which is read to its end and disposed.</summary>
    /// <param name="name">For messages.</param>
    /// <param name="stream">Read by one thread from where it stands.</param>
    /// <param name="isLive">Whether a read may wait for data that does not exist yet.</param>
    public static ByteInput FromStream(string name, Stream stream, bool isLive = false) => new(name, isLive, false, () => stream);

    /// <summary>Bytes that are opened when the job reads them, and again when it is restarted.</summary>
    internal static ByteInput Reopened(string name, Func<Stream> open, bool isLive) => new(name, isLive, true, open);

    internal OpenedInput Open()
    {
        var raw = new CountingStream(_open());
        try
        {
            long? totalBytes = raw.TotalBytes;
            bool isGzip = Name.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) || raw.StartsWithGzipMagic();
            return new OpenedInput(isGzip ? new GZipStream(raw, CompressionMode.Decompress) : raw, raw, totalBytes);
        }
        catch
        {
            raw.Dispose();
            throw;
        }
    }
}

/// <summary>An input being read.</summary>
/// <param name="Content">The bytes of the records, decompressed; owns <paramref name="Raw"/>.</param>
/// <param name="Raw">The bytes as they are stored.</param>
/// <param name="TotalBytes">The number of stored bytes, where it is known.</param>
internal sealed record OpenedInput(Stream Content, CountingStream Raw, long? TotalBytes) : IDisposable
{
    public void Dispose() => Content.Dispose();
}
