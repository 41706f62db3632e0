namespace Cep.Events;

/// <summary>Walks the cells of a CSV record (RFC 4180): separated by commas, in double quotes where they hold commas, quotes or line ends.</summary>
internal ref struct CsvCells
{
    private readonly ref byte[] _scratch;
    private ReadOnlySpan<byte> _rest;
    private bool _isAtEnd;

    /// <param name="record">The record without its line end.</param>
    /// <param name="scratch">Where a cell with doubled quotes is put together; grows to the longest such cell.</param>
    public CsvCells(ReadOnlySpan<byte> record, ref byte[] scratch)
    {
        _rest = record;
        _scratch = ref scratch;
    }

    /// <summary>The cell without its quotes; valid until the next one is asked for.</summary>
    public ReadOnlySpan<byte> Current { get; private set; }

    /// <summary>Whether the cell was in quotes.</summary>
    public bool IsQuoted { get; private set; }

    /// <summary>How many cells have been walked.</summary>
    public int Count { get; private set; }

    /// <summary>What is wrong with the quotes of the last cell, or null.</summary>
    public string? Error { get; private set; }

    /// <summary>Goes to the next cell; false at the end, or at an <see cref="Error"/>.</summary>
    public bool MoveNext()
    {
        if (_isAtEnd)
            return false;
        Count++;
        IsQuoted = _rest.Length > 0 && _rest[0] == '"';
        if (IsQuoted)
            return MoveNextQuoted();
        var comma = _rest.IndexOf((byte)',');
        _isAtEnd = comma < 0;
        Current = _isAtEnd ? _rest : _rest[..comma];
        if (!_isAtEnd)
            _rest = _rest[(comma + 1)..];
        return true;
    }

    private bool MoveNextQuoted()
    {
        var body = _rest[1..];
        var end = body.IndexOf((byte)'"');
        if (end >= 0 && end + 1 < body.Length && body[end + 1] == '"')
            end = Unquote(body);
        else if (end >= 0)
            Current = body[..end];
        if (end < 0)
            return Fail("has no closing quote");
        _rest = body[(end + 1)..];
        _isAtEnd = _rest.Length == 0;
        if (_isAtEnd)
            return true;
        if (_rest[0] != ',')
            return Fail("has text after its closing quote");
        _rest = _rest[1..];
        return true;
    }

    /// <summary>Puts together a cell that holds quotes, each of which is doubled.</summary>
    /// <returns>Where the closing quote stands, or -1.</returns>
    private int Unquote(ReadOnlySpan<byte> body)
    {
        if (_scratch.Length < body.Length)
            _scratch = new byte[body.Length];
        var (from, length) = (0, 0);
        while (true)
        {
            var part = body[from..].IndexOf((byte)'"');
            if (part < 0)
                return -1;
            body.Slice(from, part).CopyTo(_scratch.AsSpan(length));
            (from, length) = (from + part, length + part);
            if (from + 1 == body.Length || body[from + 1] != '"')
                break;
            _scratch[length++] = (byte)'"';
            from += 2;
        }
        Current = _scratch.AsSpan(0, length);
        return from;
    }

    private bool Fail(string what)
    {
        Error = $"Cell {Count} {what}.";
        _isAtEnd = true;
        return false;
    }
}
