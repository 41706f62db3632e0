using Microsoft.Win32.SafeHandles;

namespace Cep.Engine.Connectors.EventLogs;

/// <summary>Reads an event log from an offset on, group by group, as far as it is on the disk. One thread.</summary>
internal sealed class LogReader : IDisposable
{
    private readonly EventLog _log;
    private readonly LogFolder _folder;
    private readonly LogSegments _segments;
    private SafeFileHandle _file = null!;
    private FileWindow _window = null!;
    private LogSegment _segment = null!;
    private long _position;
    private long _nextGroup;
    private int _bodyAt;
    private long _offset;

    /// <summary>Opens a log.</summary>
    /// <param name="log">Where it is counted as a reader.</param>
    /// <param name="folder">Its folder.</param>
    /// <param name="segments">Its files.</param>
    /// <param name="offset">The offset to begin at.</param>
    /// <exception cref="EventLogPositionException">There is no such entry, and it is not the next one either.</exception>
    public LogReader(EventLog log, LogFolder folder, LogSegments segments, long offset)
    {
        (_log, _folder, _segments) = (log, folder, segments);
        _offset = offset;
        Open(segments.Find(offset));
        log.Add(this);
    }

    /// <summary>The offset of the next entry.</summary>
    public long Offset => Volatile.Read(ref _offset);

    /// <summary>The group that was read last.</summary>
    public GroupHeader Group { get; private set; }

    /// <summary>The bytes read so far.</summary>
    public long BytesRead { get; private set; }

    /// <summary>Reads the group that has the next entry.</summary>
    /// <returns>False when there is no more on the disk yet.</returns>
    /// <exception cref="CorruptEventLogException">The file is damaged there.</exception>
    /// <exception cref="EventLogPositionException">The entry was deleted meanwhile.</exception>
    public bool NextGroup()
    {
        while (ReadGroup())
        {
            if (Group.EndOffset <= _offset) continue;
            _bodyAt = 0;
            for (long skipped = Group.FirstOffset; skipped < _offset; skipped++) TakeEntry();
            return true;
        }

        return false;
    }

    /// <summary>The next entry of the group.</summary>
    /// <returns>False at the end of the group.</returns>
    public bool NextEntry(out ReadOnlySpan<byte> payload)
    {
        payload = default;
        if (_offset >= _nextGroup) return false;
        payload = TakeEntry();
        Volatile.Write(ref _offset, _offset + 1);
        return true;
    }

    public void Dispose()
    {
        _log.Remove(this);
        _file.Dispose();
    }

    private ReadOnlySpan<byte> TakeEntry() =>
        EventLogFormat.TakeEntry(_window.Read(_position - Group.BodyBytes, Group.BodyBytes, _position), ref _bodyAt);

    private bool ReadGroup()
    {
        while (true)
        {
            // A segment that has a next one is complete, so this is asked first.
            LogSegment? next = _segments.After(_segment);
            long limit = _segment.Bytes;
            if (_position < limit)
            {
                Read(limit);
                return true;
            }

            if (next is null) return false;
            if (next.BaseOffset != _nextGroup) throw Gone(next);
            _file.Dispose();
            Open(next);
        }
    }

    private void Read(long limit)
    {
        bool isGroup = EventLogFormat.TryReadGroup(_window.Read(_position, EventLogFormat.GroupHeaderBytes, limit), _segment.Salt, out GroupHeader group);
        if (!isGroup || group.FirstOffset != _nextGroup) throw Damaged($"entry {_nextGroup} should begin there");
        Group = group;
        ReadOnlySpan<byte> body = _window.Read(_position + EventLogFormat.GroupHeaderBytes, group.BodyBytes, limit);
        if (body.Length < group.BodyBytes) throw Damaged($"the entries from {group.FirstOffset} on are cut off");
        if (!EventLogFormat.IsBodyOf(body, group, _segment.Salt)) throw Damaged($"the entries from {group.FirstOffset} on do not have their checksum");
        _position += group.Bytes;
        BytesRead += group.Bytes;
        _nextGroup = group.EndOffset;
    }

    private void Open(LogSegment segment)
    {
        try
        {
            _file = _folder.OpenRead(segment.FileName);
        }
        catch (FileNotFoundException)
        {
            throw Gone(segment);
        }

        (_segment, _window, _position, _nextGroup) = (segment, new FileWindow(_file), EventLogFormat.HeaderBytes, segment.BaseOffset);
    }

    /// <summary>What a segment means that does not begin with the next entry, or whose file is not there.</summary>
    private Exception Gone(LogSegment segment)
    {
        // Retention deletes the oldest file, and then leaves it out.
        long first = _segments.FirstOffset == segment.BaseOffset && _segments.After(segment) is { } next ? next.BaseOffset : _segments.FirstOffset;
        return first > Offset
            ? EventLogPositionException.Of(_log.Name, Offset, first, _segments.NextOffset)
            : new CorruptEventLogException(_folder.PathOf(segment.FileName), 0, $"entry {_nextGroup} is in no file");
    }

    private CorruptEventLogException Damaged(string reason) => new(_folder.PathOf(_segment.FileName), _position, reason);
}
