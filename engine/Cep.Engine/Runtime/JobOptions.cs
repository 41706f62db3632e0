using Cep.Engine.Keys;

namespace Cep.Engine.Runtime;

/// <summary>How a job runs.</summary>
public sealed class JobOptions
{
    private readonly int _parallelism = 1;

    /// <summary>The number of subtasks of each operator, 1 to 128. Default 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Outside that range.</exception>
    public int Parallelism
    {
        get => _parallelism;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, KeyGroupAssignment.KeyGroups);
            _parallelism = value;
        }
    }

    /// <summary>How the job remembers where it stands; null: it does not, and ends with its first failure. Default null.</summary>
    public CheckpointOptions? Checkpoints { get; init; }

    /// <summary>The clock, for processing time, idleness and the time a job took. Default: the system's.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
