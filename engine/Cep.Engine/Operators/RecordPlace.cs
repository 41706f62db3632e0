namespace Cep.Engine.Operators;

/// <summary>The time and place in the order of outputs of what is processed now: all that a function emits has it.</summary>
internal sealed class RecordPlace
{
    // Above every sequence number: what timers of a time emit comes after what records of that time do. The key group keeps apart the outputs of subtasks.
    private const long TimerOrder = 1L << 62;

    public long TimestampMs { get; private set; }

    public long Order { get; private set; }

    public void SetRecord(long timestampMs, long sequence)
    {
        TimestampMs = timestampMs;
        Order = sequence;
    }

    public void SetTimer(long timestampMs, int keyGroup)
    {
        TimestampMs = timestampMs;
        Order = TimerOrder + keyGroup;
    }

    public void SetTimestamp(long timestampMs) => TimestampMs = timestampMs;
}
