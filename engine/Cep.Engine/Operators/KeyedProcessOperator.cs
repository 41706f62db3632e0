using Cep.Engine.Keys;
using Cep.Engine.State;
using Cep.Engine.Streams;
using Cep.Engine.Timers;

namespace Cep.Engine.Operators;

/// <summary>Calls a <see cref="KeyedProcessFunction{TKey,TIn,TOut}"/> for every record and timer.</summary>
/// <typeparam name="TKey">The type of the keys.</typeparam>
/// <typeparam name="TIn">The type of the records.</typeparam>
/// <typeparam name="TOut">The type of the main output.</typeparam>
/// <param name="keyOf">The key of a record, the same that it was routed by.</param>
/// <param name="function">Used by this operator alone.</param>
/// <param name="keyType">The type of the keys; null for that which <see cref="KeyType.Of{TKey}"/> gives.</param>
/// <param name="stateBackend">Where state is kept; null for memory.</param>
public sealed class KeyedProcessOperator<TKey, TIn, TOut>(
    Func<TIn, TKey> keyOf, KeyedProcessFunction<TKey, TIn, TOut> function, KeyType<TKey>? keyType = null, StateBackend? stateBackend = null)
    : KeyedOperator<TKey, TIn, TOut>(keyType ?? KeyType.Of<TKey>(), stateBackend)
    where TKey : notnull
{
    private KeyedContext<TKey> _keyed = null!;
    private Collector<TOut> _output = null!;

    /// <inheritdoc/>
    public override void Process(ReadOnlySpan<StreamRecord<TIn>> records)
    {
        foreach (ref readonly StreamRecord<TIn> record in records)
        {
            TKey key = keyOf(record.Value);
            Backend.SetCurrentKey(key, record.KeyGroup, record.TimestampMs);
            _keyed.Set(key, record.KeyGroup, record.TimestampMs);
            Place.SetRecord(record.TimestampMs, record.Sequence);
            function.ProcessElement(record.Value, _keyed, _output);
        }
    }

    /// <inheritdoc/>
    public override void Close() => function.Close();

    private protected override void OnOpen()
    {
        _keyed = new KeyedContext<TKey>(Backend, EventTimers, ProcessingTimers);
        _output = new Collector<TOut>(Context.Output, Place);
        function.Open(new StateContext<TKey, TIn, TOut>(this));
    }

    private protected override void OnRestored() => function.Restored();

    private protected override void OnTimer(TKey key, int keyGroup, long timeMs, TimerDomain domain)
    {
        _keyed.Set(key, keyGroup, Place.TimestampMs);
        function.OnTimer(timeMs, domain, _keyed, _output);
    }
}
