using Cep.Engine.Checkpoints;
using Cep.Engine.Keys;
using Cep.Engine.State;
using Cep.Engine.State.Serializers;
using Cep.Engine.Streams;
using Cep.Engine.Time;
using Cep.Engine.Timers;

namespace Cep.Engine.Operators;

/// <summary>What operators with keyed state have in common: the state, the timers, the state of the subtask, and their snapshots.</summary>
/// <typeparam name="TKey">What state and timers belong to: the key of the records, or it and something beside, such as a window.</typeparam>
/// <typeparam name="TIn">The type of the records.</typeparam>
/// <typeparam name="TOut">The type of the main output.</typeparam>
/// <remarks>
/// The watermark and the processing time are part of the snapshot, so that a restored operator sees what it saw before.
/// <para>At a watermark the event-time timers up to it fire, by time; state sees the new watermark then. Processing-time timers fire when the clock moves on, and
/// what they emit has the time of the last watermark.</para>
/// </remarks>
public abstract class KeyedOperator<TKey, TIn, TOut> : Operator<TIn, TOut>
    where TKey : notnull
{
    private readonly KeyType<TKey> _keyType;
    private readonly StateBackend _stateBackend;
    private readonly Dictionary<string, OperatorListState> _operatorStates = [];
    private readonly HashSet<string> _forgotten = [];
    private readonly OperatorListState<Clock> _clock;

    private protected KeyedOperator(KeyType<TKey> keyType, StateBackend? stateBackend)
    {
        _keyType = keyType;
        _stateBackend = stateBackend ?? StateBackend.Heap;
        _clock = OperatorState(new ListStateDescriptor<Clock>("clock"));
    }

    /// <inheritdoc/>
    public sealed override long TimersSet => EventTimers.Count + ProcessingTimers.Count;

    internal OperatorContext<TOut> Context { get; private set; } = null!;

    internal KeyedStateBackend<TKey> Backend { get; private set; } = null!;

    internal KeyedTimers<TKey> EventTimers { get; private set; } = null!;

    internal KeyedTimers<TKey> ProcessingTimers { get; private set; } = null!;

    internal RecordPlace Place { get; } = new();

    internal long WatermarkMs { get; private set; } = Watermark.None;

    /// <inheritdoc/>
    public sealed override void Open(OperatorContext<TOut> context)
    {
        Context = context;
        Backend = _stateBackend.Create(_keyType, context.KeyGroups);
        EventTimers = new KeyedTimers<TKey>(TimerDomain.EventTime, _keyType, context.KeyGroups);
        ProcessingTimers = new KeyedTimers<TKey>(TimerDomain.ProcessingTime, _keyType, context.KeyGroups);
        OnOpen();
    }

    /// <inheritdoc/>
    public sealed override void AdvanceWatermark(long watermarkMs)
    {
        WatermarkMs = watermarkMs;
        Backend.AdvanceWatermark(watermarkMs);
        EventTimers.Fire(watermarkMs, OnEventTimer);
    }

    /// <inheritdoc/>
    public sealed override void AdvanceProcessingTime(long nowMs)
    {
        Backend.AdvanceProcessingTime(nowMs);
        ProcessingTimers.Fire(nowMs, OnProcessingTimer);
    }

    /// <inheritdoc/>
    public sealed override OperatorSnapshot BeginSnapshot(SnapshotKind kind)
    {
        _clock.Set([new Clock(WatermarkMs, Backend.ProcessingTimeMs)]);
        return new CompositeSnapshot(
            Backend.BeginSnapshot(kind), EventTimers.BeginSnapshot(kind), ProcessingTimers.BeginSnapshot(kind), OperatorListState.BeginSnapshot(_operatorStates.Values));
    }

    /// <inheritdoc/>
    public sealed override void Restore(StateReader state)
    {
        while (state.Next(out SegmentEntry entry)) Restore(entry);
        EventTimers.EndRestore();
        ProcessingTimers.EndRestore();
        RestoreClock();
        OnRestored();
    }

    internal OperatorListState<T> OperatorState<T>(ListStateDescriptor<T> descriptor)
    {
        if (!_operatorStates.TryGetValue(descriptor.Name, out OperatorListState? known))
            _operatorStates[descriptor.Name] = known = new OperatorListState<T>(descriptor);
        return known as OperatorListState<T> ?? throw new InvalidOperationException($"There is a state '{descriptor.Name}' already, and it is of another type.");
    }

    internal void Forget(string stateName)
    {
        _forgotten.Add(stateName);
        Backend.Forget(stateName);
    }

    private protected abstract void OnOpen();

    private protected virtual void OnRestored()
    {
    }

    private protected abstract void OnTimer(TKey key, int keyGroup, long timeMs, TimerDomain domain);

    /// <summary>Takes over the times of the snapshot; all subtasks wrote the same.</summary>
    private void RestoreClock()
    {
        foreach (Clock clock in _clock.Items)
        {
            WatermarkMs = Math.Max(WatermarkMs, clock.WatermarkMs);
            Backend.AdvanceWatermark(WatermarkMs);
            Backend.AdvanceProcessingTime(Math.Max(Backend.ProcessingTimeMs, clock.ProcessingTimeMs));
        }
    }

    private void OnEventTimer(TKey key, int keyGroup, long timeMs)
    {
        Place.SetTimer(timeMs, keyGroup);
        Backend.SetCurrentKey(key, keyGroup, timeMs);
        OnTimer(key, keyGroup, timeMs, TimerDomain.EventTime);
    }

    private void OnProcessingTimer(TKey key, int keyGroup, long timeMs)
    {
        Place.SetTimer(WatermarkMs, keyGroup);
        Backend.SetCurrentKey(key, keyGroup, WatermarkMs);
        OnTimer(key, keyGroup, timeMs, TimerDomain.ProcessingTime);
    }

    private void Restore(in SegmentEntry entry)
    {
        string name = entry.State.Name;
        if (name == EventTimers.StateName) EventTimers.Restore(entry);
        else if (name == ProcessingTimers.StateName) ProcessingTimers.Restore(entry);
        else if (entry.State.Kind != OperatorListState.Kind) Backend.Restore(entry);
        else if (_operatorStates.TryGetValue(name, out OperatorListState? state)) state.Restore(entry);
        else if (!_forgotten.Contains(name)) throw new StateSchemaException($"The snapshot has an operator state '{name}', and the operator declares none of that name. Declare it, or forget it by name.");
    }

    private readonly record struct Clock(long WatermarkMs, long ProcessingTimeMs);
}
