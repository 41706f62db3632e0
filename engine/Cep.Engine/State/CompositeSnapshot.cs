using Cep.Engine.Checkpoints;
using Cep.Engine.Operators;

namespace Cep.Engine.State;

/// <summary>Several snapshots of one operator, written one after the other.</summary>
internal sealed class CompositeSnapshot(params OperatorSnapshot[] parts) : OperatorSnapshot
{
    private readonly bool[] _isWritten = new bool[parts.Length];
    private bool _hasBegun;

    public override bool Write(SegmentWriter writer, long budgetBytes)
    {
        // Each part is told the writer before the next batch changes what it has to write.
        if (!_hasBegun)
        {
            for (int i = 0; i < parts.Length; i++) _isWritten[i] = parts[i].Write(writer, 0);
        }

        _hasBegun = true;
        long bytes = writer.Bytes;
        for (int i = 0; i < parts.Length; i++)
        {
            if (_isWritten[i]) continue;
            _isWritten[i] = parts[i].Write(writer, Math.Max(0, budgetBytes - (writer.Bytes - bytes)));
            if (!_isWritten[i]) return false;
        }

        return true;
    }

    public override void Abandon()
    {
        for (int i = 0; i < parts.Length; i++)
        {
            if (!_isWritten[i]) parts[i].Abandon();
        }
    }
}
