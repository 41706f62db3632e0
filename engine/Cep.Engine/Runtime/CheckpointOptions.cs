using Cep.Engine.Checkpoints;

namespace Cep.Engine.Runtime;

/// <summary>How a job remembers where it stands, and what happens when it fails.</summary>
public sealed record CheckpointOptions
{
    /// <summary>Where checkpoints lie. One job uses it at a time.</summary>
    public required CheckpointStore Store { get; init; }

    /// <summary>When checkpoints are taken and how many are kept. Default: every 10 s, the last 3.</summary>
    public CheckpointSettings Settings { get; init; } = new();

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

    /// <summary>What the application keeps in <see cref="Manifest.Properties"/> from the start of the job on; it takes the place of what the job begins from has
    /// under the same names. Read when <see cref="CheckpointListener.Restored"/> has been told. Default none.</summary>
    public IReadOnlyDictionary<string, string> Properties { get; init; } = new Dictionary<string, string>();
}
