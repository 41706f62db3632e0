using Cep.Engine.Checkpoints;
using Cep.Engine.State.Serializers;

namespace Cep.Engine.State.Heap;

/// <summary>What reading the entries of all kinds of columns has in common.</summary>
internal static class EntryReaders
{
    /// <summary>Code that finds the slot of an entry's key and hands it on.</summary>
    public static RestoreEntry Of<TKey>(HeapKeyedStateBackend<TKey> owner, StateSchema written, Action<int> remove, Action<int, StateInput> put)
        where TKey : notnull
    {
        Func<StateInput, TKey> readKey = OfKey(owner, written.Key, written.Name);
        return (in SegmentEntry entry) =>
        {
            owner.KeyInput.Reset(entry.Key);
            int slot = owner.SlotOf(readKey(owner.KeyInput), entry.KeyGroup);
            owner.KeyInput.End();
            if (entry.IsDelete)
            {
                remove(slot);
                return;
            }

            owner.ValueInput.Reset(entry.Value);
            put(slot, owner.ValueInput);
            owner.ValueInput.End();
        };
    }

    public static Func<StateInput, TKey> OfKey<TKey>(HeapKeyedStateBackend<TKey> owner, string schema, string state)
        where TKey : notnull =>
        owner.KeyType.Serializer.ReaderOf(schema, $"the key of state '{state}'");

    /// <summary>Code that reads a value, after its time.</summary>
    /// <param name="prefix">Says whether there is a time, and of which clock.</param>
    public static Func<StateInput, T> OfValue<T>(StateSerializer<T> serializer, StateSchema written, string name, out string prefix)
    {
        string schema = written.Value;
        prefix = TtlTimer.TakePrefix(ref schema);
        return serializer.ReaderOf(schema, $"the value of state '{name}'");
    }

    /// <summary>Reads the time of an entry, if one was written; it counts where it is of the clock that is asked for.</summary>
    public static long Touched(string prefix, TtlTimer? ttl, StateInput input)
    {
        long touchedMs = prefix.Length > 0 ? input.Long() : TtlTimer.Unknown;
        return prefix == ttl?.SchemaPrefix ? touchedMs : TtlTimer.Unknown;
    }
}
