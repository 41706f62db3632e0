using Cep.Streaming.Swaps;

namespace Cep.Cli.Run;

/// <summary>What the user asked of <c>cep run</c>.</summary>
/// <param name="Rules">Rule files and folders.</param>
/// <param name="Inputs">Each <c>[STREAM=]FILE</c>.</param>
/// <param name="Outputs">Where results go.</param>
/// <param name="Parallelism">The number of subtasks, 1 to 128.</param>
/// <param name="ShowsMetrics">Whether the summary tells how the run went.</param>
/// <param name="Explains">Whether matches and timeouts tell why.</param>
/// <param name="Checkpoints">How the run remembers where it stands; null: it does not.</param>
/// <param name="WatchesRules">Whether edited rules take the place of those that run.</param>
/// <param name="OnChange">What then becomes of the partial matches of rules that have changed.</param>
internal sealed record RunOptions(
    IReadOnlyList<string> Rules, IReadOnlyList<string> Inputs, OutputFiles Outputs, int Parallelism, bool ShowsMetrics, bool Explains, CheckpointArguments? Checkpoints,
    bool WatchesRules, SwapPolicy OnChange);
