using Cep.Evaluation;

namespace Cep.Matching;

/// <summary>What a matcher remembers of one key.</summary>
internal sealed class KeyRuns
{
    /// <summary>The runs; null once nothing is remembered any more.</summary>
    public RunSet? Runs { get; set; }

    /// <summary>Takes the key out of its table.</summary>
    public required Action Forget { get; init; }
}

/// <summary>Finds what is remembered by an event's key. A key of which nothing is remembered takes no memory.</summary>
/// <param name="Find">What is remembered of the event's key; null for nothing.</param>
/// <param name="Add">Begins to remember the event's key.</param>
internal sealed record KeyedRuns<T>(Func<T, KeyRuns?> Find, Func<T, KeyRuns> Add)
{
    /// <summary>All events have one key.</summary>
    public static KeyedRuns<T> OfOne()
    {
        KeyRuns? only = null;
        return new(_ => only, _ => only = new KeyRuns { Forget = () => only = null });
    }

    public static KeyedRuns<T> By<TKey>(Func<T, TKey> keyOf) where TKey : notnull
    {
        var keys = new Dictionary<TKey, KeyRuns>();
        return new(e => keys.GetValueOrDefault(keyOf(e)), e =>
        {
            var key = keyOf(e);
            return keys[key] = new KeyRuns { Forget = () => keys.Remove(key) };
        });
    }
}
