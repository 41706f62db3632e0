using Cep.Engine.Checkpoints;
using Cep.Engine.Streams;
using Cep.Events;
using Cep.Rules;

namespace Cep.Streaming.Snapshots;

/// <summary>Reads events that waited at a barrier, and finds the lanes that take them now: those with the same key of their stream.</summary>
internal sealed class PendingReader
{
    /// <summary>A stream as it was: how its events are read, and its position now; null where no rule reads it any more.</summary>
    private readonly record struct Old(EventBinaryReader Reader, int Stream);

    private readonly Old?[] _streams;

    private readonly int _laneCount;
    private readonly WaitingLanes _lanes;

    /// <exception cref="InvalidDataException">The schema is damaged, or a stream has changed so that its old events are none of it any more.</exception>
    public PendingReader(StateSchema schema, IReadOnlyList<StreamDefinition> streams, IReadOnlyList<RuleGroup> groups)
    {
        var header = new EventBinaryInput(Convert.FromBase64String(schema.Value));
        var old = new EventBinarySchema[header.Number(header.Left, "number of streams")];
        for (var i = 0; i < old.Length; i++)
            old[i] = EventBinarySchema.Read(header);
        var now = Array.ConvertAll(old, o => PositionOf(o.Name, streams));
        var keys = new string?[header.Number(header.Left, "number of lanes")][];
        for (var lane = 0; lane < keys.Length; lane++)
            keys[lane] = old.Select(_ => ReadKey(header)).ToArray();
        _laneCount = keys.Length;
        _lanes = new WaitingLanes(keys, groups, now);
        _streams = now.Select((at, i) => groups.Any(g => at >= 0 && g.Keys[at] is not null) ? new Old(new EventBinaryReader(old[i], streams[at].EventType), at) : default(Old?)).ToArray();
    }

    /// <summary>Reads an event, once for each lane that takes it.</summary>
    public void Read(in SegmentEntry entry, List<StreamRecord<StreamEvent>> records)
    {
        var input = new EventBinaryInput(entry.Value.ToArray());
        var lane = input.Number(_laneCount - 1, "lane");
        var stream = input.Number(_streams.Length - 1, "stream");
        var (timeMs, sequence) = (input.Long(), input.Long());
        if (_streams[stream] is not { } old || _lanes.Of(lane, stream) is not { Count: > 0 } lanes)
            return;
        var value = new StreamEvent(old.Stream, old.Reader.Read(input));
        foreach (var now in lanes)
            records.Add(new StreamRecord<StreamEvent>(value, timeMs, sequence, entry.KeyGroup, now));
    }

    private static int PositionOf(string name, IReadOnlyList<StreamDefinition> streams)
    {
        for (var i = 0; i < streams.Count; i++)
        {
            if (streams[i].Name == name)
                return i;
        }
        return -1;
    }

    private static string? ReadKey(EventBinaryInput header)
    {
        var fields = header.Number(header.Left + 1, "number of key fields");
        return fields == 0 ? null : WaitingLanes.KeyText(Enumerable.Range(1, fields - 1).Select(_ => header.String()).ToArray());
    }
}
