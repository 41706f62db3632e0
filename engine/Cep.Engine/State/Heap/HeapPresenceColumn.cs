using Cep.Engine.Checkpoints;
using Cep.Engine.State.Serializers;

namespace Cep.Engine.State.Heap;

/// <summary>Nothing a slot but that the key is there.</summary>
internal sealed class HeapPresenceColumn<TKey>(HeapKeyedStateBackend<TKey> owner, StateDescriptor descriptor, string kind) : HeapColumn<TKey>(owner, descriptor, kind)
    where TKey : notnull
{
    protected override string ValueSchema => "";

    public override RestoreEntry ReaderOf(StateSchema written) => EntryReaders.Of(Owner, written, RestoredAsRemoved, (slot, _) => Restored(slot, TtlTimer.Unknown));

    protected override void WriteValue(int slot, StateOutput output)
    {
    }

    protected override void Drop(int slot)
    {
    }
}

/// <summary>Whether the current key is there.</summary>
internal sealed class HeapPresence<TKey>(HeapKeyedStateBackend<TKey> owner, HeapPresenceColumn<TKey> column)
    where TKey : notnull
{
    /// <returns>False when the key was there.</returns>
    public bool Add()
    {
        if (column.Has(owner.Current)) return false;
        column.BeginWrite(owner.CurrentForWrite());
        return true;
    }

    /// <returns>Whether the key was there.</returns>
    public bool Remove()
    {
        if (!column.Has(owner.Current)) return false;
        column.Remove(owner.Current);
        return true;
    }

    /// <summary>The keys that are there, with their key groups.</summary>
    public IEnumerable<(TKey Key, int KeyGroup)> All()
    {
        for (int slot = 0; slot < owner.Limit; slot++)
        {
            if (column.IsPresent(slot)) yield return (owner.KeyAt(slot), owner.KeyGroupAt(slot));
        }
    }
}
