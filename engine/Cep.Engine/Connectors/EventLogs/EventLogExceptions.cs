namespace Cep.Engine.Connectors.EventLogs;

/// <summary>An event log could not do what was asked: the disk, permissions, another process.</summary>
/// <param name="message">A whole sentence that names the log.</param>
/// <param name="inner">What the system said.</param>
public sealed class EventLogException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>A file of an event log is not what was written to it, before the end that a crash may tear.</summary>
/// <param name="file">The path of the file.</param>
/// <param name="position">The byte at which what is not right begins, from 0.</param>
/// <param name="reason">What is wrong, the end of a sentence that begins with the file; no full stop.</param>
public sealed class CorruptEventLogException(string file, long position, string reason)
    : Exception($"The event log file {file} is damaged at byte {position}: {reason}.")
{
    /// <summary>The path of the file.</summary>
    public string File { get; } = file;

    /// <summary>The byte at which what is not right begins, from 0.</summary>
    public long Position { get; } = position;
}

/// <summary>A place in an event log was asked for that is not there: its entries were deleted, or never written.</summary>
/// <param name="message">A whole sentence with the offsets.</param>
/// <param name="offset">The offset that was asked for.</param>
/// <param name="firstOffset">The offset of the oldest entry that is there.</param>
/// <param name="nextOffset">The offset after the newest entry.</param>
public sealed class EventLogPositionException(string message, long offset, long firstOffset, long nextOffset) : Exception(message)
{
    /// <summary>The offset that was asked for.</summary>
    public long Offset { get; } = offset;

    /// <summary>The offset of the oldest entry that is there.</summary>
    public long FirstOffset { get; } = firstOffset;

    /// <summary>The offset after the newest entry.</summary>
    public long NextOffset { get; } = nextOffset;

    internal static EventLogPositionException Of(string log, long offset, long first, long next) => new(
        offset < first
            ? $"Entry {offset} of the event log '{log}' has been deleted; the oldest entry that is there is {first}."
            : $"The event log '{log}' has no entry {offset}; it ends before {next}. It is another log than the one that was read, or has lost entries.",
        offset, first, next);
}
