using Cep.Engine.Keys;
using Cep.Engine.State.Serializers;

namespace Cep.Engine.Timers;

/// <summary>A timer: what it is set for, and when. Two that are equal are one.</summary>
internal readonly record struct TimerKey<TKey>(long TimeMs, TKey Key)
    where TKey : notnull
{
    public static KeyType<TimerKey<TKey>> TypeOf(KeyType<TKey> keyType) => new(
        timer => StableHash.Combine(keyType.HashOf(timer.Key), StableHash.Of(timer.TimeMs)),
        new CompositeKeySerializer<TKey, TimerKey<TKey>>(
            keyType.Serializer, "TimeMs:long", timer => timer.Key, (timer, output) => output.Long(timer.TimeMs), Read));

    private static TimerKey<TKey> Read(StateInput input, Func<StateInput, TKey> readKey)
    {
        long timeMs = input.Long();
        return new(timeMs, readKey(input));
    }
}
