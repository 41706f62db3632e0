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

    /// <summary>By old lane and old stream, the lanes now.</summary>
    private readonly int[][][] _lanes;

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
        _lanes = keys.Select((ofLane, lane) => ofLane.Select((key, stream) => LanesOf(keys, lane, stream, now[stream], groups)).ToArray()).ToArray();
        _streams = now.Select((at, i) => groups.Any(g => at >= 0 && g.Keys[at] is not null) ? new Old(new EventBinaryReader(old[i], streams[at].EventType), at) : default(Old?)).ToArray();
    }

    /// <summary>Reads an event, once for each lane that takes it.</summary>
    public void Read(in SegmentEntry entry, List<StreamRecord<StreamEvent>> records)
    {
        var input = new EventBinaryInput(entry.Value.ToArray());
        var lane = input.Number(_lanes.Length - 1, "lane");
        var stream = input.Number(_streams.Length - 1, "stream");
        var (timeMs, sequence) = (input.Long(), input.Long());
        if (_streams[stream] is not { } old || _lanes[lane][stream].Length == 0)
            return;
        var value = new StreamEvent(old.Stream, old.Reader.Read(input));
        foreach (var now in _lanes[lane][stream])
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
        return fields == 0 ? null : KeyText(Enumerable.Range(1, fields - 1).Select(_ => header.String()).ToArray());
    }

    /// <summary>Of several old lanes with one key of the stream, which hold the same events, the first gives them to the lanes that have that key now.</summary>
    private static int[] LanesOf(string?[][] keys, int lane, int stream, int now, IReadOnlyList<RuleGroup> groups)
    {
        var key = keys[lane][stream];
        if (key is null || now < 0 || Array.FindIndex(keys, k => k[stream] == key) != lane)
            return [];
        return groups.Index().Where(g => g.Item.Keys[now] is { } reader && KeyText(reader.Fields.Select(f => f.Name)) == key).Select(g => g.Index).ToArray();
    }

    private static string KeyText(IEnumerable<string> fields) => string.Concat(fields.Select(f => $"{f.Length}`{f}`"));
}
