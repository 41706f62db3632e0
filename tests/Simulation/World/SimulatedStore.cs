using Cep.Engine.Checkpoints;
using Cep.Simulation.Scheduling;

namespace Cep.Simulation.World;

/// <summary>A process's way to a store: other threads may run before and after each change, and the process may be killed there.</summary>
/// <param name="inner">The store.</param>
/// <param name="scheduler">The process.</param>
/// <param name="trace">Notes what is done.</param>
internal sealed class SimulatedStore(CheckpointStore inner, SimulatedScheduler scheduler, ScheduleTrace trace) : CheckpointStore
{
    public override async ValueTask WriteAsync(string name, IReadOnlyList<ReadOnlyMemory<byte>> content, CancellationToken cancellation = default)
    {
        scheduler.Turn();
        trace.Add(name);
        await inner.WriteAsync(name, content, cancellation);
        scheduler.Turn();
    }

    /// <summary>No turn: what a job begins from is verified by several threads of the system at once, before it has threads of its own.</summary>
    public override Stream? OpenRead(string name) => inner.OpenRead(name);

    public override IReadOnlyList<StoredObject> List(string prefix)
    {
        scheduler.Turn();
        return inner.List(prefix);
    }

    public override async ValueTask DeleteAsync(string name, CancellationToken cancellation = default)
    {
        scheduler.Turn();
        trace.Add(name);
        await inner.DeleteAsync(name, cancellation);
        scheduler.Turn();
    }
}

/// <summary>A store that keeps everything in the memory of its process, and says nothing of it.</summary>
/// <param name="inner">What it says that it writes to.</param>
internal sealed class ForgetfulStore(CheckpointStore inner) : CheckpointStore
{
    private readonly MemoryCheckpointStore _memory = new();

    public override ValueTask WriteAsync(string name, IReadOnlyList<ReadOnlyMemory<byte>> content, CancellationToken cancellation = default) =>
        _memory.WriteAsync(name, content, cancellation);

    public override Stream? OpenRead(string name) => _memory.OpenRead(name) ?? inner.OpenRead(name);

    public override IReadOnlyList<StoredObject> List(string prefix) => [.. _memory.List(prefix).UnionBy(inner.List(prefix), o => o.Name).OrderBy(o => o.Name, StringComparer.Ordinal)];

    public override ValueTask DeleteAsync(string name, CancellationToken cancellation = default) => _memory.DeleteAsync(name, cancellation);
}
