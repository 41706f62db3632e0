using System.Buffers.Binary;
using Cep.Engine.Checkpoints;
using Cep.Engine.Streams;
using Cep.Events;

namespace Cep.Streaming.Snapshots;

/// <summary>The events that waited for the watermark at a barrier, while they are written; each snapshot holds all of them.</summary>
internal sealed class PendingSnapshot(StreamRecord<StreamEvent>[] records, PendingFormat format)
{
    private readonly EventBinaryOutput _value = new();
    private int _state;
    private int _next;

    public void Begin(SegmentWriter writer) => _state = writer.Declare(format.Schema, replaces: true);

    /// <summary>Writes on.</summary>
    /// <param name="endBytes">Where to stop.</param>
    /// <returns>Whether all are written.</returns>
    public bool Write(SegmentWriter writer, long endBytes)
    {
        Span<byte> key = stackalloc byte[sizeof(long) + sizeof(ushort)];
        for (; _next < records.Length && writer.Bytes < endBytes; _next++)
        {
            ref readonly var record = ref records[_next];
            BinaryPrimitives.WriteInt64BigEndian(key, record.Sequence);
            BinaryPrimitives.WriteUInt16BigEndian(key[sizeof(long)..], (ushort)record.Lane);
            _value.Clear();
            format.Write(record, _value);
            writer.Put(_state, record.KeyGroup, key, _value.Written);
        }
        return _next == records.Length;
    }
}
