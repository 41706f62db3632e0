using System.Buffers.Binary;

namespace Cep.Engine.Connectors;

/// <summary>A file that only ever shows committed bytes, and beside it the file <c>.staged</c> with the bytes that are not committed yet.</summary>
/// <remarks>
/// The staged file begins with its <em>base</em>, and the same with every bit turned over: how many bytes of the output lie before its own; and with how
/// many bytes were committed when it was last written down, for an output that is moved away. It is started anew only when all it holds is
/// committed, so the base is never past the end of the output, and what a checkpoint holds can always be made up from the two:
/// <code>
/// output  |=========committed=========|
/// staged                |base---------|-----not yet-----|
/// </code>
/// One thread.
/// </remarks>
internal sealed class StagedFile : IDisposable
{
    private const int HeaderBytes = 3 * sizeof(long);

    // A staged file that was committed in full is started anew past this size, and not at every commit.
    private const long StartAnewBytes = 16 * 1024 * 1024;

    private readonly string _path;
    private readonly FileStream _output;
    private readonly FileStream _staged;
    private long _base;
    private long _committed;

    /// <summary>Opens both files, or makes them.</summary>
    /// <param name="path">The output's path.</param>
    public StagedFile(string path)
    {
        _path = path;
        IsNew = !File.Exists(path);
        _output = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, 0);
        try
        {
            _staged = new FileStream(path + ".staged", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, 0);
        }
        catch
        {
            _output.Dispose();
            throw;
        }
    }

    /// <summary>Whether there was no output at that path.</summary>
    public bool IsNew { get; }

    /// <summary>The bytes that readers can see.</summary>
    public long CommittedBytes => _output.Length;

    /// <summary>The bytes of the output, committed and staged.</summary>
    public long TotalBytes => _base + _staged.Length - HeaderBytes;

    /// <summary>Empties the output.</summary>
    public void Clear()
    {
        _output.SetLength(0);
        StartAnew();
    }

    /// <summary>Makes the output what it was with <paramref name="length"/> bytes: commits what is missing of them, and drops the rest.</summary>
    /// <exception cref="InvalidDataException">The two files do not hold that many bytes of it.</exception>
    public void Restore(long length)
    {
        // Even where the output is long enough: a machine that stopped during the commit may have kept its length and not its bytes.
        if (TryReadBase() && _base < length && _base <= _output.Length && TotalBytes >= length)
        {
            Copy(_base, length);
        }
        else if (_output.Length < length)
        {
            throw new InvalidDataException(
                $"'{_path}' has {_output.Length} bytes, but the checkpoint was taken when {length} were written: it was cut or replaced since. "
                + "Move it away to begin a new output, or give it back.");
        }

        _output.SetLength(length);
        _output.Flush(flushToDisk: true);
        StartAnew();
    }

    /// <summary>Begins a new output in place of one that was moved away, with what a checkpoint holds and nobody saw yet.</summary>
    /// <param name="length">The bytes that were written, committed or not, when the checkpoint was taken.</param>
    public void Replace(long length)
    {
        if (TryReadBase() && _committed >= _base && _committed < length && TotalBytes >= length)
        {
            _staged.Position = HeaderBytes + _committed - _base;
            Copy(length - _committed);
            _output.Flush(flushToDisk: true);
        }

        StartAnew();
    }

    /// <summary>Adds bytes that are not visible yet.</summary>
    public void Stage(ReadOnlySpan<byte> bytes) => _staged.Write(bytes);

    /// <summary>Makes what is staged survive a crash of the machine.</summary>
    public void Sync() => _staged.Flush(flushToDisk: true);

    /// <summary>Makes the first <paramref name="length"/> bytes of the output visible.</summary>
    public void Commit(long length)
    {
        if (length > _output.Length)
        {
            Copy(_output.Length, length);
            _output.Flush(flushToDisk: true);
            WriteHeader(length);
        }

        if (length == TotalBytes && _staged.Length > StartAnewBytes) StartAnew();
    }

    /// <summary>Everything is committed: the staged file goes.</summary>
    public void Complete()
    {
        _staged.Dispose();
        File.Delete(_path + ".staged");
    }

    public void Dispose()
    {
        _output.Dispose();
        _staged.Dispose();
    }

    private void Copy(long from, long to)
    {
        _staged.Position = HeaderBytes + from - _base;
        _output.Position = from;
        Copy(to - from);
        _staged.Position = _staged.Length;
    }

    /// <summary>Copies from where the one file stands to where the other does.</summary>
    private void Copy(long bytes)
    {
        byte[] buffer = new byte[Math.Min(bytes, 1024 * 1024)];
        for (long left = bytes; left > 0;)
        {
            Span<byte> piece = buffer.AsSpan(0, (int)Math.Min(buffer.Length, left));
            _staged.ReadExactly(piece);
            _output.Write(piece);
            left -= piece.Length;
        }
    }

    private bool TryReadBase()
    {
        Span<byte> header = stackalloc byte[HeaderBytes];
        _staged.Position = 0;
        if (_staged.ReadAtLeast(header, HeaderBytes, throwOnEndOfStream: false) < HeaderBytes) return false;
        _base = BinaryPrimitives.ReadInt64LittleEndian(header);
        _committed = BinaryPrimitives.ReadInt64LittleEndian(header[(2 * sizeof(long))..]);
        return BinaryPrimitives.ReadInt64LittleEndian(header[sizeof(long)..]) == ~_base;
    }

    private void StartAnew()
    {
        _base = _output.Length;
        _staged.SetLength(0);
        WriteHeader(_base);
    }

    private void WriteHeader(long committed)
    {
        Span<byte> header = stackalloc byte[HeaderBytes];
        _committed = committed;
        BinaryPrimitives.WriteInt64LittleEndian(header, _base);
        BinaryPrimitives.WriteInt64LittleEndian(header[sizeof(long)..], ~_base);
        BinaryPrimitives.WriteInt64LittleEndian(header[(2 * sizeof(long))..], committed);
        _staged.Position = 0;
        _staged.Write(header);
        _staged.Position = _staged.Length;
    }
}
