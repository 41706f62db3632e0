using Cep.Engine.Keys;
using Cep.Engine.Streams;
using Cep.Engine.Streams.Windows;
using Cep.Engine.Timers;

namespace Cep.Engine.Operators;

/// <summary>Groups the records of each key into windows of event time, and emits a result of each window.</summary>
/// <typeparam name="TKey">The type of the keys.</typeparam>
/// <typeparam name="TIn">The type of the records.</typeparam>
/// <typeparam name="TOut">The type of the results.</typeparam>
/// <remarks>
/// A window's results have its last millisecond as their time. The window and its state go when the watermark has passed its end and the allowed lateness.
/// A record is late when that has happened to all its windows; windows that are still there take it.
/// </remarks>
public sealed class WindowOperator<TKey, TIn, TOut> : KeyedOperator<WindowKey<TKey>, TIn, TOut>
    where TKey : notnull
{
    private readonly Func<TIn, TKey> _keyOf;
    private readonly WindowAssigner _assigner;
    private readonly WindowFunction<TKey, TIn, TOut> _function;
    private readonly WindowOptions<TIn> _options;
    private readonly long _latenessMs;
    private readonly List<TimeWindow> _windows = [];
    private Timers _timers = null!;
    private Collector<TOut> _output = null!;
    private Output<TIn>? _late;

    /// <summary>A window operator.</summary>
    /// <param name="keyOf">The key of a record, the same that it was routed by.</param>
    /// <param name="assigner">The windows of a record.</param>
    /// <param name="function">What a window remembers and emits; used by this operator alone.</param>
    /// <param name="options">Lateness, trigger, state; null for the defaults.</param>
    /// <param name="keyType">The type of the keys; null for that which <see cref="KeyType.Of{TKey}"/> gives.</param>
    public WindowOperator(
        Func<TIn, TKey> keyOf, WindowAssigner assigner, WindowFunction<TKey, TIn, TOut> function, WindowOptions<TIn>? options = null, KeyType<TKey>? keyType = null)
        : base(WindowKey<TKey>.TypeOf(keyType ?? KeyType.Of<TKey>()), options?.StateBackend)
    {
        _keyOf = keyOf;
        _assigner = assigner;
        _function = function;
        _options = options ?? new WindowOptions<TIn>();
        _latenessMs = _options.AllowedLateness.Ticks / TimeSpan.TicksPerMillisecond;
    }

    /// <summary>The number of late records so far, since the operator was opened.</summary>
    public long LateRecords { get; private set; }

    /// <inheritdoc/>
    public override void Process(ReadOnlySpan<StreamRecord<TIn>> records)
    {
        foreach (ref readonly StreamRecord<TIn> record in records)
        {
            TKey key = _keyOf(record.Value);
            _windows.Clear();
            _assigner.Assign(record.TimestampMs, _windows);
            bool isTaken = _windows.Count == 0;
            foreach (TimeWindow window in _windows)
            {
                if (CleanupTimeOf(window) <= WatermarkMs) continue;
                isTaken = true;
                Add(key, window, record);
            }

            if (!isTaken) OnLate(record);
        }
    }

    private protected override void OnOpen()
    {
        _timers = new Timers(this);
        _output = new Collector<TOut>(Context.Output, Place);
        if (_options.LateTag is not null) _late = Context.SideOutput(_options.LateTag);
        _function.Open(new StateContext<WindowKey<TKey>, TIn, TOut>(this));
    }

    private protected override void OnTimer(WindowKey<TKey> key, int keyGroup, long timeMs, TimerDomain domain)
    {
        _timers.Set(key, keyGroup);
        Place.SetTimestamp(key.Window.MaxTimestampMs);
        Carry(_options.Trigger.OnEventTime(key.Window, timeMs, _timers), key);
        if (timeMs != CleanupTimeOf(key.Window)) return;
        _function.Clear();
        _options.Trigger.Clear(key.Window, _timers);
    }

    private void Add(TKey key, TimeWindow window, in StreamRecord<TIn> record)
    {
        var windowKey = new WindowKey<TKey>(window, key);
        Backend.SetCurrentKey(windowKey, record.KeyGroup, record.TimestampMs);
        _timers.Set(windowKey, record.KeyGroup);
        _function.Add(record.Value);
        Place.SetRecord(window.MaxTimestampMs, record.Sequence);
        Carry(_options.Trigger.OnElement(window, record.TimestampMs, _timers), windowKey);
        _timers.RegisterEventTimer(CleanupTimeOf(window));
    }

    private void Carry(TriggerResult result, WindowKey<TKey> key)
    {
        if ((result & TriggerResult.Fire) != 0) _function.Fire(key.Key, key.Window, _output);
        if ((result & TriggerResult.Purge) != 0) _function.Clear();
    }

    private void OnLate(in StreamRecord<TIn> record)
    {
        LateRecords++;
        _late?.Emit(record.Value, record.TimestampMs, record.Sequence);
    }

    private long CleanupTimeOf(TimeWindow window) =>
        window.MaxTimestampMs > long.MaxValue - _latenessMs ? long.MaxValue : window.MaxTimestampMs + _latenessMs;

    /// <summary>The timers of the window that is worked on.</summary>
    private sealed class Timers(WindowOperator<TKey, TIn, TOut> op) : WindowTimers
    {
        private WindowKey<TKey> _key;
        private int _keyGroup;

        public override long WatermarkMs => op.WatermarkMs;

        public void Set(WindowKey<TKey> key, int keyGroup)
        {
            _key = key;
            _keyGroup = keyGroup;
        }

        public override void RegisterEventTimer(long timeMs) => op.EventTimers.Register(_key, _keyGroup, timeMs);

        public override void DeleteEventTimer(long timeMs) => op.EventTimers.Delete(_key, _keyGroup, timeMs);
    }
}
