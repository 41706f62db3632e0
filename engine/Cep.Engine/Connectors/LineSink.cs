using System.Buffers;

namespace Cep.Engine.Connectors;

/// <summary>Writes one value as bytes, without a line end.</summary>
/// <param name="line">Takes the bytes, UTF-8.</param>
/// <param name="value">The value.</param>
public delegate void LineFormat<T>(IBufferWriter<byte> line, in T value);

/// <summary>Writes each value as one line of bytes, ended by LF, through a buffer of 64 KiB.</summary>
/// <typeparam name="T">The type of the values.</typeparam>
public sealed class LineSink<T> : Sink<T>
{
    private const int BufferBytes = 64 * 1024;

    private readonly ByteOutput _output;
    private readonly LineFormat<T> _format;
    private readonly ArrayBufferWriter<byte> _buffer = new(BufferBytes);
    private Stream? _stream;

    /// <summary>Describes the sink; nothing is opened yet.</summary>
    /// <param name="output">Where the bytes go; its name is the sink's.</param>
    /// <param name="format">Writes one value.</param>
    public LineSink(ByteOutput output, LineFormat<T> format)
        : base(output.Name)
    {
        ArgumentNullException.ThrowIfNull(format);
        _output = output;
        _format = format;
    }

    /// <inheritdoc/>
    public override bool IsInteractive => _output.IsInteractive;

    /// <inheritdoc/>
    public override void Open() => _stream = _output.Open();

    /// <inheritdoc/>
    public override void Write(in T value)
    {
        _format(_buffer, value);
        _buffer.GetSpan(1)[0] = (byte)'\n';
        _buffer.Advance(1);
        if (_buffer.WrittenCount >= BufferBytes) WriteBuffer();
    }

    /// <inheritdoc/>
    public override void Flush()
    {
        WriteBuffer();
        _stream!.Flush();
    }

    /// <inheritdoc/>
    public override void Close()
    {
        using Stream? stream = _stream;
        if (stream is not null) Flush();
    }

    private void WriteBuffer()
    {
        // Taken out of the buffer first: after a failed write, closing must not write the same bytes again.
        ReadOnlySpan<byte> written = _buffer.WrittenSpan;
        _buffer.ResetWrittenCount();
        _stream!.Write(written);
    }
}
