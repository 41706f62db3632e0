using System.Collections.Concurrent;
using System.Text;

namespace Cep.Engine.Tests.Support;

/// <summary>A stream whose reader waits until the test writes, as on standard input.</summary>
internal sealed class Pipe : Stream
{
    private readonly BlockingCollection<byte[]> _written = [];
    private byte[] _current = [];
    private int _at;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public void Say(string text) => _written.Add(Encoding.UTF8.GetBytes(text));

    public void HangUp() => _written.CompleteAdding();

    public override int Read(byte[] buffer, int offset, int count)
    {
        if (_at == _current.Length)
        {
            if (!_written.TryTake(out byte[]? next, Timeout.Infinite)) return 0;
            _current = next;
            _at = 0;
        }

        int length = Math.Min(count, _current.Length - _at);
        Array.Copy(_current, _at, buffer, offset, length);
        _at += length;
        return length;
    }

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
