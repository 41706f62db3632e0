using System.Runtime.InteropServices;
using Cep.Engine.State.Serializers;

namespace Cep.Engine.State.Heap;

/// <summary>A list as the value of a key. A snapshot holds the whole list of a key that changed.</summary>
internal sealed class HeapListState<TKey, T>(HeapKeyedStateBackend<TKey> owner, HeapValueColumn<TKey, List<T>> column) : ListState<T>
    where TKey : notnull
{
    public override ReadOnlySpan<T> Items => column.TryGet(owner.Current, out List<T>? list) ? CollectionsMarshal.AsSpan(list) : default;

    public override void Add(T value)
    {
        if (!column.TryGet(owner.Current, out List<T>? list))
        {
            column.Put(owner.CurrentForWrite(), [value]);
            return;
        }

        column.BeginWrite(owner.Current);
        list.Add(value);
    }

    public override void Set(ReadOnlySpan<T> values)
    {
        if (values.IsEmpty) Clear();
        else column.Put(owner.CurrentForWrite(), [.. values]);
    }

    public override void Clear()
    {
        if (column.Has(owner.Current)) column.Remove(owner.Current);
    }
}

/// <summary>The elements one after the other, and before them their number.</summary>
internal sealed class HeapListSerializer<T>(StateSerializer<T> element) : StateSerializer<List<T>>
{
    public override string Schema => element.Schema;

    public override void Write(List<T> value, StateOutput output)
    {
        output.Count(value.Count);
        foreach (T item in value) element.Write(item, output);
    }

    public override Func<StateInput, List<T>> ReaderOf(string writtenSchema, string what)
    {
        Func<StateInput, T> read = element.ReaderOf(writtenSchema, what);
        return input =>
        {
            int count = input.Count();
            var list = new List<T>(Math.Max(0, count));
            for (int i = 0; i < count; i++) list.Add(read(input));
            return list;
        };
    }
}
