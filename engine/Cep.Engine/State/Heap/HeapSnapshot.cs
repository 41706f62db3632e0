using Cep.Engine.Checkpoints;
using Cep.Engine.Operators;

namespace Cep.Engine.State.Heap;

/// <summary>Walks the columns of a backend, and takes what is written ahead of the walk.</summary>
/// <remarks>
/// Between two batches the walk goes on for a slice. Entries that are changed ahead of it before the first slice, when there is no writer yet, wait as bytes.
/// </remarks>
internal sealed class HeapSnapshot<TKey>(HeapKeyedStateBackend<TKey> owner, SnapshotKind kind, bool replaces, HeapColumn<TKey>[] columns) : OperatorSnapshot
    where TKey : notnull
{
    private readonly List<Early> _early = [];

    // Entries are judged as of the barrier: one that grows too old while the walk is under way was alive then.
    private readonly long _watermarkMs = owner.WatermarkMs;
    private readonly long _processingTimeMs = owner.ProcessingTimeMs;
    private SegmentWriter? _writer;
    private int _at;

    /// <summary>Whether entries count as unchanged afterwards.</summary>
    public bool Resets => kind != SnapshotKind.Savepoint;

    /// <summary>Whether unchanged entries are written too.</summary>
    public bool HoldsEverything => kind != SnapshotKind.Incremental || replaces;

    /// <summary>Whether removed entries are written as such.</summary>
    public bool HoldsRemovals => !HoldsEverything;

    public bool IsDone { get; private set; }

    public bool IsOver(TtlTimer? ttl, long touchedMs) => ttl is not null && ttl.IsOver(touchedMs, _watermarkMs, _processingTimeMs);

    public bool Holds(EntryFlags flags) => HoldsEverything || (flags & EntryFlags.Dirty) != 0;

    public void Put(HeapColumn<TKey> column, int slot, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        int keyGroup = owner.KeyGroupAt(slot);
        if (_writer is null) _early.Add(new Early(column, keyGroup, key.ToArray(), value.ToArray()));
        else _writer.Put(column.Number, keyGroup, key, value);
    }

    public void Delete(HeapColumn<TKey> column, int slot, ReadOnlySpan<byte> key)
    {
        int keyGroup = owner.KeyGroupAt(slot);
        if (_writer is null) _early.Add(new Early(column, keyGroup, key.ToArray(), null));
        else _writer.Delete(column.Number, keyGroup, key);
    }

    public override bool Write(SegmentWriter writer, long budgetBytes)
    {
        if (IsDone) return true;
        if (_writer is null) Begin(writer);
        long bytes = writer.Bytes;
        long untilBytes = budgetBytes > long.MaxValue - bytes ? long.MaxValue : bytes + budgetBytes;
        for (; _at < columns.Length; _at++)
        {
            if (!columns[_at].Walk(writer, untilBytes)) return false;
        }

        IsDone = true;
        return true;
    }

    public override void Abandon()
    {
        if (IsDone) return;
        IsDone = true;
        for (; _at < columns.Length; _at++) columns[_at].AbandonWalk();
        if (Resets) owner.OnSnapshotLost();
    }

    private void Begin(SegmentWriter writer)
    {
        _writer = writer;
        foreach (HeapColumn<TKey> column in columns) column.Number = writer.Declare(column.Schema, replaces);
        foreach (Early early in _early)
        {
            if (early.Value is null) writer.Delete(early.Column.Number, early.KeyGroup, early.Key);
            else writer.Put(early.Column.Number, early.KeyGroup, early.Key, early.Value);
        }

        _early.Clear();
    }

    private readonly record struct Early(HeapColumn<TKey> Column, int KeyGroup, byte[] Key, byte[]? Value);
}
