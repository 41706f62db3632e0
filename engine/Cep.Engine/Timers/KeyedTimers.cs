using Cep.Engine.Checkpoints;
using Cep.Engine.Keys;
using Cep.Engine.Operators;
using Cep.Engine.State.Heap;

namespace Cep.Engine.Timers;

/// <summary>The timers of one clock for all keys of a subtask: one for a key and time, which can be taken back, and is part of snapshots.</summary>
/// <typeparam name="TKey">The type of the keys.</typeparam>
/// <remarks>
/// Timers come due by time; those of one time by key group, then by the hash of the key, so their order does not depend on parallelism or restores. Which
/// timers there are is keyed state of its own; the queue says only which comes next, and may hold some that were taken back. One thread only.
/// </remarks>
internal sealed class KeyedTimers<TKey>
    where TKey : notnull
{
    // So many timers taken back may wait in the queue beside as many live ones.
    private const int StaleKept = 1024;

    private readonly KeyType<TKey> _keyType;
    private readonly HeapKeyedStateBackend<TimerKey<TKey>> _set;
    private readonly HeapPresence<TimerKey<TKey>> _presence;
    private readonly List<Due> _due = [];
    private TimerQueue<(TKey Key, int KeyGroup)> _queue = new();
    private int _live;

    public KeyedTimers(TimerDomain domain, KeyType<TKey> keyType, KeyGroupRange keyGroups)
    {
        _keyType = keyType;
        StateName = domain == TimerDomain.EventTime ? "timers/event-time" : "timers/processing-time";
        _set = new HeapKeyedStateBackend<TimerKey<TKey>>(TimerKey<TKey>.TypeOf(keyType), keyGroups);
        _presence = _set.Presence(StateName, "timers");
    }

    /// <summary>The name in snapshots.</summary>
    public string StateName { get; }

    /// <summary>The number of timers that are set.</summary>
    public int Count => _live;

    /// <summary>Sets a timer; nothing happens when it is set.</summary>
    public void Register(TKey key, int keyGroup, long timeMs)
    {
        _set.SetCurrentKey(new TimerKey<TKey>(timeMs, key), keyGroup, timeMs);
        if (!_presence.Add()) return;
        _live++;
        _queue.Add(timeMs, (key, keyGroup));
    }

    /// <summary>Takes a timer back; nothing happens when it is not set.</summary>
    public void Delete(TKey key, int keyGroup, long timeMs)
    {
        _set.SetCurrentKey(new TimerKey<TKey>(timeMs, key), keyGroup, timeMs);
        if (!_presence.Remove()) return;
        _live--;
        if (_queue.Count > 2 * _live + StaleKept) FillQueue();
    }

    /// <summary>Hands over the timers of a time or before, those among it that are set meanwhile.</summary>
    public void Fire(long upToMs, OnTimer<TKey> onTimer)
    {
        while (_queue.TryPop(upToMs, out long timeMs, out (TKey Key, int KeyGroup) first))
        {
            _due.Clear();
            _due.Add(new Due(first.Key, first.KeyGroup, 0));
            if (_queue.IsDue(timeMs)) Gather(timeMs);
            foreach (Due due in _due)
            {
                _set.SetCurrentKey(new TimerKey<TKey>(timeMs, due.Key), due.KeyGroup, timeMs);
                if (!_presence.Remove()) continue;
                _live--;
                onTimer(due.Key, due.KeyGroup, timeMs);
            }
        }

        _due.Clear();
        _set.AdvanceWatermark(upToMs);
    }

    public OperatorSnapshot BeginSnapshot(SnapshotKind kind) => _set.BeginSnapshot(kind);

    public void Restore(in SegmentEntry entry) => _set.Restore(entry);

    /// <summary>All entries of a snapshot have been taken over.</summary>
    public void EndRestore()
    {
        _live = _presence.All().Count();
        FillQueue();
    }

    private void FillQueue()
    {
        _queue = new TimerQueue<(TKey Key, int KeyGroup)>();
        foreach ((TimerKey<TKey> timer, int keyGroup) in _presence.All()) _queue.Add(timer.TimeMs, (timer.Key, keyGroup));
    }

    /// <summary>Takes the other timers of the time, and brings all into order.</summary>
    private void Gather(long timeMs)
    {
        (TKey Key, int KeyGroup) first = (_due[0].Key, _due[0].KeyGroup);
        _due[0] = new Due(first.Key, first.KeyGroup, _keyType.HashOf(first.Key));
        while (_queue.TryPop(timeMs, out _, out (TKey Key, int KeyGroup) next)) _due.Add(new Due(next.Key, next.KeyGroup, _keyType.HashOf(next.Key)));
        _due.Sort();
    }

    private readonly struct Due(TKey key, int keyGroup, ulong hash) : IComparable<Due>
    {
        public readonly TKey Key = key;
        public readonly int KeyGroup = keyGroup;
        private readonly ulong _hash = hash;

        public int CompareTo(Due other)
        {
            int byGroup = KeyGroup.CompareTo(other.KeyGroup);
            return byGroup != 0 ? byGroup : _hash.CompareTo(other._hash);
        }
    }
}

/// <summary>A timer is due.</summary>
internal delegate void OnTimer<TKey>(TKey key, int keyGroup, long timeMs);
