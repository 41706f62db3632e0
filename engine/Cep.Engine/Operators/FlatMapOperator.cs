using Cep.Engine.Streams;

namespace Cep.Engine.Operators;

/// <summary>Emits for every record any number of values, with the record's time.</summary>
/// <typeparam name="TIn">The type of the records.</typeparam>
/// <typeparam name="TOut">The type of the values.</typeparam>
/// <param name="flatMap">Has no effects but to emit: after a failure it is called again.</param>
public sealed class FlatMapOperator<TIn, TOut>(Action<TIn, Collector<TOut>> flatMap) : Operator<TIn, TOut>
{
    private readonly RecordPlace _place = new();
    private Collector<TOut> _collector = null!;

    /// <inheritdoc/>
    public override void Open(OperatorContext<TOut> context) => _collector = new Collector<TOut>(context.Output, _place);

    /// <inheritdoc/>
    public override void Process(ReadOnlySpan<StreamRecord<TIn>> records)
    {
        foreach (ref readonly StreamRecord<TIn> record in records)
        {
            _place.SetRecord(record.TimestampMs, record.Sequence);
            flatMap(record.Value, _collector);
        }
    }

    /// <inheritdoc/>
    public override void AdvanceWatermark(long watermarkMs)
    {
    }
}
