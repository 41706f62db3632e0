using Cep.Engine.Runtime;

namespace Cep.Cli.Run;

/// <summary>What the user asked of checkpoints.</summary>
/// <param name="Folder">Where they lie.</param>
/// <param name="IntervalMs">From the beginning of one to that of the next, milliseconds; positive.</param>
/// <param name="From">A savepoint to begin from while the folder holds no checkpoint; null for none.</param>
/// <param name="Restart">What happens when the run fails without the process ending.</param>
internal sealed record CheckpointArguments(string Folder, long IntervalMs, string? From, RestartStrategy Restart);
