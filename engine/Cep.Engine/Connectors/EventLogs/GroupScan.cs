using Microsoft.Win32.SafeHandles;

namespace Cep.Engine.Connectors.EventLogs;

/// <summary>Goes through the groups of the newest segment when a log is opened, and tells what a crash may have torn from what is damaged.</summary>
/// <remarks>
/// The writer forces each group to the disk before it writes the next. So a crash can have torn the last one alone, and where there is a whole group after one that is not, bytes have changed that had been on the disk.
/// </remarks>
internal sealed class GroupScan(SafeFileHandle file, string path, uint salt, long baseOffset)
{
    private const int SearchBytes = 64 * 1024;

    private readonly FileWindow _window = new(file);
    private readonly long _length = RandomAccess.GetLength(file);

    /// <summary>The offset after the last whole group.</summary>
    public long NextOffset { get; private set; } = baseOffset;

    /// <summary>The byte after the last whole group.</summary>
    public long End { get; private set; } = EventLogFormat.HeaderBytes;

    /// <summary>The bytes after it.</summary>
    public long TornBytes => _length - End;

    /// <summary>The time of the first group; null for none.</summary>
    public long? FirstTimeMs { get; private set; }

    /// <summary>The time of the last group; null for none.</summary>
    public long? LastTimeMs { get; private set; }

    /// <summary>The bytes of the last whole group; 0 for none.</summary>
    public int LastBytes { get; private set; }

    /// <summary>Goes to the end.</summary>
    /// <exception cref="CorruptEventLogException">There is damage before the end.</exception>
    public void Run()
    {
        while (End < _length && TryReadWhole(End, out GroupHeader group) && group.FirstOffset == NextOffset)
        {
            (FirstTimeMs, LastTimeMs) = (FirstTimeMs ?? group.TimeMs, group.TimeMs);
            (NextOffset, LastBytes) = (group.EndOffset, group.Bytes);
            End += group.Bytes;
        }

        if (FindWhole(End) is { } later)
            throw new CorruptEventLogException(path, End, $"entry {NextOffset} should begin there, and the entries from {later} on, after it, are whole");
    }

    private bool TryReadWhole(long position, out GroupHeader group)
    {
        if (!EventLogFormat.TryReadGroup(_window.Read(position, EventLogFormat.GroupHeaderBytes, _length), salt, out group)) return false;
        ReadOnlySpan<byte> body = _window.Read(position + EventLogFormat.GroupHeaderBytes, group.BodyBytes, _length);
        return body.Length == group.BodyBytes && EventLogFormat.IsBodyOf(body, group, salt);
    }

    /// <summary>The first offset of the first whole group from a byte on; null for none.</summary>
    private long? FindWhole(long from)
    {
        while (true)
        {
            ReadOnlySpan<byte> piece = _window.Read(from, SearchBytes, _length);
            if (piece.Length < EventLogFormat.GroupHeaderBytes) return null;
            int at = piece.IndexOf(EventLogFormat.GroupMagic);
            if (at < 0)
            {
                // The mark may begin in the last bytes.
                from += piece.Length - EventLogFormat.GroupMagic.Length + 1;
                continue;
            }

            if (TryReadWhole(from + at, out GroupHeader group)) return group.FirstOffset;
            from += at + 1;
        }
    }
}
