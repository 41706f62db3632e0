namespace Cep.Engine.Keys;

/// <summary>Sends every record to the subtask that owns its key.</summary>
/// <typeparam name="T">The type of the records.</typeparam>
/// <typeparam name="TKey">The type of the keys.</typeparam>
/// <param name="keyOf">The key of a value; the same for the same value at any time.</param>
/// <param name="keyType">The type of the keys; null for that which <see cref="KeyType.Of{TKey}"/> gives.</param>
public sealed class KeyPartitioner<T, TKey>(Func<T, TKey> keyOf, KeyType<TKey>? keyType = null) : Partitioner<T>
    where TKey : notnull
{
    private readonly KeyType<TKey> _keyType = keyType ?? KeyType.Of<TKey>();

    /// <inheritdoc/>
    public override bool TryRoute(T value, int lane, out ulong hash)
    {
        hash = _keyType.HashOf(keyOf(value));
        return true;
    }
}
