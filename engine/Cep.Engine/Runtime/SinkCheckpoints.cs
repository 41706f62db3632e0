using Cep.Engine.Checkpoints;

namespace Cep.Engine.Runtime;

/// <summary>The sinks' part in checkpoints: the handle of each output's transaction.</summary>
/// <param name="coordinator">Takes the handles.</param>
/// <param name="handles">What the checkpoint that the job goes on from has of each output, by uid.</param>
internal sealed class SinkCheckpoints(CheckpointCoordinator coordinator, IReadOnlyDictionary<string, byte[]> handles)
{
    private static readonly StateSchema Transaction = new("transaction", "operator", "", "handle:bytes");

    /// <summary>What the checkpoint has of an output; empty for nothing.</summary>
    public ReadOnlySpan<byte> HandleOf(string uid) => handles.GetValueOrDefault(uid);

    public void Acknowledge(long checkpointId, string uid, byte[]? handle)
    {
        if (handle is null)
        {
            coordinator.Acknowledge(checkpointId, new SnapshotWriter(uid, 0), null);
            return;
        }

        var writer = new SegmentWriter(uid, 0, SnapshotKind.Full);
        writer.Put(writer.Declare(Transaction, replaces: true), SegmentWriter.NonKeyed, [], handle);
        coordinator.Acknowledge(checkpointId, new SnapshotWriter(uid, 0), writer.Complete());
    }

    /// <summary>The handle in what a checkpoint has of an output.</summary>
    public static byte[] ReadHandle(StateReader reader)
    {
        byte[] handle = [];
        while (reader.Next(out SegmentEntry entry)) handle = entry.Value.ToArray();
        return handle;
    }
}
