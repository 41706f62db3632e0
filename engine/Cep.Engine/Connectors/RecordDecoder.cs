namespace Cep.Engine.Connectors;

/// <summary>Turns the bytes of one record into a value and its event time.</summary>
/// <typeparam name="T">The type of the value.</typeparam>
/// <remarks>One decoder serves one source, on that source's thread; it may keep state. It is on the hot path.</remarks>
public abstract class RecordDecoder<T>
{
    /// <summary>Takes the header of an input that has one, before the first record. An exception fails the job.</summary>
    /// <param name="header">The header's bytes, without the line end; valid during the call.</param>
    public virtual void Header(ReadOnlySpan<byte> header)
    {
    }

    /// <summary>Decodes one record.</summary>
    /// <param name="record">The record's bytes, without the line end and not blank; valid during the call. Not checked to be UTF-8.</param>
    /// <param name="receivedAtMs">The clock's time when the record was read, or where it came from an event log when it was appended, Unix milliseconds.</param>
    /// <param name="value">The value.</param>
    /// <param name="timestampMs">The value's event time, Unix milliseconds; not used where the source goes by processing time.</param>
    /// <param name="error">Why the record is malformed: one sentence, for the user who wrote the data.</param>
    /// <returns>False when the record is malformed; it is reported and reading goes on.</returns>
    public abstract bool TryDecode(ReadOnlySpan<byte> record, long receivedAtMs, out T value, out long timestampMs, out string? error);
}
