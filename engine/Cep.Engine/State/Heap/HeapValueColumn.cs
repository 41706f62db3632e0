using System.Diagnostics.CodeAnalysis;
using Cep.Engine.Checkpoints;
using Cep.Engine.State.Serializers;

namespace Cep.Engine.State.Heap;

/// <summary>One value a slot.</summary>
internal sealed class HeapValueColumn<TKey, T>(HeapKeyedStateBackend<TKey> owner, StateDescriptor descriptor, string kind, StateSerializer<T> serializer)
    : HeapColumn<TKey>(owner, descriptor, kind)
    where TKey : notnull
{
    private T[] _values = new T[owner.Capacity];

    protected override string ValueSchema => serializer.Schema;

    public bool TryGet(int slot, [MaybeNullWhen(false)] out T value)
    {
        bool has = Has(slot);
        value = has ? _values[slot] : default;
        return has;
    }

    public void Put(int slot, T value)
    {
        BeginWrite(slot);
        _values[slot] = value;
    }

    public override void Resize(int capacity)
    {
        base.Resize(capacity);
        Array.Resize(ref _values, capacity);
    }

    public override void Move(int[] from, int capacity)
    {
        base.Move(from, capacity);
        _values = Moved(_values, from, capacity);
    }

    public override RestoreEntry ReaderOf(StateSchema written)
    {
        Func<StateInput, T> read = EntryReaders.OfValue(serializer, written, Name, out string prefix);
        return EntryReaders.Of(Owner, written, RestoredAsRemoved, (slot, input) =>
        {
            long touchedMs = EntryReaders.Touched(prefix, Ttl, input);
            _values[slot] = read(input);
            Restored(slot, touchedMs);
        });
    }

    protected override void WriteValue(int slot, StateOutput output) => serializer.Write(_values[slot], output);

    protected override void Drop(int slot) => _values[slot] = default!;
}

/// <inheritdoc/>
internal sealed class HeapValueState<TKey, T>(HeapKeyedStateBackend<TKey> owner, HeapValueColumn<TKey, T> column) : ValueState<T>
    where TKey : notnull
{
    public override T? Value
    {
        get => column.TryGet(owner.Current, out T? value) ? value : default;
        set
        {
            if (value is null) Clear();
            else column.Put(owner.CurrentForWrite(), value);
        }
    }

    public override bool TryGet([MaybeNullWhen(false)] out T value) => column.TryGet(owner.Current, out value);

    public override bool Touch()
    {
        if (!column.Has(owner.Current)) return false;
        column.BeginWrite(owner.Current);
        return true;
    }

    public override void Clear()
    {
        if (column.Has(owner.Current)) column.Remove(owner.Current);
    }
}

/// <inheritdoc/>
internal sealed class HeapReducingState<TKey, T>(HeapKeyedStateBackend<TKey> owner, HeapValueColumn<TKey, T> column, Func<T, T, T> reduce) : ReducingState<T>
    where TKey : notnull
{
    public override void Add(T value)
    {
        if (column.TryGet(owner.Current, out T? sum))
        {
            // Before the function is called: it may change the object that it is given.
            column.BeginWrite(owner.Current);
            value = reduce(sum, value);
        }

        column.Put(owner.CurrentForWrite(), value);
    }

    public override bool TryGet([MaybeNullWhen(false)] out T result) => column.TryGet(owner.Current, out result);

    public override void Clear()
    {
        if (column.Has(owner.Current)) column.Remove(owner.Current);
    }
}

/// <inheritdoc/>
internal sealed class HeapAggregatingState<TKey, TIn, TAccumulator, TOut>(
    HeapKeyedStateBackend<TKey> owner, HeapValueColumn<TKey, TAccumulator> column, AggregateFunction<TIn, TAccumulator, TOut> aggregate) : AggregatingState<TIn, TOut>
    where TKey : notnull
{
    public override void Add(TIn value)
    {
        if (column.TryGet(owner.Current, out TAccumulator? accumulator)) column.BeginWrite(owner.Current);
        else accumulator = aggregate.Create();
        column.Put(owner.CurrentForWrite(), aggregate.Add(accumulator, value));
    }

    public override bool TryGet([MaybeNullWhen(false)] out TOut result)
    {
        bool has = column.TryGet(owner.Current, out TAccumulator? accumulator);
        result = has ? aggregate.ResultOf(accumulator!) : default;
        return has;
    }

    public override void Clear()
    {
        if (column.Has(owner.Current)) column.Remove(owner.Current);
    }
}
