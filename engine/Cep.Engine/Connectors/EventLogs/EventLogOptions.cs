using System.Diagnostics.Metrics;
using System.Security.Cryptography;

namespace Cep.Engine.Connectors.EventLogs;

/// <summary>How an <see cref="EventLog"/> takes entries and how long it keeps them.</summary>
public sealed record EventLogOptions
{
    private const int MiB = 1024 * 1024;

    private readonly long _segmentBytes = 64 * MiB;
    private readonly int _queueBytes = 16 * MiB;
    private readonly int _maxEntryBytes = 8 * MiB;

    /// <summary>Names the log in messages, in checkpoints and in metrics, as the tag <c>log</c>. A job tells its inputs apart by it, and finds them again after a restart. Null: the name of its folder. Default null.</summary>
    public string? Name { get; init; }

    /// <summary>At which size a segment file ends and the next begins, 4 KiB to 1 GiB. Default 64 MiB.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Outside that range.</exception>
    public long SegmentBytes
    {
        get => _segmentBytes;
        init => _segmentBytes = InRange(value, 4 * 1024, 1024L * MiB, nameof(SegmentBytes));
    }

    /// <summary>At which age a segment file ends, counted from its first entry to the entry that would follow; null for no bound. Default 1 h. What is kept by time is kept as much longer as this.</summary>
    public TimeSpan? SegmentAge { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How many bytes may wait for the disk, entries with 4 bytes each besides; 1 KiB to 256 MiB. It is also the most that one batch may have. Default 16 MiB.</summary>
    /// <remarks>As much again is in memory while it is being written.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">Outside that range.</exception>
    public int QueueBytes
    {
        get => _queueBytes;
        init => _queueBytes = (int)InRange(value, 1024, 256 * MiB, nameof(QueueBytes));
    }

    /// <summary>The longest entry taken, from 1. Default 8 MiB.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not positive.</exception>
    public int MaxEntryBytes
    {
        get => _maxEntryBytes;
        init => _maxEntryBytes = (int)InRange(value, 1, int.MaxValue, nameof(MaxEntryBytes));
    }

    /// <summary>How long entries are kept; null for ever. Default null.</summary>
    /// <remarks>Whole segment files are deleted, the oldest first, never the one that is being written, and never one that holds an entry at or after an <see cref="EventLog.Pin">pin</see>.</remarks>
    public TimeSpan? RetainFor { get; init; }

    /// <summary>How many bytes of segment files are kept, at least; null for all. Default null. See <see cref="RetainFor"/>.</summary>
    public long? RetainBytes { get; init; }

    /// <summary>The clock, for the time that entries have and for how long they are kept. Default: the system's.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Makes the meter <c>Cep.EventLog</c> that the log publishes its figures with; null: the log makes its own, which ends with it. Default null.</summary>
    public IMeterFactory? MeterFactory { get; init; }

    /// <summary>Draws what checksums of a segment depend on, so that nobody who writes entries can forge a group.</summary>
    internal Func<uint> NewSalt { get; init; } = static () => BitConverter.ToUInt32(RandomNumberGenerator.GetBytes(sizeof(uint)));

    /// <summary>Where the files lie; a test's disk fails.</summary>
    internal Func<string, LogFolder> NewFolder { get; init; } = static path => new LogFolder(path);

    private static long InRange(long value, long least, long most, string name)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, least, name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, most, name);
        return value;
    }
}
