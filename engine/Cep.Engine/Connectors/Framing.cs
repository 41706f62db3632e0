namespace Cep.Engine.Connectors;

/// <summary>How a stream of bytes is cut into records: <see cref="LineFraming"/> or <see cref="CsvFraming"/>.</summary>
/// <remarks>Both end a record at LF or CRLF, take a last record without a line end, skip a UTF-8 byte order mark at the start and pass over blank
/// lines.</remarks>
public abstract class Framing
{
    private protected Framing()
    {
    }

    /// <summary>Whether the first record is a header, for the decoder's <see cref="RecordDecoder{T}.Header"/>.</summary>
    public abstract bool HasHeader { get; }

    internal abstract RecordScanner CreateScanner();
}

/// <summary>Finds where records end, in input that comes in pieces cut anywhere.</summary>
internal abstract class RecordScanner
{
    /// <summary>The line feeds inside the current record, its own line end not counted.</summary>
    public abstract long LineFeedsInside { get; }

    /// <summary>Whether the record would be incomplete if the input ended here.</summary>
    public abstract bool IsOpen { get; }

    /// <summary>The index of the line feed that ends the current record, or -1 when all of the input belongs to it and it goes on in the next
    /// piece.</summary>
    public abstract int FindEnd(ReadOnlySpan<byte> input);

    /// <summary>Whether a record is to be passed over.</summary>
    public abstract bool IsBlank(ReadOnlySpan<byte> record);

    /// <summary>Begins the next record.</summary>
    public abstract void Reset();
}
