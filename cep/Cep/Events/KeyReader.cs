using System.Linq.Expressions;

namespace Cep.Events;

/// <summary>Reads the key of the events of one rule input, for routing: a hash that is the same everywhere and for ever.</summary>
/// <remarks>Immutable and safe to share between threads.</remarks>
public sealed class KeyReader
{
    private readonly HashOf _hash;

    /// <summary>A reader of a key.</summary>
    /// <param name="fields">The fields that make the key, in order, all of one event type; none for the key that all events share.</param>
    public KeyReader(IReadOnlyList<EventField> fields)
    {
        Fields = fields;
        var e = Expression.Parameter(typeof(object), "e");
        var hash = Expression.Parameter(typeof(ulong).MakeByRefType(), "hash");
        _hash = Expression.Lambda<HashOf>(KeyExpression.Read(fields, e, hash, Hash), e, hash).Compile();
    }

    private delegate bool HashOf(object e, out ulong hash);

    /// <summary>The fields that make the key, in order.</summary>
    public IReadOnlyList<EventField> Fields { get; }

    /// <summary>The hash of an event's key: over the kinds and values of its fields, so that inputs whose key fields have the same kinds agree.</summary>
    /// <returns>False when a key field is null: the event has no key.</returns>
    public bool TryHash(object e, out ulong hash) => _hash(e, out hash);

    private Expression Hash(IReadOnlyList<Expression> values)
    {
        Expression hash = Expression.Constant(KeyHash.Start);
        for (var i = 0; i < values.Count; i++)
            hash = Expression.Call(typeof(KeyHash), Fields[i].Kind.ToString(), null, hash, values[i]);
        return Expression.Call(typeof(KeyHash), nameof(KeyHash.Finish), null, hash);
    }
}
