using System.Runtime.InteropServices;
using Cep.Engine.Checkpoints;
using Cep.Engine.State.Serializers;

namespace Cep.Engine.State.Heap;

/// <summary>A list a slot. A snapshot holds the whole list of a key that changed.</summary>
internal sealed class HeapListColumn<TKey, T>(HeapKeyedStateBackend<TKey> owner, ListStateDescriptor<T> descriptor) : HeapColumn<TKey>(owner, descriptor, "list")
    where TKey : notnull
{
    private readonly StateSerializer<T> _serializer = descriptor.Serializer;
    private List<T>?[] _lists = new List<T>?[owner.Capacity];

    protected override string ValueSchema => _serializer.Schema;

    public ReadOnlySpan<T> Items(int slot) => Has(slot) ? CollectionsMarshal.AsSpan(_lists[slot]) : default;

    /// <summary>The list of a slot, to be changed.</summary>
    public List<T> ForWrite(int slot)
    {
        BeginWrite(slot);
        return _lists[slot] ??= [];
    }

    public override void Resize(int capacity)
    {
        base.Resize(capacity);
        Array.Resize(ref _lists, capacity);
    }

    public override void Move(int[] from, int capacity)
    {
        base.Move(from, capacity);
        _lists = Moved(_lists, from, capacity);
    }

    public override RestoreEntry ReaderOf(StateSchema written)
    {
        Func<StateInput, T> read = EntryReaders.OfValue(_serializer, written, Name, out string prefix);
        return EntryReaders.Of(Owner, written, RestoredAsRemoved, (slot, input) =>
        {
            long touchedMs = EntryReaders.Touched(prefix, Ttl, input);
            _lists[slot] = ReadList(input, read);
            Restored(slot, touchedMs);
        });
    }

    protected override void WriteValue(int slot, StateOutput output)
    {
        List<T> list = _lists[slot]!;
        output.Count(list.Count);
        foreach (T value in list) _serializer.Write(value, output);
    }

    protected override void Drop(int slot) => _lists[slot] = null;

    private static List<T> ReadList(StateInput input, Func<StateInput, T> read)
    {
        int count = input.Count();
        var list = new List<T>(Math.Max(0, count));
        for (int i = 0; i < count; i++) list.Add(read(input));
        return list;
    }
}

/// <inheritdoc/>
internal sealed class HeapListState<TKey, T>(HeapKeyedStateBackend<TKey> owner, HeapListColumn<TKey, T> column) : ListState<T>
    where TKey : notnull
{
    public override ReadOnlySpan<T> Items => column.Items(owner.Current);

    public override void Add(T value)
    {
        // One that is too old is not added to.
        column.Has(owner.Current);
        column.ForWrite(owner.CurrentForWrite()).Add(value);
    }

    public override void Set(ReadOnlySpan<T> values)
    {
        if (values.IsEmpty)
        {
            Clear();
            return;
        }

        T[] copy = values.ToArray();
        List<T> list = column.ForWrite(owner.CurrentForWrite());
        list.Clear();
        list.AddRange(copy);
    }

    public override void Clear()
    {
        if (column.Has(owner.Current)) column.Remove(owner.Current);
    }
}
