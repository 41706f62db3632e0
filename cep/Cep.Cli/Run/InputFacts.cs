using System.IO.Compression;

namespace Cep.Cli.Run;

/// <summary>What has to be known of files to say which stream each holds.</summary>
internal abstract record InputFacts
{
    /// <summary>Those of this machine.</summary>
    public static InputFacts OfFileSystem { get; } = new FileSystem();

    /// <summary>Whether there is a file of that path.</summary>
    public abstract bool IsFile(string path);

    /// <summary>Whether there is a folder of that path.</summary>
    public abstract bool IsFolder(string path);

    /// <summary>Whether the lines of a file of JSON say themselves which stream they are of, as far as the first one tells.</summary>
    public abstract bool NamesStreams(string path);

    private sealed record FileSystem : InputFacts
    {
        public override bool IsFile(string path) => File.Exists(path);

        public override bool IsFolder(string path) => Directory.Exists(path);

        public override bool NamesStreams(string path)
        {
            try
            {
                using var file = File.OpenRead(path);
                using var content = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(file, CompressionMode.Decompress) : (Stream)file;
                var start = new byte[4096];
                var line = start.AsSpan(0, content.ReadAtLeast(start, start.Length, throwOnEndOfStream: false));
                var end = line.IndexOf((byte)'\n');
                return (end < 0 ? line : line[..end]).IndexOf("\"$stream\""u8) >= 0;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
            {
                // Whoever reads the file in earnest will say what is wrong with it.
                return false;
            }
        }
    }
}
