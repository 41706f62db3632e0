namespace Cep.RulesService.Engine;

/// <summary>What the engine is doing.</summary>
internal enum EngineState
{
    /// <summary>No rule set has been deployed.</summary>
    Idle,

    /// <summary>It reads what it goes on from.</summary>
    Starting,

    /// <summary>It reads events.</summary>
    Running,

    /// <summary>Somebody has stopped it; events that come are kept for it.</summary>
    Paused,

    /// <summary>It failed, and does not try again by itself.</summary>
    Failed,
}

/// <summary>How the engine is.</summary>
/// <param name="State">What it is doing.</param>
/// <param name="Version">The number of the rule set that runs, or would; null while none has been deployed.</param>
/// <param name="Since">Since when it is doing that.</param>
/// <param name="Reason">Why it failed; null in other states.</param>
/// <param name="Restarts">How often the job has gone on from its last checkpoint after a failure, since the service was started.</param>
/// <param name="Checkpoint">The number of the last complete checkpoint; null for none.</param>
internal sealed record EngineStatus(EngineState State, int? Version, DateTimeOffset Since, string? Reason, int Restarts, long? Checkpoint);
