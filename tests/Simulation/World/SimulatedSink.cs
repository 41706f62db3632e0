using System.Buffers.Binary;
using Cep.Engine.Connectors;
using Cep.Simulation.Scheduling;

namespace Cep.Simulation.World;

/// <summary>The way to an output of a process without checkpoints.</summary>
internal sealed class PlainSink<T>(SimulatedOutput output, Func<T, string> format, SimulatedScheduler scheduler) : Sink<T>(output.Name)
{
    public override void Write(in T value) => output.Write(format(value));

    public override void Flush() => scheduler.Turn();
}

/// <summary>A process's way to an output: what it has written is lost with the process, what it has staged is not.</summary>
/// <param name="output">The output.</param>
/// <param name="format">A value as a line.</param>
/// <param name="scheduler">The process.</param>
/// <param name="faults">Let writing fail.</param>
/// <param name="breakage">What the sink does wrong.</param>
internal sealed class SimulatedSink<T>(SimulatedOutput output, Func<T, string> format, SimulatedScheduler scheduler, CodeFaults faults, Breakage breakage)
    : TransactionalSink<T>(output.Name)
{
    private readonly List<string> _written = [];
    private readonly Queue<(long CheckpointId, int Lines)> _preCommitted = [];

    /// <summary>Whether the job begins from the savepoint of another, which wrote to another output.</summary>
    public bool BeginsAnew { get; init; }

    public override void Open()
    {
        _written.Clear();
        _preCommitted.Clear();
    }

    public override void Restore(ReadOnlySpan<byte> handle)
    {
        int lines = handle.IsEmpty ? 0 : BinaryPrimitives.ReadInt32LittleEndian(handle);
        scheduler.Turn();
        if (breakage == Breakage.SinkKeepsWhatWasStaged && output.HasUncommitted) return;
        output.Restore(BeginsAnew ? 0 : lines);
    }

    public override void Write(in T value)
    {
        faults.Hit();
        _written.Add(format(value));
    }

    public override byte[] PreCommit(long checkpointId)
    {
        scheduler.Turn();
        faults.Hit();
        int lines = output.Stage(_written, checkpointId);
        _written.Clear();
        _preCommitted.Enqueue((checkpointId, lines));
        if (breakage == Breakage.SinkCommitsEarly) output.Commit(lines);
        byte[] handle = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(handle, lines);
        return handle;
    }

    public override void Commit(long checkpointId)
    {
        while (_preCommitted.TryPeek(out var next) && next.CheckpointId <= checkpointId)
        {
            scheduler.Turn();
            output.Commit(next.Lines);
            _preCommitted.Dequeue();
            faults.Hit();
        }

        scheduler.Turn();
    }
}
