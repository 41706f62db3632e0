using System.Linq.Expressions;
using System.Reflection;
using Cep.Engine.State.Serializers;

namespace Cep.Engine.Keys;

/// <summary>What the engine needs to know of a type of keys: a hash that never changes, and the bytes of a key in a snapshot.</summary>
/// <typeparam name="TKey">The type of the keys.</typeparam>
public sealed class KeyType<TKey>
    where TKey : notnull
{
    private readonly Func<TKey, ulong> _hash;

    /// <summary>A type of keys of your own.</summary>
    /// <param name="hash">The same in every process and version; equal keys have equal hashes.</param>
    /// <param name="serializer">Writes and reads keys.</param>
    public KeyType(Func<TKey, ulong> hash, StateSerializer<TKey> serializer)
    {
        ArgumentNullException.ThrowIfNull(hash);
        ArgumentNullException.ThrowIfNull(serializer);
        _hash = hash;
        Serializer = serializer;
    }

    /// <summary>Writes and reads keys.</summary>
    public StateSerializer<TKey> Serializer { get; }

    /// <summary>The key's hash; see <see cref="StableHash"/>.</summary>
    public ulong HashOf(TKey key) => _hash(key);

    /// <summary>The key's group, 0 to 127.</summary>
    public int KeyGroupOf(TKey key) => KeyGroupAssignment.KeyGroupOf(_hash(key));
}

/// <summary>Makes types of keys.</summary>
public static class KeyType
{
    /// <summary>The key type of a whole number, <c>bool</c>, <c>char</c>, <c>decimal</c>, <c>string</c>, <c>Guid</c>, <c>DateOnly</c>, an enumeration, or a
    /// tuple or record of these.</summary>
    /// <exception cref="NotSupportedException">The type has a part of another kind; the message names it.</exception>
    public static KeyType<TKey> Of<TKey>()
        where TKey : notnull
    {
        ParameterExpression key = Expression.Parameter(typeof(TKey), "key");
        Expression hash = HashOf(key, typeof(TKey).Name);
        return new KeyType<TKey>(Expression.Lambda<Func<TKey, ulong>>(hash, key).Compile(), StateSerializer.Of<TKey>());
    }

    private static Expression HashOf(Expression value, string path)
    {
        Type type = value.Type;
        if (type == typeof(decimal) || type == typeof(bool)) return Call(value);
        if (type == typeof(string)) return OrZeroWhenNull(value, Call(value));
        if (type == typeof(Guid)) return Expression.Call(typeof(KeyType), nameof(HashOfGuid), null, value);
        if (type == typeof(DateOnly)) return Call(Expression.Convert(Expression.Property(value, nameof(DateOnly.DayNumber)), typeof(long)));
        if (type == typeof(char) || type.IsEnum || StateScalar.Of(type) is { IsInteger: true }) return Call(Expression.Convert(value, typeof(long)));
        return HashOfParts(value, path);
    }

    private static Expression HashOfParts(Expression value, string path)
    {
        Type type = value.Type;
        if (StateScalar.Of(type) is not null || StateTypes.ElementOf(type) is not null || StateTypes.IsMap(type) || Nullable.GetUnderlyingType(type) is not null
            || StateClass.Of(type, out _) is not { } shape)
            throw Refusal(type, path, "is of no kind that has a stable hash");
        if (!type.IsValueType && type.GetMethod(nameof(Equals), [typeof(object)])!.DeclaringType == typeof(object))
            throw Refusal(type, path, "is a class whose instances are equal only to themselves; make it a record");
        ParameterExpression once = Expression.Variable(type);
        Expression hash = shape.Members
            .Select(m => HashOf(Expression.MakeMemberAccess(once, m), $"{path}.{m.Name}"))
            .Aggregate((first, second) => Expression.Call(typeof(StableHash), nameof(StableHash.Combine), null, first, second));
        return Expression.Block([once], Expression.Assign(once, value), type.IsValueType ? hash : OrZeroWhenNull(once, hash));
    }

    private static ConditionalExpression OrZeroWhenNull(Expression value, Expression hash) =>
        Expression.Condition(Expression.ReferenceEqual(value, Expression.Constant(null)), Expression.Constant(0UL), hash);

    private static MethodCallExpression Call(Expression value)
    {
        MethodInfo method = typeof(StableHash).GetMethod(nameof(StableHash.Of), [value.Type])!;
        return Expression.Call(method, value);
    }

    private static ulong HashOfGuid(Guid value)
    {
        Span<byte> bytes = stackalloc byte[16];
        value.TryWriteBytes(bytes, bigEndian: true, out _);
        return StableHash.Combine(
            StableHash.Of(System.Buffers.Binary.BinaryPrimitives.ReadInt64BigEndian(bytes)),
            StableHash.Of(System.Buffers.Binary.BinaryPrimitives.ReadInt64BigEndian(bytes[8..])));
    }

    private static NotSupportedException Refusal(Type type, string path, string wrong) => new(
        $"`{path}` cannot be a key: the type `{type.Name}` {wrong}. Keys are whole numbers, bool, char, decimal, string, Guid, DateOnly, enumerations, "
        + "and tuples and records of these.");
}
