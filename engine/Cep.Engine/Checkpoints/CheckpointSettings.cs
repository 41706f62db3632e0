namespace Cep.Engine.Checkpoints;

/// <summary>When checkpoints are taken and how many are kept. Times are milliseconds.</summary>
public sealed record CheckpointSettings
{
    /// <summary>From the beginning of a checkpoint to that of the next; null for only those that are requested.</summary>
    public long? IntervalMs { get; init; } = 10_000;

    /// <summary>At least from the end of a checkpoint, complete or not, to the beginning of the next that nobody requested.</summary>
    public long MinimumPauseMs { get; init; }

    /// <summary>A checkpoint that takes longer is given up.</summary>
    public long TimeoutMs { get; init; } = 600_000;

    /// <summary>How many checkpoints in a row may fail before the job does. Savepoints do not count.</summary>
    public int TolerableFailures { get; init; } = 3;

    /// <summary>How many complete checkpoints are kept, the newest; at least 1.</summary>
    public int Retained { get; init; } = 3;

    /// <summary>The most segments in a chain.</summary>
    public int MaxChainSegments { get; init; } = 16;
}
