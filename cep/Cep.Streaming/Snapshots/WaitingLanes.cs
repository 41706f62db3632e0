namespace Cep.Streaming.Snapshots;

/// <summary>Which lanes take the events that waited for the watermark when the rules changed: those with the same key of their stream.</summary>
/// <remarks>Of several old lanes with one key of a stream, which hold the same events, the first gives them.</remarks>
internal sealed class WaitingLanes
{
    /// <summary>By old lane and old stream, the lanes now.</summary>
    private readonly int[][][] _lanes;

    /// <param name="before">By old lane and old stream the key, as <see cref="KeyText"/> tells it; null where the lane does not read the stream.</param>
    /// <param name="now">The lanes now.</param>
    /// <param name="streams">By old stream its position now; -1 for one that is no more.</param>
    public WaitingLanes(string?[][] before, IReadOnlyList<RuleGroup> now, IReadOnlyList<int> streams)
    {
        var keys = now.Select(KeysOf).ToArray();
        AreTheSame = before.Length == keys.Length && before.Zip(keys).All(lane => lane.First.SequenceEqual(lane.Second));
        _lanes = before.Select((ofLane, lane) => ofLane.Select((key, stream) => LanesOf(before, lane, stream, streams[stream], keys)).ToArray()).ToArray();
    }

    /// <summary>The lanes that take an event of a stream that waited in a lane.</summary>
    public IReadOnlyList<int> Of(int lane, int stream) => _lanes[lane][stream];

    /// <summary>Whether each lane reads what it read, so that what waits can stay where it is.</summary>
    public bool AreTheSame { get; }

    /// <summary>The key of each stream in a lane.</summary>
    public static string?[] KeysOf(RuleGroup lane) => [.. lane.Keys.Select(k => k is null ? null : KeyText(k.Fields.Select(f => f.Name)))];

    /// <summary>The fields of a key as one text.</summary>
    public static string KeyText(IEnumerable<string> fields) => string.Concat(fields.Select(f => $"{f.Length}`{f}`"));

    private static int[] LanesOf(string?[][] before, int lane, int stream, int now, string?[][] keys)
    {
        var key = before[lane][stream];
        if (key is null || now < 0 || Array.FindIndex(before, k => k[stream] == key) != lane)
            return [];
        return [.. keys.Index().Where(k => k.Item[now] == key).Select(k => k.Index)];
    }
}
