using Cep.Engine.Checkpoints;

namespace Cep.Engine.Runtime;

/// <summary>How a job remembers where it stands, and what happens when it fails.</summary>
public sealed record CheckpointOptions
{
    /// <summary>Where checkpoints lie. One job uses it at a time.</summary>
    public required CheckpointStore Store { get; init; }

    /// <summary>The time from the beginning of a checkpoint to that of the next. Default 10 s; positive, at most 24 days.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The least time from the end of a checkpoint to the beginning of the next. Default none.</summary>
    public TimeSpan MinimumPause { get; init; }

    /// <summary>A checkpoint that takes longer is given up. Default 10 minutes.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How many complete checkpoints are kept, the newest ones; at least 1. Default 3.</summary>
    public int Retained { get; init; } = 3;

    /// <summary>How many checkpoints in a row may fail before the job does. Default 3.</summary>
    public int TolerableFailures { get; init; } = 3;

    /// <summary>What happens when the job fails. Default: it ends.</summary>
    public RestartStrategy Restart { get; init; } = RestartStrategy.None;

    /// <summary>Told what happens to checkpoints and restarts; called on threads of the job, must not block. Default null.</summary>
    public CheckpointListener? Listener { get; init; }

    /// <summary>A savepoint to begin from when the store holds no checkpoint; null: the job then begins from nothing.</summary>
    public Savepoint? From { get; init; }

    /// <summary>Old uids of operators whose state now belongs to another uid, in what the job begins from. Default none.</summary>
    public IReadOnlyDictionary<string, string> Renamed { get; init; } = new Dictionary<string, string>();

    /// <summary>Uids of operators, in what the job begins from, whose state may be left out because the job has no such operator any more.
    /// Default none.</summary>
    public IReadOnlySet<string> Dropped { get; init; } = new HashSet<string>();
}
