using Cep.Engine.Time;

namespace Cep.Engine.Connectors.EventLogs;

/// <summary>A split made of the entries of an <see cref="EventLog"/>, each of them a record; entries that are not are reported as <see cref="MalformedRecord"/> with their offset for the line.</summary>
/// <typeparam name="T">The type of the records.</typeparam>
/// <remarks>
/// It reads what is on the disk, no sooner, and waits for more until the job stops, or to an end that it is given. Its position is the offset of the next entry.
/// <para>
/// Batches end where groups of the log end, each of them what one flush brought to the disk. So they are those of the log and not of the moment, and a job that reads it again from a checkpoint merges its splits as it did the first time,
/// unless some go by the clock or are left out while they are silent.
/// </para>
/// <para>A job that takes checkpoints sets a <see cref="EventLog.Pin">pin</see> of its name, so that what its kept checkpoints would read again is kept too. Whoever gives a job up for good takes it away.</para>
/// </remarks>
public sealed class EventLogSource<T> : Source<T>, IPinnedSource
{
    private readonly EventLog _log;
    private readonly RecordDecoder<T> _decoder;
    private readonly long? _endOffset;

    // A job that has failed leaves its thread behind, which may still be here when the next attempt begins.
    private readonly Lock _reading = new();
    private long _offset;

    /// <summary>Describes the split; the log has to be open while it is read.</summary>
    /// <param name="log">The log; its name is the source's.</param>
    /// <param name="decoder">How an entry becomes a value with an event time, the time of the append being when it was received; used by this source alone.</param>
    /// <param name="watermarks">How the split tells event time.</param>
    /// <param name="endOffset">The offset before which the split ends; null: it is live, and has no end. Default null.</param>
    public EventLogSource(EventLog log, RecordDecoder<T> decoder, WatermarkStrategy watermarks, long? endOffset = null)
        : base((log ?? throw new ArgumentNullException(nameof(log))).Name, watermarks)
    {
        ArgumentNullException.ThrowIfNull(decoder);
        (_log, _decoder, _endOffset) = (log, decoder, endOffset);
    }

    /// <inheritdoc/>
    public override bool IsLive => _endOffset is null;

    /// <inheritdoc/>
    public override bool CanResume => true;

    /// <summary>The offset after the entry handed on last.</summary>
    public override SourcePosition Position => new(_offset, 0);

    /// <summary>Reads from the position to be resumed from, or else from the oldest entry that is kept.</summary>
    /// <inheritdoc/>
    /// <exception cref="EventLogPositionException">The entry to go on with has been deleted, or was never there.</exception>
    /// <exception cref="CorruptEventLogException">The log is damaged.</exception>
    /// <exception cref="EventLogException">The log has been closed, or has failed.</exception>
    public override void Read(SourceOutput<T> output, CancellationToken stop)
    {
        lock (_reading)
        {
            _offset = output.ResumeFrom?.Offset ?? _log.FirstOffset;
            using LogReader reader = _log.OpenReader(_offset);
            while (!HasEnded)
            {
                stop.ThrowIfCancellationRequested();
                if (reader.NextGroup()) Take(reader, output);
                else _log.WaitFor(_offset, stop);
            }
        }
    }

    void IPinnedSource.Pin(string job, long? offset)
    {
        try
        {
            _log.Pin(job, offset ?? _log.FirstOffset);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A pin that did not move keeps more than is needed.
        }
    }

    private bool HasEnded => _offset >= _endOffset;

    private void Take(LogReader reader, SourceOutput<T> output)
    {
        while (!HasEnded && reader.NextEntry(out ReadOnlySpan<byte> entry))
        {
            long offset = _offset++;
            if (entry.IsEmpty) output.EmitMalformed(offset, "The entry is empty.", "");
            else if (_decoder.TryDecode(entry, reader.Group.TimeMs, out T value, out long timestampMs, out string? error)) output.Emit(value, timestampMs, entry.Length);
            else output.EmitMalformed(offset, error ?? "The entry cannot be decoded.", MalformedRecord.Excerpt(entry));
        }

        // The group ends, and so does the batch, whether or not there is another to read.
        output.Flush();
        output.SetBytesRead(reader.BytesRead);
    }
}
