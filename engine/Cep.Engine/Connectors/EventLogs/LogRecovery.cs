using Microsoft.Win32.SafeHandles;

namespace Cep.Engine.Connectors.EventLogs;

/// <summary>What a folder holds of an event log when it is opened, made fit to be gone on with.</summary>
internal sealed class LogRecovery
{
    private readonly LogFolder _folder;
    private readonly EventLogOptions _options;
    private readonly List<LogSegment> _segments = [];

    /// <exception cref="CorruptEventLogException">A file is damaged where a crash cannot have torn it.</exception>
    public LogRecovery(LogFolder folder, EventLogOptions options)
    {
        (_folder, _options) = (folder, options);
        long[] offsets = folder.Segments();
        foreach (long offset in offsets.SkipLast(1)) _segments.Add(ReadOlder(offset));
        Active = offsets.Length == 0 ? Create(0) : OpenNewest(offsets[^1]);
    }

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<LogSegment> Segments => _segments;

    /// <summary>The newest segment's file, open to write.</summary>
    public SafeFileHandle Active { get; }

    /// <summary>The offset of the next entry.</summary>
    public long NextOffset { get; private set; }

    /// <summary>The time of the newest group; null where the newest segment has none.</summary>
    public long? LastTimeMs { get; private set; }

    /// <summary>What was cut off the end; null for nothing.</summary>
    public EventLogCut? Cut { get; private set; }

    /// <summary>Makes a segment's file, so that it is there after a power cut.</summary>
    public static SafeFileHandle Create(LogFolder folder, long baseOffset, uint salt, out LogSegment segment)
    {
        SafeFileHandle file = folder.Create(EventLogFormat.FileName(baseOffset));
        try
        {
            folder.Write(file, EventLogFormat.SegmentHeader(salt, baseOffset), 0);
            folder.Flush(file);
            folder.FlushNames();
            segment = new LogSegment(baseOffset, salt, null, EventLogFormat.HeaderBytes);
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private SafeFileHandle Create(long baseOffset)
    {
        SafeFileHandle file = Create(_folder, baseOffset, _options.NewSalt(), out LogSegment segment);
        _segments.Add(segment);
        NextOffset = baseOffset;
        return file;
    }

    /// <summary>Looks at the beginning of a segment that is complete; the rest is verified when it is read.</summary>
    private LogSegment ReadOlder(long baseOffset)
    {
        string name = EventLogFormat.FileName(baseOffset);
        using SafeFileHandle file = _folder.OpenRead(name);
        uint salt = ReadHeader(file, baseOffset);
        var window = new FileWindow(file);
        long length = RandomAccess.GetLength(file);
        bool isGroup = EventLogFormat.TryReadGroup(window.Read(EventLogFormat.HeaderBytes, EventLogFormat.GroupHeaderBytes, length), salt, out GroupHeader first);
        if (!isGroup || first.FirstOffset != baseOffset)
            throw new CorruptEventLogException(_folder.PathOf(name), EventLogFormat.HeaderBytes, $"entry {baseOffset} should begin there");
        return new LogSegment(baseOffset, salt, first.TimeMs, length);
    }

    private SafeFileHandle OpenNewest(long baseOffset)
    {
        string name = EventLogFormat.FileName(baseOffset);
        SafeFileHandle file = _folder.OpenWrite(name);
        try
        {
            if (!IsTornAtBirth(file, baseOffset))
            {
                Recover(file, name, baseOffset);
                return file;
            }
        }
        catch
        {
            file.Dispose();
            throw;
        }

        Cut = new EventLogCut(_folder.PathOf(name), 0, RandomAccess.GetLength(file), baseOffset);
        file.Dispose();
        _folder.Delete(name);
        return Create(baseOffset);
    }

    /// <summary>Whether the process ended while it made the file. Entries come after the header is on the disk.</summary>
    private static bool IsTornAtBirth(SafeFileHandle file, long baseOffset) =>
        RandomAccess.GetLength(file) <= EventLogFormat.HeaderBytes && EventLogFormat.ReadSegmentHeader(HeaderOf(file), baseOffset, out _) is not null;

    private void Recover(SafeFileHandle file, string name, long baseOffset)
    {
        uint salt = ReadHeader(file, baseOffset);
        var scan = new GroupScan(file, _folder.PathOf(name), salt, baseOffset);
        scan.Run();
        if (scan.TornBytes > 0)
        {
            Cut = new EventLogCut(_folder.PathOf(name), scan.End, scan.TornBytes, scan.NextOffset);
            RandomAccess.SetLength(file, scan.End);
        }

        // Where the flush of the last group failed, the system may take its bytes for written although they are not: only writing them again makes sure.
        ReadOnlySpan<byte> last = new FileWindow(file).Read(scan.End - scan.LastBytes, scan.LastBytes, scan.End);
        if (!last.IsEmpty) _folder.Write(file, last, scan.End - scan.LastBytes);
        _folder.Flush(file);
        _folder.FlushNames();
        _segments.Add(new LogSegment(baseOffset, salt, scan.FirstTimeMs, scan.End));
        (NextOffset, LastTimeMs) = (scan.NextOffset, scan.LastTimeMs);
    }

    private uint ReadHeader(SafeFileHandle file, long baseOffset)
    {
        if (EventLogFormat.ReadSegmentHeader(HeaderOf(file), baseOffset, out uint salt) is { } problem)
            throw new CorruptEventLogException(_folder.PathOf(EventLogFormat.FileName(baseOffset)), 0, problem);
        return salt;
    }

    private static byte[] HeaderOf(SafeFileHandle file)
    {
        byte[] header = new byte[EventLogFormat.HeaderBytes];
        int read = RandomAccess.Read(file, header, 0);
        return header[..read];
    }
}
