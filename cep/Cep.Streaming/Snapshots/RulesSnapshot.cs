using Cep.Engine.Checkpoints;
using Cep.Engine.Operators;
using Cep.Events;

namespace Cep.Streaming.Snapshots;

/// <summary>What the rules of one subtask remembered at a barrier, while it is written: key by key, between batches.</summary>
/// <remarks>
/// Fixed at the barrier: which keys are to be written, the small things - counts, failures, the watermark - and the events that wait. What is remembered of a key
/// is written when its turn comes, or right before it changes.
/// </remarks>
internal sealed class RulesSnapshot : OperatorSnapshot
{
    private readonly IReadOnlyList<RuleWork> _work;
    private readonly (string StateName, CompiledRule Rule)[] _rules;
    private readonly IReadOnlyList<string> _ended;
    private readonly EventBinaryOutput?[] _deleted;
    private readonly RuleStateFormat?[] _formats;
    private readonly int[] _states;
    private readonly bool[] _replaces;
    private readonly bool _counts;
    private readonly SmallState _small;
    private readonly PendingSnapshot _pending;
    private readonly EventBinaryOutput _key = new();
    private readonly EventBinaryOutput _value = new();

    // What changed before there was anything to write to.
    private readonly List<(int Work, int KeyGroup, int KeyBytes, int ValueBytes)> _before = [];
    private readonly EventBinaryOutput _beforeBytes = new();
    private SegmentWriter? _writer;
    private int _at;
    private int _slot;

    /// <param name="work">All rules at work.</param>
    /// <param name="kind">What is to be written.</param>
    /// <param name="small">The small things.</param>
    /// <param name="pending">The events that wait.</param>
    /// <param name="ended">Names of states of rules that are at work no more.</param>
    public RulesSnapshot(IReadOnlyList<RuleWork> work, SnapshotKind kind, SmallState small, PendingSnapshot pending, IReadOnlyList<string> ended)
    {
        _work = work;
        _rules = work.Select(w => (w.StateName, w.Rule)).ToArray();
        _ended = kind == SnapshotKind.Incremental ? ended : [];
        _small = small;
        _pending = pending;
        _counts = kind != SnapshotKind.Savepoint;
        _formats = new RuleStateFormat?[work.Count];
        _deleted = new EventBinaryOutput?[work.Count];
        _states = new int[work.Count];
        _replaces = new bool[work.Count];
        Array.Fill(_states, -1);
        for (var i = 0; i < work.Count; i++)
        {
            var changes = work[i].Track();
            _replaces[i] = changes.Replaces && kind == SnapshotKind.Incremental;
            _deleted[i] = changes.Begin(this, kind != SnapshotKind.Incremental, _counts);
        }
    }

    /// <summary>Whether all is written, or it was given up.</summary>
    public bool IsOver { get; private set; }

    /// <inheritdoc/>
    public override bool Write(SegmentWriter writer, long budgetBytes)
    {
        var end = budgetBytes > long.MaxValue - writer.Bytes ? long.MaxValue : writer.Bytes + budgetBytes;
        if (_writer is null)
            Begin(writer);
        if (!_pending.Write(writer, end))
            return false;
        for (; _at < _work.Count; _at++)
        {
            var changes = _work[_at].Changes!;
            while ((_slot = changes.NextToWrite(_slot)) >= 0)
            {
                Put(_at, _slot);
                if (writer.Bytes >= end)
                    return false;
            }
            _slot = 0;
        }
        End(isGivenUp: false);
        return true;
    }

    /// <inheritdoc/>
    public override void Abandon() => End(isGivenUp: true);

    /// <summary>Writes what is remembered of a key before it changes.</summary>
    public void WriteBefore(RuleWork work, int slot) => Put(PlaceOf(work), slot);

    private int PlaceOf(RuleWork work)
    {
        for (var i = 0; i < _work.Count; i++)
        {
            if (_work[i] == work)
                return i;
        }
        throw new InvalidOperationException($"The rule `{work.Rule.Rule.Name}` is not in the snapshot.");
    }

    private void Put(int place, int slot)
    {
        var work = _work[place];
        work.Changes!.Wrote(slot, _counts);
        if (work.RunsOf(slot) is not { } runs)
            return;
        _key.Clear();
        _value.Clear();
        work.Lane.Keys.Write(slot, _key);
        FormatOf(place).Write(runs, _value);
        if (_writer is not null)
        {
            _writer.Put(StateOf(place), work.Lane.KeyGroupOf(slot), _key.Written, _value.Written);
            return;
        }
        _before.Add((place, work.Lane.KeyGroupOf(slot), _key.Count, _value.Count));
        _beforeBytes.Bytes(_key.Written);
        _beforeBytes.Bytes(_value.Written);
    }

    private void Begin(SegmentWriter writer)
    {
        _writer = writer;
        _small.Write(writer);
        _pending.Begin(writer);
        foreach (var name in _ended)
            writer.Declare(RuleStateFormat.Ended(name), replaces: true);
        for (var i = 0; i < _work.Count; i++)
        {
            if (_replaces[i])
                StateOf(i);
            if (_deleted[i] is { Count: > 0 } deleted)
                Delete(StateOf(i), deleted);
        }
        var bytes = _beforeBytes.Written;
        foreach (var (place, keyGroup, keyBytes, valueBytes) in _before)
        {
            writer.Put(StateOf(place), keyGroup, bytes[..keyBytes], bytes.Slice(keyBytes, valueBytes));
            bytes = bytes[(keyBytes + valueBytes)..];
        }
        _before.Clear();
        _beforeBytes.Clear();
    }

    private void Delete(int state, EventBinaryOutput deleted)
    {
        var input = new EventBinaryInput(deleted.Written.ToArray());
        while (input.Left > 0)
        {
            var keyGroup = input.Byte();
            _writer!.Delete(state, keyGroup, input.Bytes((int)input.Unsigned()));
        }
    }

    private int StateOf(int place) =>
        _states[place] >= 0 ? _states[place] : _states[place] = _writer!.Declare(FormatOf(place).Schema, _replaces[place]);

    private RuleStateFormat FormatOf(int place) => _formats[place] ??= new RuleStateFormat(_rules[place].StateName, _rules[place].Rule, _work[place].Lane.Group.KeySchema);

    private void End(bool isGivenUp)
    {
        IsOver = true;
        foreach (var work in _work)
            work.Changes!.End(isGivenUp && _counts);
    }
}
