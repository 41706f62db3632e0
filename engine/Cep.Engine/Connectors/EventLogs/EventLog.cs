using System.Collections.Concurrent;
using Cep.Engine.Checkpoints;
using Cep.Engine.Runtime;

namespace Cep.Engine.Connectors.EventLogs;

/// <summary>A durable log of entries in a folder: what its callers were told is on the disk, and survives a power cut.</summary>
/// <remarks>
/// Entries are bytes and have <em>offsets</em>, 0, 1, 2 and so on, for ever. They lie in segment files that are only ever appended to. Many callers append at once, and one flush of the disk serves all who came while the one before ran.
/// One process has a log open, once, to append to it and to read it with <see cref="EventLogSource{T}"/>. All members are for any thread.
/// <para>After an error of the disk the log takes no more entries, and tells everyone who waits; opening it again finds what is there. An append that failed so may be there then, whole, or not at all.</para>
/// </remarks>
public sealed class EventLog : IDisposable
{
    private readonly EventLogOptions _options;
    private readonly LogFolder _folder;
    private readonly FileStream _lock;
    private readonly LogSegments _segments;
    private readonly AppendQueue _queue;
    private readonly EventLogPins _pins;
    private readonly EventLogMetrics _metrics;
    private readonly ConcurrentDictionary<LogReader, bool> _readers = [];
    private readonly ITimer? _retentionTimer;
    private readonly Action _join;

    private EventLog(LogFolder folder, FileStream held, EventLogOptions options, string name)
    {
        (_folder, _lock, _options, Name) = (folder, held, options, name);
        IScheduler scheduler = options.TimeProvider as IScheduler ?? ThreadScheduler.Instance;
        _pins = new EventLogPins(folder);
        var recovered = new LogRecovery(folder, options);
        Cut = recovered.Cut;
        _segments = new LogSegments(name, scheduler, recovered.Segments, recovered.NextOffset);
        _queue = new AppendQueue(options.QueueBytes, recovered.NextOffset, scheduler);
        _metrics = new EventLogMetrics(name, options.MeterFactory, _queue, _segments, Lag);
        var writer = new LogWriter(folder, _segments, _queue, new LogRetention(folder, _segments, _pins, options), options, _metrics);
        _join = scheduler.Start($"event log {name}", () => writer.Run(name, recovered));
        if (options.RetainFor is { } retainFor) _retentionTimer = NewTimer(retainFor / 10);
    }

    /// <summary>Its name: that of the options, or of its folder.</summary>
    public string Name { get; }

    /// <summary>The folder.</summary>
    public string Path => _folder.Path;

    /// <summary>The longest entry that is taken, bytes.</summary>
    public int MaxEntryBytes => _options.MaxEntryBytes;

    /// <summary>The most bytes that a batch may have, 4 for each entry and its own.</summary>
    public int MaxBatchBytes => _options.QueueBytes;

    /// <summary>The offset of the oldest entry that is kept.</summary>
    public long FirstOffset => _segments.FirstOffset;

    /// <summary>The offset after the newest entry that is on the disk.</summary>
    public long NextOffset => _segments.NextOffset;

    /// <summary>What opening it cut off its end; null when the last process that had it open left it whole.</summary>
    public EventLogCut? Cut { get; }

    /// <summary>The error of the disk after which the log takes no more entries; null while it does.</summary>
    public EventLogException? Failure => _queue.Refusal as EventLogException;

    /// <summary>By name, the offsets from which on somebody needs the entries.</summary>
    public IReadOnlyDictionary<string, long> Pins => _pins.All;

    /// <summary>Opens a log, or begins one where the folder has none; the folder is made when it is not there.</summary>
    /// <param name="path">The folder, for this log alone.</param>
    /// <param name="options">How it works; null for the defaults.</param>
    /// <exception cref="EventLogException">Another process has it open, or the disk failed.</exception>
    /// <exception cref="CorruptEventLogException">A file is damaged where a crash cannot have torn it. The newest file is read to its end, of older ones the beginning.</exception>
    public static EventLog Open(string path, EventLogOptions? options = null)
    {
        options ??= new EventLogOptions();
        path = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path));
        FileStream? held = null;
        try
        {
            DurableFolder.Create(path);
            held = DurableFolder.TryLock(path) ?? throw new EventLogException($"The event log {path} is in use by another process.");
            return new EventLog(options.NewFolder(path), held, options, options.Name ?? System.IO.Path.GetFileName(path));
        }
        catch (Exception e)
        {
            held?.Dispose();
            if (e is IOException or UnauthorizedAccessException) throw new EventLogException(StoreFailure.Sentence($"The event log {path} cannot be opened", e), e);
            throw;
        }
    }

    /// <summary>Appends an entry, and waits for room first where the queue is full.</summary>
    /// <param name="entry">Its bytes; unchanged until the task ends.</param>
    /// <returns>Its offset, once it is on the disk. To be awaited once.</returns>
    /// <exception cref="ArgumentException">It is longer than <see cref="MaxEntryBytes"/>, or than a batch may be.</exception>
    /// <exception cref="EventLogException">The disk has failed.</exception>
    /// <exception cref="ObjectDisposedException">The log has been closed.</exception>
    public ValueTask<long> AppendAsync(ReadOnlyMemory<byte> entry) => Append(new AppendBatch(entry), waits: true)!.Value;

    /// <summary>Appends entries one after the other, and waits for room first where the queue is full. After a crash all of them are there or none.</summary>
    /// <param name="entries">At least one; unchanged until the task ends.</param>
    /// <returns>The offset of the first, once all are on the disk; the others follow it. To be awaited once.</returns>
    /// <exception cref="ArgumentException">There is none, one is longer than <see cref="MaxEntryBytes"/>, or together they are longer than <see cref="MaxBatchBytes"/>.</exception>
    /// <inheritdoc cref="AppendAsync(ReadOnlyMemory{byte})"/>
    public ValueTask<long> AppendAsync(IReadOnlyList<ReadOnlyMemory<byte>> entries) => Append(new AppendBatch(entries), waits: true)!.Value;

    /// <summary>Appends an entry if there is room for it now.</summary>
    /// <param name="entry">Its bytes. Copied before this returns.</param>
    /// <param name="appended">Its offset, once it is on the disk. To be awaited once.</param>
    /// <returns>False when the queue is full; nothing has happened then.</returns>
    /// <inheritdoc cref="AppendAsync(ReadOnlyMemory{byte})"/>
    public bool TryAppend(ReadOnlyMemory<byte> entry, out ValueTask<long> appended) => IsTaken(Append(new AppendBatch(entry), waits: false), out appended);

    /// <summary>Appends entries one after the other if there is room for them now. After a crash all of them are there or none.</summary>
    /// <param name="entries">At least one. Copied before this returns.</param>
    /// <param name="appended">The offset of the first, once all are on the disk; the others follow it. To be awaited once.</param>
    /// <returns>False when the queue is full; nothing has happened then.</returns>
    /// <inheritdoc cref="AppendAsync(IReadOnlyList{ReadOnlyMemory{byte}})"/>
    public bool TryAppend(IReadOnlyList<ReadOnlyMemory<byte>> entries, out ValueTask<long> appended) => IsTaken(Append(new AppendBatch(entries), waits: false), out appended);

    /// <summary>Keeps the entries from an offset on until the pin is moved or taken away, also when the log is closed and opened again. It is on the disk when this returns.</summary>
    /// <param name="name">Who needs them; a name has one pin. At most 255 characters, no line breaks.</param>
    /// <param name="offset">The first that is needed.</param>
    /// <exception cref="IOException">The disk failed.</exception>
    public void Pin(string name, long offset)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        _pins.Set(name, offset);
        _queue.Wake();
    }

    /// <summary>Takes a pin away; nothing happens where there is none of this name.</summary>
    /// <param name="name">As it was set.</param>
    /// <exception cref="IOException">The disk failed.</exception>
    public void Unpin(string name)
    {
        _pins.Set(name, null);
        _queue.Wake();
    }

    /// <summary>Closes the log when all that was taken is on the disk. Who reads it is told.</summary>
    public void Dispose()
    {
        _retentionTimer?.Dispose();
        var closed = new ObjectDisposedException(null, $"The event log '{Name}' has been closed.");
        _queue.Close(closed);
        _join();
        _segments.Close(closed);
        _metrics.Dispose();
        _lock.Dispose();
    }

    /// <summary>Opens it to read.</summary>
    /// <inheritdoc cref="LogReader(EventLog, LogFolder, LogSegments, long)"/>
    internal LogReader OpenReader(long offset) => new(this, _folder, _segments, offset);

    /// <inheritdoc cref="LogSegments.WaitFor"/>
    internal void WaitFor(long offset, CancellationToken stop) => _segments.WaitFor(offset, stop);

    internal void Add(LogReader reader) => _readers[reader] = true;

    internal void Remove(LogReader reader) => _readers.TryRemove(reader, out _);

    private static bool IsTaken(ValueTask<long>? task, out ValueTask<long> appended)
    {
        appended = task.GetValueOrDefault();
        return task is not null;
    }

    private ValueTask<long>? Append(in AppendBatch batch, bool waits)
    {
        if (batch.Count == 0) throw new ArgumentException("There is nothing to append.");
        if (batch.Longest > MaxEntryBytes) throw new ArgumentException($"The entry has {batch.Longest} bytes, more than the limit of {MaxEntryBytes}.");
        if (batch.Bytes > MaxBatchBytes) throw new ArgumentException($"The batch has {batch.Bytes} bytes, more than the limit of {MaxBatchBytes}.");
        return _queue.Add(batch, waits)?.Task;
    }

    private long? Lag() => _readers.IsEmpty ? null : NextOffset - _readers.Keys.Min(reader => reader.Offset);

    private ITimer NewTimer(TimeSpan period)
    {
        TimeSpan longest = TimeSpan.FromMinutes(1), least = TimeSpan.FromMilliseconds(1);
        period = period > longest ? longest : period < least ? least : period;
        return _options.TimeProvider.CreateTimer(_ => _queue.Wake(), null, period, period);
    }
}
