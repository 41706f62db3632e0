using Cep.Engine.Streams;

namespace Cep.Engine.Operators;

/// <summary>Emits for every record what a function makes of it, with the record's time.</summary>
/// <typeparam name="TIn">The type of the records.</typeparam>
/// <typeparam name="TOut">The type of the results.</typeparam>
/// <param name="map">Has no effects: after a failure it is called again.</param>
public sealed class MapOperator<TIn, TOut>(Func<TIn, TOut> map) : Operator<TIn, TOut>
{
    private OperatorContext<TOut> _context = null!;

    /// <inheritdoc/>
    public override void Open(OperatorContext<TOut> context) => _context = context;

    /// <inheritdoc/>
    public override void Process(ReadOnlySpan<StreamRecord<TIn>> records)
    {
        foreach (ref readonly StreamRecord<TIn> record in records) _context.Emit(map(record.Value), record.TimestampMs, record.Sequence);
    }

    /// <inheritdoc/>
    public override void AdvanceWatermark(long watermarkMs)
    {
    }
}
