using Cep.Engine.Time;

namespace Cep.Engine.Runtime;

/// <summary>How far a job is. Any thread may read it while the job runs; each number is right on its own, not all of one moment.</summary>
public sealed class JobProgress
{
    private long _watermarkMs = Watermark.None;
    private long _newestMs = Watermark.None;
    private volatile SubtaskProgress[] _subtasks = [];

    internal JobProgress()
    {
    }

    /// <summary>The sources, in the order they were added.</summary>
    public IReadOnlyList<SourceProgress> Sources { get; internal set; } = [];

    /// <summary>The watermark the operators were last told, Unix milliseconds.</summary>
    public long WatermarkMs => Volatile.Read(ref _watermarkMs);

    /// <summary>Well-formed records read, the late ones too.</summary>
    public long Records => Sources.Sum(source => source.Records);

    /// <summary>Records that came after their watermark.</summary>
    public long Late => Sources.Sum(source => source.Late);

    /// <summary>Pieces of input that were not records.</summary>
    public long Malformed => Sources.Sum(source => source.Malformed);

    /// <summary>Bytes read, as they are stored: of a gzip file the compressed ones.</summary>
    public long BytesRead => Sources.Sum(source => source.BytesRead);

    /// <summary>Bytes there are to read; null when that is not known of every source.</summary>
    public long? TotalBytes => Sources.Any(source => source.TotalBytes is null) ? null : Sources.Sum(source => source.TotalBytes);

    /// <summary>The greatest event time of a record so far, Unix milliseconds; <see cref="Watermark.None"/> before the first.</summary>
    internal long NewestMs => Volatile.Read(ref _newestMs);

    /// <summary>What the subtasks of the operators have done, in the order of the job.</summary>
    internal IReadOnlyList<SubtaskProgress> Subtasks => _subtasks;

    internal BarrierTimes Barriers { get; } = new();

    internal void SetWatermark(long watermarkMs) => Volatile.Write(ref _watermarkMs, watermarkMs);

    /// <summary>There are records up to a time; for the merging thread only.</summary>
    internal void SawUpTo(long timestampMs)
    {
        if (timestampMs > _newestMs) Volatile.Write(ref _newestMs, timestampMs);
    }

    /// <summary>Where a subtask counts: the same object after each restart. For the thread that starts the job only.</summary>
    internal SubtaskProgress Subtask(string uid, int subtask, TimeProvider timeProvider)
    {
        if (Array.Find(_subtasks, known => known.Uid == uid && known.Subtask == subtask) is { } before) return before;
        var progress = new SubtaskProgress(uid, subtask, Barriers, timeProvider);
        _subtasks = [.. _subtasks, progress];
        return progress;
    }
}

/// <summary>How far one source is.</summary>
public sealed class SourceProgress
{
    private const long Unknown = -1;

    private long _records;
    private long _late;
    private long _malformed;
    private long _bytesRead;
    private long _totalBytes = Unknown;

    internal SourceProgress(string name) => Name = name;

    /// <summary>The source's name.</summary>
    public string Name { get; }

    /// <inheritdoc cref="JobProgress.Records"/>
    public long Records => Volatile.Read(ref _records);

    /// <inheritdoc cref="JobProgress.Late"/>
    public long Late => Volatile.Read(ref _late);

    /// <inheritdoc cref="JobProgress.Malformed"/>
    public long Malformed => Volatile.Read(ref _malformed);

    /// <inheritdoc cref="JobProgress.BytesRead"/>
    public long BytesRead => Volatile.Read(ref _bytesRead);

    /// <summary>Bytes there are to read; null when that is not known, or not yet.</summary>
    public long? TotalBytes => Volatile.Read(ref _totalBytes) is var bytes and not Unknown ? bytes : null;

    /// <summary>Adds to the counts; the merging thread only, and before it runs what was counted up to a checkpoint.</summary>
    internal void Count(long records, long late, long malformed)
    {
        Volatile.Write(ref _records, _records + records);
        Volatile.Write(ref _late, _late + late);
        Volatile.Write(ref _malformed, _malformed + malformed);
    }

    internal void SetBytesRead(long bytes) => Volatile.Write(ref _bytesRead, bytes);

    internal void SetTotalBytes(long? bytes) => Volatile.Write(ref _totalBytes, bytes ?? Unknown);
}
