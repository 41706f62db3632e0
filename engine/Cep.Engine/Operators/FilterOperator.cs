using Cep.Engine.Streams;

namespace Cep.Engine.Operators;

/// <summary>Emits the records of which a condition holds, with their time.</summary>
/// <typeparam name="T">The type of the records.</typeparam>
/// <param name="condition">Has no effects: after a failure it is called again.</param>
public sealed class FilterOperator<T>(Predicate<T> condition) : Operator<T, T>
{
    private OperatorContext<T> _context = null!;

    /// <inheritdoc/>
    public override void Open(OperatorContext<T> context) => _context = context;

    /// <inheritdoc/>
    public override void Process(ReadOnlySpan<StreamRecord<T>> records)
    {
        foreach (ref readonly StreamRecord<T> record in records)
        {
            if (condition(record.Value)) _context.Emit(record.Value, record.TimestampMs, record.Sequence);
        }
    }

    /// <inheritdoc/>
    public override void AdvanceWatermark(long watermarkMs)
    {
    }
}
