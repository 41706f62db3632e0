namespace Cep.Engine.Streams;

/// <summary>One value of a stream with the time it happened and its place in the input.</summary>
/// <typeparam name="T">The type of the value.</typeparam>
/// <param name="value">What the record carries.</param>
/// <param name="timestampMs">Event time, Unix milliseconds.</param>
/// <param name="sequence">The record's place in the whole input, over all sources; see <see cref="Sequence"/>.</param>
/// <param name="keyGroup">The key group the record was routed by, 0 to 127.</param>
/// <param name="lane">Which of the operator's keys it was routed by, see <see cref="Keys.Partitioner{T}"/>; at most 65,535.</param>
public readonly struct StreamRecord<T>(T value, long timestampMs, long sequence, int keyGroup, int lane = 0)
{
    private readonly ushort _keyGroup = (ushort)keyGroup;
    private readonly ushort _lane = (ushort)lane;

    /// <summary>What the record carries.</summary>
    public T Value { get; } = value;

    /// <summary>Event time, Unix milliseconds.</summary>
    public long TimestampMs { get; } = timestampMs;

    /// <summary>The record's place in the input, from 0: unique in a job and growing in arrival order.</summary>
    /// <remarks>Numbers have gaps where an input record was malformed or late. Over files the same run gives the same numbers.</remarks>
    public long Sequence { get; } = sequence;

    /// <summary>The key group the record was routed by, 0 to 127; the subtask that sees the record owns that group.</summary>
    public int KeyGroup => _keyGroup;

    /// <summary>Which of the operator's keys the record was routed by.</summary>
    public int Lane => _lane;
}
