using System.Buffers.Binary;
using Cep.Engine.Connectors;
using Cep.Streaming.Swaps;

namespace Cep.RulesService.Deployments;

/// <summary>Notes with each deployment up to when the rules before were matched: also where the service ended while it was carried out, and went on with the new rules.</summary>
internal sealed class SwapWatermarks(DeploymentStore deployments) : TransactionalSink<RulesChanged>("deployments")
{
    private readonly List<long> _written = [];

    /// <inheritdoc/>
    public override void Write(in RulesChanged value) => _written.Add(value.WatermarkMs);

    /// <inheritdoc/>
    public override void Restore(ReadOnlySpan<byte> handle)
    {
        _written.Clear();
        deployments.CommitWatermarks(handle.IsEmpty ? 0 : BinaryPrimitives.ReadInt64LittleEndian(handle), dropsOthers: true);
    }

    /// <inheritdoc/>
    public override byte[] PreCommit(long checkpointId)
    {
        deployments.StageWatermarks(checkpointId, _written);
        _written.Clear();
        var handle = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(handle, checkpointId);
        return handle;
    }

    /// <inheritdoc/>
    public override void Commit(long checkpointId) => deployments.CommitWatermarks(checkpointId, dropsOthers: false);
}
