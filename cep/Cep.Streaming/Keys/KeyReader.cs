using System.Linq.Expressions;
using System.Reflection;
using Cep.Engine.Keys;
using Cep.Events;
using L = System.Linq.Expressions.Expression;

namespace Cep.Streaming.Keys;

/// <summary>Gives the hash of an event's key, or false when a field of the key is null.</summary>
internal delegate bool KeyHash(object value, out ulong hash);

/// <summary>Reads the key of the events of one stream, by compiled code: no boxing and no look-up by name.</summary>
/// <remarks>Immutable and safe to share. A key without fields is the one key of a global partition.</remarks>
internal sealed class KeyReader
{
    private readonly EventType _type;
    private readonly Func<object, object?[]> _values;

    public KeyReader(EventType type, IReadOnlyList<EventField> fields)
    {
        _type = type;
        Fields = fields;
        Hash = CompileHash();
        _values = CompileValues();
    }

    /// <summary>The fields of the key, in order.</summary>
    public IReadOnlyList<EventField> Fields { get; }

    /// <summary>The hash by which the key is spread over subtasks.</summary>
    public KeyHash Hash { get; }

    /// <summary>The CLR type that holds a key: that of its field, or a tuple of them.</summary>
    public Type KeyType => KeyOf(L.Parameter(typeof(object))).Type;

    /// <summary>The values of the key's fields, for output.</summary>
    public object?[] Values(object value) => _values(value);

    /// <summary>Code that gives the key of an event in which no field of the key is null.</summary>
    public Func<object, TKey> Compile<TKey>()
    {
        var value = L.Parameter(typeof(object), "value");
        return L.Lambda<Func<object, TKey>>(KeyOf(value), value).Compile();
    }

    /// <summary>Code that writes a key.</summary>
    public Action<EventBinaryOutput, TKey> CompileWrite<TKey>()
    {
        var output = L.Parameter(typeof(EventBinaryOutput), "output");
        var key = L.Parameter(typeof(TKey), "key");
        var writes = Parts(key, Fields.Count).Select(part => (L)L.Call(output, EventBinaryReader.Form(FormOf(part.Type)), null, part));
        return L.Lambda<Action<EventBinaryOutput, TKey>>(L.Block([.. writes, L.Empty()]), output, key).Compile();
    }

    /// <summary>Code that reads a key that <see cref="CompileWrite"/> wrote.</summary>
    public Func<EventBinaryInput, TKey> CompileRead<TKey>()
    {
        var input = L.Parameter(typeof(EventBinaryInput), "input");
        var parts = Fields.Select(f => Conditions.ValueKinds.ClrType(f.Kind)).Select(t => (L)L.Call(input, EventBinaryReader.Form(FormOf(t)), null)).ToArray();
        var key = parts.Length switch { 0 => L.Constant(0), 1 => parts[0], _ => Tuple(parts) };
        return L.Lambda<Func<EventBinaryInput, TKey>>(key, input).Compile();
    }

    /// <summary>The kinds of the fields, as a snapshot tells them: <c>string, long</c>.</summary>
    public string Schema => string.Join(", ", Fields.Select(f => f.Kind.ToString().ToLowerInvariant()));

    /// <summary>Whether an event can be without a key.</summary>
    public bool CanBeNull => Fields.Any(f => f.IsOptional);

    private static FieldType FormOf(Type type) =>
        type == typeof(bool) ? FieldType.Bool : type == typeof(long) ? FieldType.Long : type == typeof(double) ? FieldType.Double
        : type == typeof(decimal) ? FieldType.Decimal : FieldType.String;

    /// <summary>The values in a key, in order: a tuple of more than seven holds the rest in a tuple of its own.</summary>
    private static IEnumerable<L> Parts(L key, int count)
    {
        if (count == 1)
            yield return key;
        for (var i = 0; count > 1 && i < count; i++)
        {
            if (i > 0 && i % 7 == 0)
                key = L.Field(key, "Rest");
            yield return L.Field(key, "Item" + (i % 7 + 1));
        }
    }

    private L KeyOf(L value) => Fields.Count switch
    {
        0 => L.Constant(0),
        1 => Field(value, Fields[0]),
        _ => Tuple(Fields.Select(f => Field(value, f)).ToArray()),
    };

    private L Field(L value, EventField field)
    {
        var read = field.Read(L.Convert(value, _type.ClrType));
        return Nullable.GetUnderlyingType(read.Type) is null ? read : L.Call(read, "GetValueOrDefault", null);
    }

    private static L Tuple(ReadOnlySpan<L> parts)
    {
        // A tuple of more than seven holds the rest in a tuple of its own.
        var direct = parts.Length <= 7 ? parts.ToArray() : [.. parts[..7], Tuple(parts[7..])];
        var type = Type.GetType("System.ValueTuple`" + direct.Length)!.MakeGenericType(direct.Select(p => p.Type).ToArray());
        return L.New(type.GetConstructor(direct.Select(p => p.Type).ToArray())!, direct);
    }

    private KeyHash CompileHash()
    {
        var value = L.Parameter(typeof(object), "value");
        var hash = L.Parameter(typeof(ulong).MakeByRefType(), "hash");
        var parts = Fields.Select(f => (L)L.Call(HashOf(f.Kind), Field(value, f)));
        var combine = typeof(StableHash).GetMethod(nameof(StableHash.Combine))!;
        var all = Fields.Count == 0 ? L.Constant(0UL) : parts.Aggregate((a, b) => L.Call(combine, a, b));
        L body = L.Block(L.Assign(hash, all), L.Constant(true));
        if (Fields.Select(f => IsNull(value, f)).OfType<L>().ToList() is { Count: > 0 } nulls)
            body = L.Condition(nulls.Aggregate(L.OrElse), L.Block(L.Assign(hash, L.Constant(0UL)), L.Constant(false)), body);
        return L.Lambda<KeyHash>(body, value, hash).Compile();
    }

    private L? IsNull(L value, EventField field)
    {
        var read = field.Read(L.Convert(value, _type.ClrType));
        if (!read.Type.IsValueType)
            return L.ReferenceEqual(read, L.Constant(null));
        return Nullable.GetUnderlyingType(read.Type) is null ? null : L.Not(L.Property(read, "HasValue"));
    }

    private static MethodInfo HashOf(Conditions.ValueKind kind) =>
        typeof(StableHash).GetMethod(nameof(StableHash.Of), [Conditions.ValueKinds.ClrType(kind)])!;

    private Func<object, object?[]> CompileValues()
    {
        var value = L.Parameter(typeof(object), "value");
        var values = Fields.Select(f => L.Convert(f.Read(L.Convert(value, _type.ClrType)), typeof(object)));
        return L.Lambda<Func<object, object?[]>>(L.NewArrayInit(typeof(object), values), value).Compile();
    }
}
