using Cep.Engine.Runtime;
using Cep.Engine.Time;

namespace Cep.Engine.Connectors;

/// <summary>Takes what a source reads: judges lateness record by record, and hands records on in batches. For the split's thread only.</summary>
/// <typeparam name="T">The type of the records.</typeparam>
/// <remarks>
/// A batch is handed on at 512 records, at 256 KiB of input, and by <see cref="Flush"/>; over a source that never flushes, batches and everything
/// that follows from them are the same in every run.
/// </remarks>
public sealed class SourceOutput<T>
{
    private const int BatchBytes = 256 * 1024;

    private readonly Source<T> _source;
    private readonly Channel<SplitBatch<T>> _channel;
    private readonly Pool<SplitBatch<T>> _pool;
    private readonly SourceProgress _progress;
    private readonly TimeProvider _timeProvider;
    private readonly bool _isProcessingTime;
    private readonly WatermarkEstimate<T>? _estimate;
    private WatermarkGenerator _generator;
    private SplitBatch<T> _batch;
    private long _batchBytes;
    private long _receivedAtMs;

    internal SourceOutput(
        Source<T> source,
        SplitStart? start,
        Channel<SplitBatch<T>> channel,
        Pool<SplitBatch<T>> pool,
        SourceProgress progress,
        TimeProvider timeProvider)
    {
        ResumeFrom = start?.Position;
        _source = source;
        _channel = channel;
        _pool = pool;
        _progress = progress;
        _timeProvider = timeProvider;
        _isProcessingTime = source.Watermarks.IsProcessingTime;
        _generator = new WatermarkGenerator(source.Watermarks.DelayMs, start?.WatermarkMs ?? Watermark.None);
        _estimate = source.Watermarks.CreateEstimate<T>();
        _batch = pool.Rent();
    }

    /// <summary>Where reading begins; null at the beginning of the split.</summary>
    public SourcePosition? ResumeFrom { get; }

    /// <summary>The clock's time when the current batch was begun, Unix milliseconds: when the record now being read was received.</summary>
    public long ReceivedAtMs
    {
        get
        {
            if (_batch.Positions == 0) _receivedAtMs = Math.Max(_receivedAtMs, _timeProvider.GetUtcNow().ToUnixTimeMilliseconds());
            return _receivedAtMs;
        }
    }

    /// <summary>Hands on a record.</summary>
    /// <param name="value">The record's value.</param>
    /// <param name="timestampMs">Its event time, Unix milliseconds; not used where the source goes by processing time.</param>
    /// <param name="sizeBytes">How many bytes of input it took, or 0: bounds the memory of a batch of large records.</param>
    public void Emit(T value, long timestampMs, int sizeBytes = 0)
    {
        if (_isProcessingTime)
            _batch.Add(value, ReceivedAtMs);
        else if (_estimate is not null)
            AddEstimated(value, timestampMs);
        else if (_generator.Observe(timestampMs))
            _batch.AddLate(value, timestampMs, _generator.CurrentMs, _source.Name);
        else
            _batch.Add(value, timestampMs);
        _batchBytes += sizeBytes;
        if (_batch.Positions == Batch.Capacity || _batchBytes >= BatchBytes) Flush();
    }

    /// <summary>Hands on a record that the source itself knows to be late, as where it holds several streams with a watermark each.</summary>
    /// <param name="value">The record's value.</param>
    /// <param name="timestampMs">Its event time, Unix milliseconds.</param>
    /// <param name="watermarkMs">The watermark it is behind; at least <paramref name="timestampMs"/>.</param>
    public void EmitLate(T value, long timestampMs, long watermarkMs)
    {
        _batch.AddLate(value, timestampMs, watermarkMs, _source.Name);
        if (_batch.Positions == Batch.Capacity) Flush();
    }

    /// <summary>Tells that no record at or before a time comes any more, where the source knows that by itself.</summary>
    /// <param name="watermarkMs">Unix milliseconds; one behind the watermark changes nothing.</param>
    public void RaiseWatermark(long watermarkMs) => _generator.Raise(watermarkMs);

    /// <summary>Reports a piece of input that is not a record.</summary>
    /// <param name="line">The line it begins on, from 1.</param>
    /// <param name="reason">Why; one sentence.</param>
    /// <param name="text">What it says, cut to <see cref="MalformedRecord.MaxTextLength"/>.</param>
    public void EmitMalformed(long line, string reason, string text)
    {
        _batch.AddMalformed(new MalformedRecord(_source.Name, line, reason, text));
        if (_batch.Positions == Batch.Capacity) Flush();
    }

    /// <summary>Hands on what there is: to be called by a live source before it waits for data.</summary>
    public void Flush()
    {
        if (_batch.Positions > 0) HandOn(isLast: false);
    }

    /// <summary>Tells how many bytes the source has read so far, as they are stored, for progress.</summary>
    public void SetBytesRead(long bytes) => _progress.SetBytesRead(bytes);

    /// <summary>Tells how many bytes there are to read, for progress; null when that is not known.</summary>
    public void SetTotalBytes(long? bytes) => _progress.SetTotalBytes(bytes);

    internal void End() => HandOn(isLast: true);

    private void AddEstimated(in T value, long timestampMs)
    {
        if (Watermark.IsLate(timestampMs, _generator.CurrentMs))
        {
            _batch.AddLate(value, timestampMs, _generator.CurrentMs, _source.Name);
            return;
        }

        _batch.Add(value, timestampMs);
        if (_estimate!(value, timestampMs) is { } watermarkMs) _generator.Raise(watermarkMs);
    }

    private void HandOn(bool isLast)
    {
        _batch.WatermarkMs = _isProcessingTime && _batch.Positions > 0 ? _receivedAtMs - 1 : _generator.CurrentMs;
        _batch.Position = _source.Position;
        _batch.IsLast = isLast;
        RunChains();
        _channel.Put(_batch);
        _batchBytes = 0;
        if (!isLast) _batch = _pool.Rent();
    }

    private void RunChains()
    {
        try
        {
            _batch.RunChains();
        }
        catch (Exception problem)
        {
            throw new JobException($"functions after source '{_source.Name}'", problem);
        }
    }
}
