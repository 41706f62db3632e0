using System.Linq.Expressions;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Cep.Conditions;

namespace Cep.Events;

/// <summary>
/// Gives each key a slot: a small number, under which its state can lie in arrays. Several inputs share the keys, each with key fields of its own.
/// Finding a known key allocates nothing.
/// </summary>
/// <remarks>Slots of removed keys are used again, the last one first. Used by one thread.</remarks>
public abstract class KeyTable
{
    /// <summary>The most fields that a key can have.</summary>
    public const int MaxFields = 7;

    /// <summary>The answer for a key that has no slot.</summary>
    public const int Unknown = -1;

    /// <summary>The answer for an event without a key: one of its key fields is null.</summary>
    public const int NoKey = -2;

    private readonly ValueKind[] _kinds;

    private protected KeyTable(ValueKind[] kinds) => _kinds = kinds;

    /// <summary>How many keys have a slot.</summary>
    public abstract int Count { get; }

    /// <summary>One more than the greatest slot ever given out.</summary>
    public abstract int SlotCount { get; }

    /// <summary>An empty table.</summary>
    /// <param name="inputs">
    /// For each input its key fields, in order, all of one event type: at most <see cref="MaxFields"/>, or none for one key that all events share. The
    /// inputs agree in the kinds of their key fields.
    /// </param>
    /// <exception cref="ArgumentException">There is no input, a key has too many fields, or the inputs do not agree.</exception>
    public static KeyTable Create(IReadOnlyList<IReadOnlyList<EventField>> inputs)
    {
        if (inputs.Count == 0)
            throw new ArgumentException("A table of keys needs at least one input.", nameof(inputs));
        var kinds = inputs[0].Select(f => f.Kind).ToArray();
        if (kinds.Length > MaxFields)
            throw new ArgumentException($"A key has at most {MaxFields} fields, not {kinds.Length}.", nameof(inputs));
        if (inputs.Any(i => !i.Select(f => f.Kind).SequenceEqual(kinds)))
            throw new ArgumentException("The inputs do not agree in the kinds of their key fields.", nameof(inputs));
        var table = typeof(KeyTable<>).MakeGenericType(KeyType(kinds));
        return (KeyTable)Activator.CreateInstance(table, kinds, inputs)!;
    }

    /// <summary>The slot of an event's key, <see cref="Unknown"/>, or <see cref="NoKey"/>.</summary>
    /// <param name="input">The position of the event's input.</param>
    /// <param name="e">The event.</param>
    public abstract int Find(int input, object e);

    /// <summary>The slot of an event's key, which gets one if it has none.</summary>
    /// <inheritdoc cref="Find" path="/param"/>
    /// <exception cref="ArgumentException">The event has no key.</exception>
    public abstract int Add(int input, object e);

    /// <summary>Takes the slot from its key.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No key has the slot.</exception>
    public abstract void Remove(int slot);

    /// <summary>The values of a key, in the CLR types of their kinds; never null.</summary>
    /// <inheritdoc cref="Remove" path="/exception"/>
    public abstract object[] Values(int slot);

    /// <summary>The key as text: its values joined by commas.</summary>
    /// <inheritdoc cref="Remove" path="/exception"/>
    public string Text(int slot) => string.Join(',', Values(slot).Select((v, i) => ValueText.Of(_kinds[i], v)));

    /// <summary>Writes the key as a JSON array of its values.</summary>
    /// <inheritdoc cref="Remove" path="/exception"/>
    public void WriteJson(Utf8JsonWriter writer, int slot)
    {
        writer.WriteStartArray();
        var values = Values(slot);
        for (var i = 0; i < values.Length; i++)
            EventJsonWriter.WriteValue(writer, _kinds[i], values[i]);
        writer.WriteEndArray();
    }

    private static Type KeyType(ValueKind[] kinds)
    {
        var types = Array.ConvertAll(kinds, k => k.ClrType());
        return types.Length switch
        {
            0 => typeof(ValueTuple),
            1 => types[0],
            _ => typeof(ValueTuple).Assembly.GetType($"System.ValueTuple`{types.Length}", throwOnError: true)!.MakeGenericType(types),
        };
    }
}

/// <summary>A <see cref="KeyTable"/> whose keys are values of a CLR type: that of the one key field, or a tuple.</summary>
internal sealed class KeyTable<TKey> : KeyTable
    where TKey : notnull
{
    private readonly KeyOf[] _keyOf;
    private readonly Dictionary<TKey, int> _slots = [];
    private readonly List<(TKey Key, bool IsTaken)> _keys = [];
    private readonly Stack<int> _free = [];

    public KeyTable(ValueKind[] kinds, IReadOnlyList<IReadOnlyList<EventField>> inputs) : base(kinds) => _keyOf = inputs.Select(Compile).ToArray();

    private delegate bool KeyOf(object e, out TKey key);

    public override int Count => _slots.Count;

    public override int SlotCount => _keys.Count;

    public override int Find(int input, object e)
    {
        if (!_keyOf[input](e, out var key))
            return NoKey;
        return _slots.TryGetValue(key, out var slot) ? slot : Unknown;
    }

    public override int Add(int input, object e)
    {
        if (!_keyOf[input](e, out var key))
            throw new ArgumentException("The event has no key.", nameof(e));
        if (_slots.TryGetValue(key, out var slot))
            return slot;
        if (_free.TryPop(out slot))
        {
            _keys[slot] = (key, true);
        }
        else
        {
            slot = _keys.Count;
            _keys.Add((key, true));
        }
        _slots.Add(key, slot);
        return slot;
    }

    public override void Remove(int slot)
    {
        _slots.Remove(KeyAt(slot));
        _keys[slot] = default;
        _free.Push(slot);
    }

    public override object[] Values(int slot)
    {
        object key = KeyAt(slot);
        return key is ITuple tuple ? Enumerable.Range(0, tuple.Length).Select(i => tuple[i]!).ToArray() : [key];
    }

    private TKey KeyAt(int slot)
    {
        if ((uint)slot >= (uint)_keys.Count || !_keys[slot].IsTaken)
            throw new ArgumentOutOfRangeException(nameof(slot), slot, "No key has this slot.");
        return _keys[slot].Key;
    }

    private static KeyOf Compile(IReadOnlyList<EventField> fields)
    {
        var e = Expression.Parameter(typeof(object), "e");
        var key = Expression.Parameter(typeof(TKey).MakeByRefType(), "key");
        return Expression.Lambda<KeyOf>(KeyExpression.Read(fields, e, key, Make), e, key).Compile();
    }

    private static Expression Make(IReadOnlyList<Expression> values) => values.Count switch
    {
        0 => Expression.Default(typeof(TKey)),
        1 => values[0],
        _ => Expression.New(typeof(TKey).GetConstructor(values.Select(v => v.Type).ToArray())!, values),
    };
}
