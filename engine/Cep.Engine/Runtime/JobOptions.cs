using System.Diagnostics.Metrics;
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

    /// <summary>Names the job in its metrics, as the tag <c>job</c>: to tell several in one process apart. Default <c>job</c>.</summary>
    public string Name { get; init; } = "job";

    /// <summary>Makes the meter <c>Cep.Engine</c> that the job publishes its figures with; null: the job makes one of its own, which ends with it. Default null.</summary>
    public IMeterFactory? MeterFactory { get; init; }

    /// <summary>How the job remembers where it stands; null: it does not, and ends with its first failure. Default null.</summary>
    public CheckpointOptions? Checkpoints { get; init; }

    /// <summary>The clock, for processing time, idleness and the time a job took. Default: the system's.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Where the threads come from: the clock of a simulation brings its own.</summary>
    internal IScheduler Scheduler => TimeProvider as IScheduler ?? ThreadScheduler.Instance;

    /// <summary>After how many pieces of input an epoch ends: enough for batches to stay large when each is spread over many subtasks.</summary>
    internal int EpochPositions { get; init; } = 4 * Batch.Capacity;

    /// <summary>About how much of a snapshot is written between two batches. It takes well under a millisecond, beside a batch of records that takes about a tenth of one.</summary>
    internal long SliceBytes { get; init; } = 256 * 1024;
}
