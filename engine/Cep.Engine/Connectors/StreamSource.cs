using Cep.Engine.Time;

namespace Cep.Engine.Connectors;

/// <summary>A split made of bytes: a file, gzipped or not, or standard input, cut into records and decoded.</summary>
/// <typeparam name="T">The type of the records.</typeparam>
/// <remarks>
/// A piece of input that is not a record is reported as a <see cref="MalformedRecord"/> and passed over. An input that cannot be read any further,
/// or a decoder that throws, fails the job with a <see cref="SourceReadException"/>.
/// </remarks>
public sealed class StreamSource<T> : Source<T>
{
    /// <summary>The longest record taken unless told otherwise: 8 MiB.</summary>
    public const int DefaultMaxRecordBytes = 8 * 1024 * 1024;

    private readonly ByteInput _input;
    private readonly Framing _framing;
    private readonly RecordDecoder<T> _decoder;
    private readonly int _maxRecordBytes;
    private RecordReader? _reader;
    private bool _hasHeader;

    /// <summary>Describes the split; nothing is opened yet.</summary>
    /// <param name="input">Where the bytes come from; its name is the source's.</param>
    /// <param name="framing">How they are cut into records.</param>
    /// <param name="decoder">How a record becomes a value with an event time; used by this source alone.</param>
    /// <param name="watermarks">How the split tells event time.</param>
    /// <param name="maxRecordBytes">A longer record is malformed. Default 8 MiB.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxRecordBytes"/> is not positive or over 1 GiB.</exception>
    public StreamSource(
        ByteInput input, Framing framing, RecordDecoder<T> decoder, WatermarkStrategy watermarks, int maxRecordBytes = DefaultMaxRecordBytes)
        : base((input ?? throw new ArgumentNullException(nameof(input))).Name, watermarks)
    {
        ArgumentNullException.ThrowIfNull(framing);
        ArgumentNullException.ThrowIfNull(decoder);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxRecordBytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maxRecordBytes, 1 << 30);
        _input = input;
        _framing = framing;
        _decoder = decoder;
        _maxRecordBytes = maxRecordBytes;
    }

    /// <inheritdoc/>
    public override bool IsLive => _input.IsLive;

    /// <inheritdoc/>
    public override bool CanResume => _input.CanReopen;

    /// <summary>The byte, of the decompressed content, and the line after the record handed on last.</summary>
    public override SourcePosition Position => _reader?.Position ?? default;

    /// <inheritdoc/>
    public override void Read(SourceOutput<T> output, CancellationToken stop)
    {
        using OpenedInput input = _input.Open();
        output.SetTotalBytes(input.TotalBytes);
        var reader = _reader = new RecordReader(input.Content, _framing, _maxRecordBytes);
        _hasHeader = false;
        try
        {
            if (output.ResumeFrom is { Offset: > 0 } position) Resume(reader, position);
            while (TakeRecords(reader, output))
            {
                // The next read may wait for long; what is at hand must not wait with it.
                if (IsLive) output.Flush();
                stop.ThrowIfCancellationRequested();
                reader.Fill();
                output.SetBytesRead(input.Raw.BytesRead);
            }
        }
        catch (Exception problem) when (problem is not OperationCanceledException)
        {
            throw new SourceReadException(reader.Line, problem);
        }
    }

    /// <summary>Goes on where the split stood; a header is read again from the beginning.</summary>
    private void Resume(RecordReader reader, SourcePosition position)
    {
        while (_framing.HasHeader && !_hasHeader)
        {
            switch (reader.TryNext(out ReadOnlySpan<byte> header))
            {
                case FrameStatus.NeedInput: reader.Fill(); break;
                case FrameStatus.Record:
                    _decoder.Header(header);
                    _hasHeader = true;
                    break;
                default: throw new InvalidDataException("The input has no header any more: it is another input than the checkpoint was taken of.");
            }
        }

        reader.SkipTo(position);
    }

    /// <returns>Whether more input is needed; false at its end.</returns>
    private bool TakeRecords(RecordReader reader, SourceOutput<T> output)
    {
        while (true)
        {
            switch (reader.TryNext(out ReadOnlySpan<byte> record))
            {
                case FrameStatus.NeedInput: return true;
                case FrameStatus.End: return false;
                case FrameStatus.Malformed:
                    if (_framing.HasHeader && !_hasHeader) throw new InvalidDataException(reader.Reason);
                    output.EmitMalformed(reader.Line, reader.Reason, MalformedRecord.Excerpt(record));
                    break;
                case FrameStatus.Record: Take(record, reader.Line, output); break;
            }
        }
    }

    private void Take(ReadOnlySpan<byte> record, long line, SourceOutput<T> output)
    {
        if (_framing.HasHeader && !_hasHeader)
        {
            _decoder.Header(record);
            _hasHeader = true;
        }
        else if (_decoder.TryDecode(record, output.ReceivedAtMs, out T value, out long timestampMs, out string? error))
        {
            output.Emit(value, timestampMs, record.Length);
        }
        else
        {
            output.EmitMalformed(line, error ?? "The record cannot be decoded.", MalformedRecord.Excerpt(record));
        }
    }
}
