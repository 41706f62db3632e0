using Cep.Engine.Keys;

namespace Cep.Engine.State.Heap;

/// <summary>Keeps keyed state in memory.</summary>
internal sealed class HeapStateBackend : StateBackend
{
    public override KeyedStateBackend<TKey> Create<TKey>(KeyType<TKey> keyType, KeyGroupRange keyGroups) => new HeapKeyedStateBackend<TKey>(keyType, keyGroups);
}
