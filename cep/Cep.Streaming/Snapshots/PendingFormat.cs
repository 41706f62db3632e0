using Cep.Engine.Checkpoints;
using Cep.Engine.Streams;
using Cep.Events;
using Cep.Rules;

namespace Cep.Streaming.Snapshots;

/// <summary>How events that wait lie in a snapshot. What the streams were, and by which fields each lane is keyed, stands in the schema of the values, once.</summary>
internal sealed class PendingFormat
{
    /// <summary>The name of the state.</summary>
    public const string Name = "pending";

    private readonly EventBinaryWriter?[] _writers;

    public PendingFormat(IReadOnlyList<StreamDefinition> streams, IReadOnlyList<RuleGroup> lanes)
    {
        // A stream that no rule reads has no events that wait, and its class need not be made.
        _writers = streams.Select((s, i) => lanes.Any(l => l.Keys[i] is not null) ? new EventBinaryWriter(s.EventType) : null).ToArray();
        var header = new EventBinaryOutput();
        header.Unsigned((ulong)streams.Count);
        foreach (var stream in streams)
            EventBinarySchema.Of(stream.EventType).Write(header);
        header.Unsigned((ulong)lanes.Count);
        foreach (var lane in lanes)
            WriteKeys(lane, header);
        Schema = new StateSchema(Name, "events", "sequence:int64,lane:uint16", Convert.ToBase64String(header.Written));
    }

    public StateSchema Schema { get; }

    public void Write(in StreamRecord<StreamEvent> record, EventBinaryOutput output)
    {
        output.Unsigned((ulong)record.Lane);
        output.Unsigned((ulong)record.Value.Stream);
        output.Long(record.TimestampMs);
        output.Long(record.Sequence);
        _writers[record.Value.Stream]!.Write(output, record.Value.Value);
    }

    /// <summary>The key of each stream, as its fields' names; a stream without one is told apart from one with no fields.</summary>
    private static void WriteKeys(RuleGroup lane, EventBinaryOutput header)
    {
        foreach (var key in lane.Keys)
        {
            header.Unsigned(key is null ? 0 : (ulong)key.Fields.Count + 1);
            foreach (var field in key?.Fields ?? [])
                header.String(field.Name);
        }
    }
}
