namespace Cep.Engine.Connectors;

/// <summary>Reads another stream, counts its bytes, and can look at the first two without taking them.</summary>
internal sealed class CountingStream(Stream inner) : Stream
{
    private readonly byte[] _peeked = new byte[2];
    private int _peekedStart;
    private int _peekedEnd;

    /// <summary>The bytes read from the inner stream so far.</summary>
    public long BytesRead { get; private set; }

    /// <summary>The bytes from where the inner stream stands to its end; null for a pipe.</summary>
    public long? TotalBytes => inner.CanSeek ? inner.Length - inner.Position : null;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Waits for as many bytes as it takes to tell, two at most.</summary>
    public bool StartsWithGzipMagic()
    {
        ReadOnlySpan<byte> magic = [0x1F, 0x8B];
        while (_peekedEnd < magic.Length && magic.StartsWith(_peeked.AsSpan(0, _peekedEnd)))
        {
            int read = ReadInner(_peeked.AsSpan(_peekedEnd));
            if (read == 0) return false;
            _peekedEnd += read;
        }

        return magic.SequenceEqual(_peeked);
    }

    public override int Read(Span<byte> buffer)
    {
        if (_peekedStart == _peekedEnd) return ReadInner(buffer);
        int count = Math.Min(buffer.Length, _peekedEnd - _peekedStart);
        _peeked.AsSpan(_peekedStart, count).CopyTo(buffer);
        _peekedStart += count;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) inner.Dispose();
        base.Dispose(disposing);
    }

    private int ReadInner(Span<byte> buffer)
    {
        int read = inner.Read(buffer);
        BytesRead += read;
        return read;
    }
}
