using Cep.Engine.Operators;
using Cep.Engine.Streams;
using Cep.Engine.Timers;

namespace Cep.Engine.Tests.Support;

/// <summary>Emits each record, in time order, once the watermark is past it, with the count of its key so far.</summary>
internal sealed class CountByKey : Operator<Event, string>
{
    private readonly ReorderBuffer<Event> _buffer = new();
    private readonly Dictionary<string, int> _counts = [];
    private OperatorContext<string> _context = null!;

    public override void Open(OperatorContext<string> context) => _context = context;

    public override void Process(ReadOnlySpan<StreamRecord<Event>> records)
    {
        foreach (ref readonly StreamRecord<Event> record in records) _buffer.Add(record);
    }

    public override void AdvanceWatermark(long watermarkMs)
    {
        while (_buffer.TryTake(watermarkMs, out ReadOnlySpan<StreamRecord<Event>> records))
        {
            foreach (ref readonly StreamRecord<Event> record in records) EmitCount(record);
        }
    }

    private void EmitCount(in StreamRecord<Event> record)
    {
        int count = _counts[record.Value.Key] = _counts.GetValueOrDefault(record.Value.Key) + 1;
        _context.Emit($"{record.Value.Key}@{record.TimestampMs} is number {count}", record.TimestampMs, record.Sequence);
    }
}

/// <summary>Emits each record to the side at a deadline after it.</summary>
internal sealed class Remind(OutputTag<string> tag, long afterMs) : Operator<Event, string>
{
    private readonly TimerQueue<(Event Event, long Sequence)> _timers = new();
    private Output<string> _reminders = null!;

    public override void Open(OperatorContext<string> context) => _reminders = context.SideOutput(tag);

    public override void Process(ReadOnlySpan<StreamRecord<Event>> records)
    {
        foreach (ref readonly StreamRecord<Event> record in records) _timers.Add(record.TimestampMs + afterMs, (record.Value, record.Sequence));
    }

    public override void AdvanceWatermark(long watermarkMs)
    {
        while (_timers.TryPop(watermarkMs, out long deadlineMs, out (Event Event, long Sequence) due))
            _reminders.Emit($"{due.Event.Key}@{due.Event.TimestampMs} at {deadlineMs}", deadlineMs, due.Sequence);
    }
}

/// <summary>Emits each record at once, and what the job calls.</summary>
internal sealed class Echo : Operator<Event, string>
{
    private OperatorContext<string> _context = null!;

    public override void Open(OperatorContext<string> context) => _context = context;

    public override void Process(ReadOnlySpan<StreamRecord<Event>> records)
    {
        foreach (ref readonly StreamRecord<Event> record in records) _context.Emit(record.Value.ToString(), record.TimestampMs, record.Sequence);
    }

    public override void AdvanceWatermark(long watermarkMs)
    {
    }
}
