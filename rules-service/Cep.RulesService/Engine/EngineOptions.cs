namespace Cep.RulesService.Engine;

/// <summary>How rules are run.</summary>
internal sealed class EngineOptions
{
    /// <summary>The number of subtasks, 1 to 128. Default 1. What is found does not depend on it.</summary>
    public int Parallelism { get; set; } = 1;

    /// <summary>From one checkpoint to the next, 50 ms to 1 h. Alerts are told when the checkpoint after them is complete. Default 1 s.</summary>
    public TimeSpan CheckpointInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How many checkpoints are kept, 1 to 100. Default 3.</summary>
    public int CheckpointsKept { get; set; } = 3;

    /// <summary>How long a deployment may wait for its checkpoint. Default 1 minute.</summary>
    public TimeSpan DeploymentTimeout { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Why it cannot run like this, a sentence each.</summary>
    public IEnumerable<string> Problems()
    {
        if (Parallelism is < 1 or > 128)
            yield return $"{ServiceOptions.Section}:Engine:Parallelism is {Parallelism}; 1 to 128 was expected.";
        if (CheckpointInterval < TimeSpan.FromMilliseconds(50) || CheckpointInterval > TimeSpan.FromHours(1))
            yield return $"{ServiceOptions.Section}:Engine:CheckpointInterval is {CheckpointInterval}; 00:00:00.050 to 01:00:00 was expected.";
        if (CheckpointsKept is < 1 or > 100)
            yield return $"{ServiceOptions.Section}:Engine:CheckpointsKept is {CheckpointsKept}; 1 to 100 was expected.";
        if (DeploymentTimeout <= TimeSpan.Zero)
            yield return $"{ServiceOptions.Section}:Engine:DeploymentTimeout is {DeploymentTimeout}; a positive time was expected.";
    }
}
