using Cep.Events;

namespace Cep.Streaming.Keys;

/// <summary>Gives each key of which something is remembered a small number, its slot; slots of forgotten keys are used again.</summary>
/// <remarks>One thread only. The keys of several streams meet in one table: their fields have the same kinds.</remarks>
internal abstract class KeyTable
{
    /// <summary>A table for the keys that the readers give.</summary>
    /// <param name="readers">By stream; null where a stream has no key here. All give one type of key.</param>
    public static KeyTable For(IReadOnlyList<KeyReader?> readers)
    {
        var type = readers.First(r => r is not null)!.KeyType;
        return (KeyTable)Activator.CreateInstance(typeof(KeyTable<>).MakeGenericType(type), readers)!;
    }

    /// <summary>Reads the keys of events by these readers from here on; they give the type of key that the table has.</summary>
    public abstract void Read(IReadOnlyList<KeyReader?> readers);

    /// <summary>The number of keys in the table.</summary>
    public abstract int Count { get; }

    /// <summary>The slot of an event's key, or -1 when it has none.</summary>
    public abstract int Find(in StreamEvent e);

    /// <summary>Gives the event's key, which has none, a slot: a used one, or the next after all others.</summary>
    public abstract int Add(in StreamEvent e);

    /// <summary>Forgets a key.</summary>
    public abstract void Remove(int slot);

    /// <summary>Writes the key that has a slot.</summary>
    public abstract void Write(int slot, EventBinaryOutput output);

    /// <summary>The slot of a key that was written; it is given one where it has none.</summary>
    /// <exception cref="InvalidDataException">The bytes are no key.</exception>
    public abstract int FindOrAdd(EventBinaryInput input);

    /// <summary>One more than the greatest slot that was ever given since the last <see cref="Compact"/>.</summary>
    public abstract int Slots { get; }

    /// <summary>Gives the keys new slots, from 0 on without gaps, and gives back the room of the others.</summary>
    /// <returns>By old slot the new one, which is never greater; -1 for a slot without a key.</returns>
    public abstract int[] Compact();
}

/// <inheritdoc/>
internal sealed class KeyTable<TKey> : KeyTable
    where TKey : notnull
{
    private KeyReader?[] _readers = [];
    private Func<object, TKey>?[] _keyOf = [];
    private readonly Dictionary<TKey, int> _slots = [];
    private readonly Stack<int> _free = new();
    private TKey[] _keys = new TKey[16];
    private int _next;

    private Action<EventBinaryOutput, TKey>? _write;
    private Func<EventBinaryInput, TKey>? _read;

    public KeyTable(IReadOnlyList<KeyReader?> readers) => Read(readers);

    public override void Read(IReadOnlyList<KeyReader?> readers)
    {
        _readers = readers.ToArray();
        _keyOf = readers.Select(r => r?.Compile<TKey>()).ToArray();
    }

    // All readers give one kind of key, so any of them can tell how it is written.
    private KeyReader AnyReader => Array.Find(_readers, r => r is not null)!;

    public override int Count => _slots.Count;

    public override int Find(in StreamEvent e) => _slots.TryGetValue(_keyOf[e.Stream]!(e.Value), out var slot) ? slot : -1;

    public override int Add(in StreamEvent e) => Add(_keyOf[e.Stream]!(e.Value));

    public override void Write(int slot, EventBinaryOutput output) => (_write ??= AnyReader.CompileWrite<TKey>())(output, _keys[slot]);

    public override int FindOrAdd(EventBinaryInput input)
    {
        var key = (_read ??= AnyReader.CompileRead<TKey>())(input);
        return _slots.TryGetValue(key, out var slot) ? slot : Add(key);
    }

    private int Add(TKey key)
    {
        if (!_free.TryPop(out var slot))
            slot = _next++;
        if (slot >= _keys.Length)
            Array.Resize(ref _keys, _keys.Length * 2);
        _keys[slot] = key;
        _slots.Add(key, slot);
        return slot;
    }

    public override int Slots => _next;

    public override int[] Compact()
    {
        var moved = new int[_next];
        Array.Fill(moved, -1);
        foreach (var slot in _slots.Values)
            moved[slot] = 0;
        var next = 0;
        for (var slot = 0; slot < moved.Length; slot++)
        {
            if (moved[slot] < 0)
                continue;
            moved[slot] = next;
            _keys[next] = _keys[slot];
            _slots[_keys[next]] = next++;
        }
        Array.Resize(ref _keys, Math.Max(next, 16));
        _slots.TrimExcess();
        _free.Clear();
        _free.TrimExcess();
        _next = next;
        return moved;
    }

    public override void Remove(int slot)
    {
        _slots.Remove(_keys[slot]);
        _keys[slot] = default!;
        _free.Push(slot);
    }
}
