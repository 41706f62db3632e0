namespace Cep.Engine.Connectors.EventLogs;

/// <summary>One file of an event log. The writer's thread changes it; any thread reads it.</summary>
/// <param name="baseOffset">The offset of its first entry, which its name tells.</param>
/// <param name="salt">What the checksums of its groups are begun with.</param>
/// <param name="firstTimeMs">The time of its first group; null while it has none.</param>
/// <param name="bytes">Its length: all of it is on the disk.</param>
internal sealed class LogSegment(long baseOffset, uint salt, long? firstTimeMs, long bytes)
{
    private readonly Lock _gate = new();
    private long _bytes = bytes;
    private long? _firstTimeMs = firstTimeMs;

    public long BaseOffset { get; } = baseOffset;

    public uint Salt { get; } = salt;

    public string FileName { get; } = EventLogFormat.FileName(baseOffset);

    /// <summary>The bytes that are on the disk and may be read.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    public bool IsEmpty => Bytes == EventLogFormat.HeaderBytes;

    public long? FirstTimeMs
    {
        get
        {
            lock (_gate) return _firstTimeMs;
        }
    }

    /// <summary>A group is on the disk.</summary>
    public void Grow(int bytes, long timeMs)
    {
        lock (_gate) _firstTimeMs ??= timeMs;
        Volatile.Write(ref _bytes, _bytes + bytes);
    }
}
