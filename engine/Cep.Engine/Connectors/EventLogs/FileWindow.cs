using Microsoft.Win32.SafeHandles;

namespace Cep.Engine.Connectors.EventLogs;

/// <summary>Reads a file piece by piece through a buffer, mostly onward.</summary>
internal sealed class FileWindow(SafeFileHandle file)
{
    private const int WindowBytes = 256 * 1024;

    private byte[] _buffer = new byte[WindowBytes];
    private long _position;
    private int _length;

    /// <summary>Some bytes.</summary>
    /// <param name="position">From where.</param>
    /// <param name="count">How many.</param>
    /// <param name="limit">The byte before which reading ends.</param>
    /// <returns>Fewer where the limit or the file ends before; valid until the next call.</returns>
    public ReadOnlySpan<byte> Read(long position, int count, long limit)
    {
        count = (int)Math.Min(count, Math.Max(0, limit - position));
        if (position < _position || position + count > _position + _length) Fill(position, count, limit);
        int start = (int)(position - _position);
        return _buffer.AsSpan(start, Math.Min(count, _length - start));
    }

    private void Fill(long position, int count, long limit)
    {
        int want = (int)Math.Min(Math.Max(count, WindowBytes), limit - position);
        if (want > _buffer.Length || (_buffer.Length > WindowBytes && want <= WindowBytes)) _buffer = new byte[Math.Max(want, WindowBytes)];
        (_position, _length) = (position, 0);
        while (_length < want)
        {
            int read = RandomAccess.Read(file, _buffer.AsSpan(_length, want - _length), position + _length);
            if (read == 0) return;
            _length += read;
        }
    }
}
