namespace Cep.Engine.Connectors;

/// <summary>What <see cref="RecordReader.TryNext"/> found.</summary>
internal enum FrameStatus
{
    /// <summary>A whole record.</summary>
    Record,

    /// <summary>The beginning of a record that is too long or cut off; <see cref="RecordReader.Reason"/> says which.</summary>
    Malformed,

    /// <summary>Nothing whole is in memory: read more with <see cref="RecordReader.Fill"/>.</summary>
    NeedInput,

    /// <summary>The input has ended.</summary>
    End,
}

/// <summary>Cuts a stream of bytes into records without copying them out of its buffer.</summary>
/// <remarks>
/// The buffer grows to the longest record, at most to the limit. A record over the limit is read to its end and dropped as it comes, but for its
/// first bytes. Nothing is scanned twice, wherever the pieces are cut.
/// </remarks>
internal sealed class RecordReader(Stream stream, Framing framing, int maxRecordBytes)
{
    // Enough for the first MaxTextLength characters whatever they are.
    private const int ExcerptBytes = 4 * MalformedRecord.MaxTextLength;
    private const int InitialBufferBytes = 64 * 1024;

    private readonly RecordScanner _scanner = framing.CreateScanner();
    private byte[] _buffer = new byte[InitialBufferBytes];
    private int _start;
    private int _scanned;
    private int _end;
    private long _offsetOfBuffer;
    private bool _inputEnded;
    private bool _pastMark;
    private byte[]? _excerpt;
    private long _nextLine = 1;

    /// <summary>The line, from 1, that the record last found begins on; before that, the line being read.</summary>
    public long Line { get; private set; } = 1;

    /// <summary>Where the next record begins; what stands before was found.</summary>
    public SourcePosition Position => new(_offsetOfBuffer + _start, _nextLine);

    /// <summary>Why the record last found is malformed.</summary>
    public string Reason { get; private set; } = "";

    /// <summary>Reads another piece of input, waiting for it if need be.</summary>
    public void Fill()
    {
        MakeRoom();
        int read = stream.Read(_buffer, _end, _buffer.Length - _end);
        _end += read;
        if (read == 0) _inputEnded = true;
    }

    /// <summary>Passes over everything before a position at or after <see cref="Position"/>, where a record begins.</summary>
    /// <exception cref="InvalidDataException">The input ends before it.</exception>
    public void SkipTo(SourcePosition position)
    {
        _pastMark = true;
        while (_offsetOfBuffer + _end < position.Offset)
        {
            _start = _scanned = _end;
            Fill();
            if (_inputEnded)
            {
                throw new InvalidDataException(
                    $"The input ends at byte {_offsetOfBuffer + _end}, but had been read to byte {position.Offset} when the checkpoint was taken: it is another input.");
            }
        }

        _start = _scanned = (int)(position.Offset - _offsetOfBuffer);
        _nextLine = position.Line;
        _scanner.Reset();
    }

    /// <summary>Finds the next record that is not blank.</summary>
    /// <param name="record">The record without its line end; valid until the next call to this reader.</param>
    public FrameStatus TryNext(out ReadOnlySpan<byte> record)
    {
        record = default;
        if (!_pastMark && !SkipByteOrderMark()) return FrameStatus.NeedInput;
        while (true)
        {
            Line = _nextLine;
            int found = _scanner.FindEnd(_buffer.AsSpan(_scanned, _end - _scanned));
            if (found < 0)
            {
                _scanned = _end;
                if (_excerpt is not null || _end - _start > maxRecordBytes) DropButExcerpt();
                if (!_inputEnded) return FrameStatus.NeedInput;
                if (_end == _start && _excerpt is null) return FrameStatus.End;
            }

            int recordEnd = found < 0 ? _end : _scanned + found;
            FrameStatus status = TakeRecord(recordEnd, out record);
            _start = _scanned = found < 0 ? recordEnd : recordEnd + 1;
            _nextLine = Line + _scanner.LineFeedsInside + 1;
            _scanner.Reset();
            if (status == FrameStatus.Malformed || !_scanner.IsBlank(record)) return status;
        }
    }

    private FrameStatus TakeRecord(int recordEnd, out ReadOnlySpan<byte> record)
    {
        record = _buffer.AsSpan(_start, recordEnd - _start);
        bool isTooLong = _excerpt is not null || record.Length > maxRecordBytes;
        if (isTooLong)
        {
            Reason = $"The record is longer than the limit of {maxRecordBytes} bytes.";
            record = _excerpt ?? record[..Math.Min(record.Length, ExcerptBytes)];
            _excerpt = null;
            return FrameStatus.Malformed;
        }

        if (_scanner.IsOpen)
        {
            Reason = "The input ends inside a quoted field.";
            record = record[..Math.Min(record.Length, ExcerptBytes)];
            return FrameStatus.Malformed;
        }

        if (record.Length > 0 && record[^1] == '\r') record = record[..^1];
        return FrameStatus.Record;
    }

    /// <returns>False when the first bytes may turn out to be a mark but are not all there.</returns>
    private bool SkipByteOrderMark()
    {
        ReadOnlySpan<byte> mark = [0xEF, 0xBB, 0xBF];
        ReadOnlySpan<byte> input = _buffer.AsSpan(0, _end);
        if (input.Length < mark.Length && mark.StartsWith(input) && !_inputEnded) return false;
        _pastMark = true;
        if (input.StartsWith(mark)) _start = _scanned = mark.Length;
        return true;
    }

    private void DropButExcerpt()
    {
        _excerpt ??= _buffer.AsSpan(_start, Math.Min(_end - _start, ExcerptBytes)).ToArray();
        _offsetOfBuffer += _end;
        _start = _scanned = _end = 0;
    }

    private void MakeRoom()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _offsetOfBuffer += _start;
            _end -= _start;
            _scanned -= _start;
            _start = 0;
        }

        if (_end == _buffer.Length) Array.Resize(ref _buffer, _buffer.Length * 2);
    }
}
