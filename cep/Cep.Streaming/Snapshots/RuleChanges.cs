using Cep.Events;

namespace Cep.Streaming.Snapshots;

/// <summary>Of one rule on one subtask: for which keys the next snapshot must write what is remembered, and which the snapshot under way has not reached.</summary>
/// <remarks>One thread only. A key whose entry is changed while a snapshot has yet to write it is written first, as it was at the barrier.</remarks>
internal sealed class RuleChanges(RuleWork work)
{
    private readonly SlotSet _kept = new();
    private SlotSet _changed = new();
    private SlotSet _toWrite = new();
    private EventBinaryOutput _deleted = new();

    /// <summary>The key at hand: the one whose set the evaluator is about to change; -1 for one that has none yet.</summary>
    public int At { get; set; } = -1;

    /// <summary>Whether the next snapshot says that what earlier ones hold counts no more.</summary>
    public bool Replaces { get; private set; }

    /// <summary>The snapshot under way; null for none.</summary>
    public RulesSnapshot? Walk { get; private set; }

    /// <summary>The keys in the snapshots so far whose entries are gone, as key group and key.</summary>
    public EventBinaryOutput Deleted => _deleted;

    /// <summary>Whether there is anything that a snapshot of what changed would write.</summary>
    public bool HasChanges => Replaces || _deleted.Count > 0 || _changed.Next(0) >= 0;

    /// <summary>A snapshot begins.</summary>
    /// <param name="walk">What writes it.</param>
    /// <param name="ofAll">Whether it holds all that is remembered.</param>
    /// <param name="counts">Whether what it holds counts as unchanged afterwards.</param>
    /// <returns>What was deleted; null where the snapshot need not say it.</returns>
    public EventBinaryOutput? Begin(RulesSnapshot walk, bool ofAll, bool counts)
    {
        Walk = walk;
        _toWrite = new SlotSet();
        if (ofAll)
            _toWrite.Fill(work.Runs.Length);
        if (!counts)
            return null;
        if (!ofAll)
            _toWrite = _changed;
        _changed = new SlotSet();
        var deleted = _deleted;
        _deleted = new EventBinaryOutput();
        Replaces = false;
        return ofAll ? null : deleted;
    }

    /// <summary>The snapshot is over. One that was given up leaves everything changed, whatever it has written.</summary>
    public void End(bool isGivenUp)
    {
        Walk = null;
        _toWrite.Clear();
        if (isGivenUp)
            WriteAnew();
    }

    /// <summary>The next snapshot is to write all that is remembered, and nothing in earlier ones counts.</summary>
    public void WriteAnew()
    {
        _changed.Fill(work.Runs.Length);
        _deleted.Clear();
        _kept.Clear();
        Replaces = true;
    }

    /// <summary>The next key to write from a slot on; -1 for none.</summary>
    public int NextToWrite(int from) => _toWrite.Next(from);

    /// <summary>A key was written, or need not be.</summary>
    public void Wrote(int slot, bool counts)
    {
        _toWrite.Remove(slot);
        if (counts && work.RunsOf(slot) is not null)
            _kept.Add(slot);
    }

    /// <summary>The set of the key at hand is about to change.</summary>
    public void Touch()
    {
        if (At >= 0)
            Touch(At);
    }

    /// <summary>What is remembered of a key is about to change, begin or end.</summary>
    public void Touch(int slot)
    {
        if (_toWrite.Contains(slot))
            Walk!.WriteBefore(work, slot);
        _changed.Add(slot);
    }

    /// <summary>Nothing is remembered of a key any more; the key is still in its table.</summary>
    public void Forget(int slot)
    {
        Touch(slot);
        if (!_kept.Remove(slot))
            return;
        _deleted.Byte((byte)work.Lane.KeyGroupOf(slot));
        var key = new EventBinaryOutput();
        work.Lane.Keys.Write(slot, key);
        _deleted.Unsigned((ulong)key.Count);
        _deleted.Bytes(key.Written);
    }

    /// <summary>Nothing is remembered of any key any more.</summary>
    public void ForgetAll()
    {
        _changed.Clear();
        _deleted.Clear();
        _kept.Clear();
        Replaces = true;
    }

    /// <summary>The keys have new slots; no snapshot is under way.</summary>
    public void Move(int[] moved)
    {
        _changed.Move(moved);
        _kept.Move(moved);
    }
}
