using Cep.Engine.Keys;
using Cep.Engine.State.Serializers;

namespace Cep.Engine.Streams.Windows;

/// <summary>A window of a key: what a window operator's state and timers belong to.</summary>
/// <typeparam name="TKey">The type of the keys.</typeparam>
/// <param name="Window">The window.</param>
/// <param name="Key">The key.</param>
public readonly record struct WindowKey<TKey>(TimeWindow Window, TKey Key)
    where TKey : notnull
{
    internal static KeyType<WindowKey<TKey>> TypeOf(KeyType<TKey> keyType) => new(
        window => StableHash.Combine(keyType.HashOf(window.Key), StableHash.Of(window.Window.StartMs)),
        new CompositeKeySerializer<TKey, WindowKey<TKey>>(keyType.Serializer, "StartMs:long,EndMs:long", window => window.Key, Write, Read));

    private static void Write(WindowKey<TKey> key, StateOutput output)
    {
        output.Long(key.Window.StartMs);
        output.Long(key.Window.EndMs);
    }

    private static WindowKey<TKey> Read(StateInput input, Func<StateInput, TKey> readKey)
    {
        long startMs = input.Long();
        long endMs = input.Long();
        return new(new TimeWindow(startMs, endMs), readKey(input));
    }
}
